import type { EntityRef } from "../entity.ts";
import type { PlayPayload } from "../kinds.ts";
import type { MintKind } from "../mint.ts";
import { type Input, ref } from "../operation.ts";
import type { Parameters } from "../route.ts";
import { oneOrMany } from "./rows.ts";

/** Members of the payload of the kinds that play. */
export const playShape = {
  playback_id: "string",
  media_uri: "string",
  further_media: "texts?",
  lang: "string?",
  offsetms: "integer?",
  skipms: "integer?",
} as const;

/** Those of them that proxies of the original do not know. */
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
  made: (input: Input<PlayPayload>) => string;
} {
  return {
    entity: "playback",
    about,
    reply: "key",
    payload: { member: `${about}_play`, shape: playShape, ours: playOurs },
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
  const { media_uri: first, further_media: further = [], lang, offsetms, skipms } = payload;
  return {
    media: oneOrMany([first, ...further]),
    lang: lang || undefined,
    offsetms: offsetms || undefined,
    skipms: skipms || undefined,
  };
}
