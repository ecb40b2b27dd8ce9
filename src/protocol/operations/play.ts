import type { PlayPayload } from "../kinds.ts";
import type { Input } from "../operation.ts";
import type { Parameters } from "../route.ts";
import type { MintKind } from "../mint.ts";

/** Shape of {@linkcode PlayPayload}. */
export const playShape = { playback_id: "string", media_uri: "string" } as const;

/** Gives a playback an ID when the caller left it to the proxy. */
export function mintPlayback(
  { payload }: Input<PlayPayload>,
  mint: (kind: MintKind) => string,
): { payload: PlayPayload } {
  return { payload: { ...payload, playback_id: payload.playback_id || mint("pb") } };
}

/** Body of the calls that play. */
export function playBody({ payload }: Input<PlayPayload>): Parameters {
  return { media: payload.media_uri };
}
