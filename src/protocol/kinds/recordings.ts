import type { LiveRecordingData, StoredRecordingData } from "../api/models.ts";
import { invalid } from "../errors.ts";
import {
  bindsFirst,
  type ReplyData,
  type ReplyKey,
  type ReplyKeys,
  type ReplyOk,
  type Rows,
} from "./columns.ts";
import { command, detail, list } from "./shared_rows.ts";

/** Most bytes of a chunk: in Base64 they fit into the megabyte that NATS allows by default. */
export const longestChunk: number = 512 * 1024;

/** A request for a chunk of a file. The whole is read chunk by chunk. */
export interface FileChunkPayload {
  /** Where the chunk begins, in bytes. @default {0} */
  readonly offset?: number;
  /** How long it may be, in bytes; the proxy may send less. @default {524_288} */
  readonly length?: number;
  /**
   * SHA-256 of all bytes before the offset, in hexadecimal digits. A file that does not begin so is not
   * the one that was begun with, and refused.
   *
   * @default what precedes the chunk is not compared
   */
  readonly before?: string;
}

/** A chunk of a file. */
export interface FileChunkData {
  /** Where it begins, in bytes. */
  readonly offset: number;
  /** Bytes of the whole file. */
  readonly size: number;
  /** Content type, as Asterisk sends it; empty when it does not. */
  readonly content_type: string;
  /** The bytes in Base64; empty for none, at the end of the file only. */
  readonly content: string;
  /** With the last chunk: SHA-256 of the whole file, in hexadecimal digits. */
  readonly sha256?: string;
}

/** The kinds about live and stored recordings. */
export interface RecordingKinds {
  /** Reads a live recording. */
  RecordingLiveData: ReplyData<LiveRecordingData>;
  /** Checks that a live recording exists. */
  RecordingLiveGet: ReplyKey;
  /** Stops a live recording and keeps it. */
  RecordingLiveStop: ReplyOk;
  /** Pauses a live recording. */
  RecordingLivePause: ReplyOk;
  /** Resumes a live recording. */
  RecordingLiveResume: ReplyOk;
  /** Mutes a live recording. */
  RecordingLiveMute: ReplyOk;
  /** Unmutes a live recording. */
  RecordingLiveUnmute: ReplyOk;
  /** Stops a live recording and discards it. */
  RecordingLiveScrap: ReplyOk;
  /** Binds a live recording to the dialog of the key. */
  RecordingLiveSubscribe: ReplyOk;
  /** Lists the stored recordings. */
  RecordingStoredList: ReplyKeys;
  /** Reads a stored recording. */
  RecordingStoredData: ReplyData<StoredRecordingData>;
  /** Checks that a stored recording exists. */
  RecordingStoredGet: ReplyKey;
  /** Copies a stored recording. */
  RecordingStoredCopy: ReplyKey<{ readonly destination: string }>;
  /** Reads a chunk of the file of a stored recording. Proxies of the original do not have it. */
  RecordingStoredFile: ReplyData<FileChunkData, FileChunkPayload>;
  /** Deletes a stored recording. */
  RecordingStoredDelete: ReplyOk;
}

export const recordingRows: Rows<RecordingKinds> = {
  RecordingLiveData: {
    ...detail("liverecording", "GET /recordings/live/{recordingName}"),
    reply: "data",
  },
  RecordingLiveGet: {
    ...detail("liverecording", "GET /recordings/live/{recordingName}"),
    reply: "key",
    class: "get",
  },
  RecordingLiveStop: command("liverecording", "POST /recordings/live/{recordingName}/stop"),
  RecordingLivePause: command("liverecording", "POST /recordings/live/{recordingName}/pause"),
  RecordingLiveResume: command("liverecording", "DELETE /recordings/live/{recordingName}/pause"),
  RecordingLiveMute: command("liverecording", "POST /recordings/live/{recordingName}/mute"),
  RecordingLiveUnmute: command("liverecording", "DELETE /recordings/live/{recordingName}/mute"),
  RecordingLiveScrap: command("liverecording", "DELETE /recordings/live/{recordingName}"),
  RecordingLiveSubscribe: {
    class: "command",
    reply: "ok",
    entity: "liverecording",
    binds: bindsFirst("liverecording"),
  },
  RecordingStoredList: list("storedrecording", "GET /recordings/stored"),
  RecordingStoredData: {
    ...detail("storedrecording", "GET /recordings/stored/{recordingName}"),
    reply: "data",
  },
  RecordingStoredGet: {
    ...detail("storedrecording", "GET /recordings/stored/{recordingName}"),
    reply: "key",
    class: "get",
  },
  RecordingStoredCopy: {
    class: "command",
    reply: "key",
    entity: "storedrecording",
    payload: { member: "recording_stored_copy", shape: { destination: "string" } },
    call: "POST /recordings/stored/{recordingName}/copy",
    body: { destinationRecordingName: "destination" },
    made: "destination",
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
    call: "GET /recordings/stored/{recordingName}/file",
    chunk: ({ payload }) => {
      const { offset = 0, length = 0, before = "" } = payload ?? {};
      if (offset < 0 || length < 0) {
        throw invalid("Malformed request: offset and length must not be negative");
      }
      return { offset, length, before };
    },
  },
  RecordingStoredDelete: command("storedrecording", "DELETE /recordings/stored/{recordingName}"),
};
