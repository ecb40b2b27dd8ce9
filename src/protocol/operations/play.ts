import type { EntityRef } from "../entities.ts";
import type { PlayPayload } from "../kinds.ts";
import type { MintKind } from "../mint.ts";
import { type Input, ref } from "../operation.ts";
import type { Parameters } from "../route.ts";

const shape = { playback_id: "string", media_uri: "string" } as const;

/** Columns of the kinds that play, and stage a playback, to a bridge or a channel. */
export function plays<A extends "bridge" | "channel">(about: A): {
  entity: "playback";
  about: A;
  reply: "key";
  payload: { member: string; shape: typeof shape };
  complete: (
    input: Input<PlayPayload>,
    mint: (kind: MintKind) => string,
  ) => { payload: PlayPayload };
  made: (input: Input<PlayPayload>) => string;
} {
  return {
    entity: "playback",
    about,
    reply: "key",
    payload: { member: `${about}_play`, shape },
    complete: ({ payload }, mint) => ({
      payload: { ...payload, playback_id: payload.playback_id || mint("pb") },
    }),
    made: ({ payload }) => payload.playback_id,
  };
}

/** What these kinds bind: what is played to, and the playback. */
export function playEntities(
  about: "bridge" | "channel",
): (input: Input<PlayPayload>) => readonly EntityRef[] {
  return ({ id, payload }) => [ref(about, id), ref("playback", payload.playback_id)];
}

/** Body of the calls that play. */
export function playBody({ payload }: Input<PlayPayload>): Parameters {
  return { media: payload.media_uri };
}
