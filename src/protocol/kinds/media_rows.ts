/**
 * What the kinds that play to, and record, bridges and channels have in common.
 *
 * @module
 */
import type { EntityRef } from "../entity.ts";
import type { MintKind } from "../mint.ts";
import { type Column, filled, type Input, list, or, ref, seconds } from "./columns.ts";

/** What to play. */
export interface PlayPayload {
  /** ID for the playback; chosen by the proxy when empty. */
  readonly playback_id: string;
  /** What to play, as in `sound:hello-world`. */
  readonly media_uri: string;
  /** What to play after it, one after the other. Proxies of the original ignore it. */
  readonly further_media?: readonly string[];
  /** Language of sounds, as in `en`. Proxies of the original ignore it. */
  readonly lang?: string;
  /** Where in the first media to begin, in milliseconds. Proxies of the original ignore it. */
  readonly offsetms?: number;
  /** How far forward and back go, in milliseconds. Proxies of the original ignore it. */
  readonly skipms?: number;
}

/** What to record. */
export interface RecordPayload {
  /** Name of the recording; chosen by the proxy when empty. */
  readonly name: string;
  /** How to record; capitals as on the bus. */
  readonly options?: {
    /** Format, as in `wav`. */
    readonly Format: string;
    /** Longest duration in nanoseconds; 0 is no limit. */
    readonly MaxDuration: number;
    /** Longest silence in nanoseconds; 0 is no limit. */
    readonly MaxSilence: number;
    /** What to do when it exists already: `fail`, `overwrite`, `append`. */
    readonly Exists: string;
    /** Whether to beep first. */
    readonly Beep: boolean;
    /** DTMF that ends it: `none`, `any`, `*`, `#`. */
    readonly Terminate: string;
  };
}

/** Members of the payload of the kinds that play. */
export const playShape = {
  playback_id: "string",
  media_uri: "string",
  further_media: "texts?",
  lang: "string?",
  offsetms: "integer?",
  skipms: "integer?",
} as const;

/** Those of them that proxies of the original ignore. */
export const playOurs = ["further_media", "lang", "offsetms", "skipms"] as const;

/** Columns of the kinds that play, and stage a playback, to a bridge or a channel. */
export function plays<A extends "bridge" | "channel">(about: A): {
  entity: "playback";
  about: A;
  reply: "key";
  payload: { member: string; shape: typeof playShape; ours: typeof playOurs };
  complete: <P extends PlayPayload>(
    input: Input<P>,
    mint: (kind: MintKind) => string,
  ) => { payload: P };
  made: "playback_id";
} {
  return {
    entity: "playback",
    about,
    reply: "key",
    payload: { member: `${about}_play`, shape: playShape, ours: playOurs },
    complete: ({ payload }, mint) => ({
      payload: { ...payload, playback_id: payload.playback_id || mint("pb") },
    }),
    made: "playback_id",
  };
}

/** What these kinds bind: what is played to, and the playback. */
export function playEntities(
  about: "bridge" | "channel",
): (input: Input<PlayPayload>) => readonly EntityRef[] {
  return ({ id, payload }) => [ref(about, id), ref("playback", payload.playback_id)];
}

/** Body of the calls that play. */
export const playBody = {
  media: list("media_uri", "further_media"),
  lang: filled("lang"),
  offsetms: filled("offsetms"),
  skipms: filled("skipms"),
} as const satisfies Record<string, Column<keyof PlayPayload>>;

/** Members of the payload of the kinds that record. */
export const recordShape = {
  name: "string",
  options: {
    optional: true,
    object: {
      Format: "string",
      MaxDuration: "nanoseconds",
      MaxSilence: "nanoseconds",
      Exists: "string",
      Beep: "boolean",
      Terminate: "string",
    },
  },
} as const;

/** Columns of the kinds that record, and stage a recording of, a bridge or a channel. */
export function records<A extends "bridge" | "channel">(about: A): {
  entity: "liverecording";
  about: A;
  reply: "key";
  payload: { member: string; shape: typeof recordShape };
  complete: <P extends RecordPayload>(
    input: Input<P>,
    mint: (kind: MintKind) => string,
  ) => { payload: P };
  made: "name";
} {
  return {
    entity: "liverecording",
    about,
    reply: "key",
    payload: { member: `${about}_record`, shape: recordShape },
    complete: ({ payload }, mint) => ({
      payload: { ...payload, name: payload.name || mint("rc") },
    }),
    made: "name",
  };
}

/** What these kinds bind: what is recorded, and the recording. */
export function recordEntities(
  about: "bridge" | "channel",
): (input: Input<RecordPayload>) => readonly EntityRef[] {
  return ({ id, payload }) => [ref(about, id), ref("liverecording", payload.name)];
}

/** Body of the calls that record. Absent options count as empty ones. */
export const recordBody = {
  name: "name",
  format: or("options.Format", ""),
  maxDurationSeconds: seconds("options.MaxDuration"),
  maxSilenceSeconds: seconds("options.MaxSilence"),
  ifExists: filled("options.Exists"),
  beep: or("options.Beep", false),
  terminateOn: filled("options.Terminate"),
} as const;
