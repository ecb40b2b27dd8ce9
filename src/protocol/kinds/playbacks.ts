import type { PlaybackData } from "../api/models.ts";
import { bindsFirst, type ReplyData, type ReplyKey, type ReplyOk, type Rows } from "./columns.ts";
import { command, detail } from "./shared_rows.ts";

/** The kinds about playbacks. */
export interface PlaybackKinds {
  /** Reads a playback. */
  PlaybackData: ReplyData<PlaybackData>;
  /** Checks that a playback exists. */
  PlaybackGet: ReplyKey;
  /** Controls a playback. */
  PlaybackControl: ReplyOk<{
    /** `restart`, `pause`, `unpause`, `reverse` or `forward`. */
    readonly command: string;
  }>;
  /** Stops a playback. */
  PlaybackStop: ReplyOk;
  /** Binds a playback to the dialog of the key. */
  PlaybackSubscribe: ReplyOk;
}

export const playbackRows: Rows<PlaybackKinds> = {
  PlaybackData: { ...detail("playback", "GET /playbacks/{playbackId}"), reply: "data" },
  PlaybackGet: { ...detail("playback", "GET /playbacks/{playbackId}"), reply: "key", class: "get" },
  PlaybackControl: {
    ...command("playback", "POST /playbacks/{playbackId}/control"),
    payload: { member: "playback_control", shape: { command: "string" } },
    body: { operation: "command" },
  },
  PlaybackStop: command("playback", "DELETE /playbacks/{playbackId}"),
  PlaybackSubscribe: {
    class: "command",
    reply: "ok",
    entity: "playback",
    binds: bindsFirst("playback"),
  },
};
