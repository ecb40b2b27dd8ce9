import { invalid } from "../errors.ts";
import { bindsFirst, type Rows } from "../operation.ts";
import { command, detail, list } from "./rows.ts";

/** Kinds about playbacks. */
export const playbackRows: Rows<"Playback"> = {
  PlaybackData: { ...detail("playback", "GET /playbacks/{id}"), reply: "data" },
  PlaybackGet: { ...detail("playback", "GET /playbacks/{id}"), reply: "key", class: "get" },
  PlaybackControl: {
    ...command("playback", "POST /playbacks/{id}/control"),
    payload: { member: "playback_control", shape: { command: "string" } },
    body: ({ payload }) => ({ operation: payload.command }),
  },
  PlaybackStop: command("playback", "DELETE /playbacks/{id}"),
  PlaybackSubscribe: {
    class: "command",
    reply: "ok",
    entity: "playback",
    binds: bindsFirst("playback"),
  },
};

/** Kinds about live and stored recordings. */
export const recordingRows: Rows<"Recording"> = {
  RecordingLiveData: { ...detail("liverecording", "GET /recordings/live/{id}"), reply: "data" },
  RecordingLiveGet: {
    ...detail("liverecording", "GET /recordings/live/{id}"),
    reply: "key",
    class: "get",
  },
  RecordingLiveStop: command("liverecording", "POST /recordings/live/{id}/stop"),
  RecordingLivePause: command("liverecording", "POST /recordings/live/{id}/pause"),
  RecordingLiveResume: command("liverecording", "DELETE /recordings/live/{id}/pause"),
  RecordingLiveMute: command("liverecording", "POST /recordings/live/{id}/mute"),
  RecordingLiveUnmute: command("liverecording", "DELETE /recordings/live/{id}/mute"),
  RecordingLiveScrap: command("liverecording", "DELETE /recordings/live/{id}"),
  RecordingLiveSubscribe: {
    class: "command",
    reply: "ok",
    entity: "liverecording",
    binds: bindsFirst("liverecording"),
  },
  RecordingStoredList: list("storedrecording", "GET /recordings/stored"),
  RecordingStoredData: {
    ...detail("storedrecording", "GET /recordings/stored/{id}"),
    reply: "data",
  },
  RecordingStoredGet: {
    ...detail("storedrecording", "GET /recordings/stored/{id}"),
    reply: "key",
    class: "get",
  },
  RecordingStoredCopy: {
    class: "command",
    reply: "key",
    entity: "storedrecording",
    payload: { member: "recording_stored_copy", shape: { destination: "string" } },
    call: "POST /recordings/stored/{id}/copy",
    body: ({ payload }) => ({ destinationRecordingName: payload.destination }),
    made: ({ payload }) => payload.destination,
  },
  RecordingStoredFile: {
    class: "data",
    reply: "data",
    entity: "storedrecording",
    payload: {
      member: "recording_stored_file",
      optional: true,
      shape: { offset: "integer?", length: "integer?", before: "string?" },
    },
    call: "GET /recordings/stored/{id}/file",
    piece: ({ payload }) => {
      const { offset = 0, length = 0, before = "" } = payload ?? {};
      if (offset < 0 || length < 0) {
        throw invalid("Malformed request: offset and length must not be negative");
      }
      return { offset, length, before };
    },
  },
  RecordingStoredDelete: command("storedrecording", "DELETE /recordings/stored/{id}"),
};

/** Kinds about sounds. */
export const soundRows: Rows<"Sound"> = {
  SoundList: {
    ...list("sound", "GET /sounds"),
    payload: {
      member: "sound_list",
      optional: true,
      shape: {
        filters: { optional: true, object: { lang: "string?", format: "string?" } },
      },
    },
    query: ({ payload }) => ({
      format: payload?.filters?.format || undefined,
      lang: payload?.filters?.lang || undefined,
    }),
    filtered: true,
  },
  SoundData: { ...detail("sound", "GET /sounds/{id}"), reply: "data" },
};
