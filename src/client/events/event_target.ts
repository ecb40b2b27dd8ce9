import type { EntityRef } from "../../protocol/entity.ts";
import { isObject, type JsonObject } from "../../protocol/json.ts";

/**
 * The channel or bridge that an event of a playback or recording is about besides, which its
 * `target_uri` names; undefined for other events.
 */
export function eventTarget({ playback, recording }: JsonObject): EntityRef | undefined {
  const made = isObject(playback) ? playback : recording;
  const uri = isObject(made) ? made.target_uri : undefined;
  const [, kind, id] = typeof uri === "string" ? /^(channel|bridge):(.+)$/s.exec(uri) ?? [] : [];
  return kind === "channel" || kind === "bridge" ? { kind, id } : undefined;
}
