import type { LiveRecordingData, StoredRecordingData } from "../../protocol/api/models.ts";
import type { RecordingFinishedEvent } from "../../protocol/api/known_events.ts";
import { AriProxyError } from "../../protocol/errors.ts";
import type { Key } from "../../protocol/key.ts";
import { mint } from "../../protocol/mint.ts";
import type { ClusterClient } from "../cluster.ts";
import { eventTime } from "../events/gap_notice.ts";
import { follow } from "../follow.ts";
import { nanosOfSeconds } from "../milliseconds.ts";
import type { AriRequestOptions } from "../requester.ts";
import { EventfulHandle, Handle } from "./handle.ts";
import { RecordingFile, type RecordingFileOptions } from "./recording_file.ts";

/** A recording in progress; its ID is its name. It exists until it has ended. */
export class LiveRecording extends EventfulHandle {
  /** The recording that it becomes when it has ended. */
  get stored(): StoredRecording {
    return new StoredRecording(this.client, { ...this.key, kind: "storedrecording" });
  }

  /** Gets its data. @throws {AriProxyError} With the code `not_found` when it has ended. */
  data(options?: AriRequestOptions): Promise<LiveRecordingData> {
    return this.request("RecordingLiveData", undefined, options);
  }

  /** Ends it and keeps what was recorded. */
  stop(options?: AriRequestOptions): Promise<void> {
    return this.request("RecordingLiveStop", undefined, options);
  }

  /** Ends it and discards what was recorded. */
  scrap(options?: AriRequestOptions): Promise<void> {
    return this.request("RecordingLiveScrap", undefined, options);
  }

  /** Pauses it; what is heard in the meantime is left out. */
  pause(options?: AriRequestOptions): Promise<void> {
    return this.request("RecordingLivePause", undefined, options);
  }

  /** Continues after a pause. */
  resume(options?: AriRequestOptions): Promise<void> {
    return this.request("RecordingLiveResume", undefined, options);
  }

  /** Records silence until it is unmuted. */
  mute(options?: AriRequestOptions): Promise<void> {
    return this.request("RecordingLiveMute", undefined, options);
  }

  /** Ends the muting. */
  unmute(options?: AriRequestOptions): Promise<void> {
    return this.request("RecordingLiveUnmute", undefined, options);
  }

  /** Binds it to the dialog of its key; without a dialog it has no effect. */
  subscribe(options?: AriRequestOptions): Promise<void> {
    return this.request("RecordingLiveSubscribe", undefined, options);
  }
}

/** A recording that has ended and is kept on its node; its ID is its name. */
export class StoredRecording extends Handle {
  /** Gets its data. @throws {AriProxyError} With the code `not_found`. */
  data(options?: AriRequestOptions): Promise<StoredRecordingData> {
    return this.request("RecordingStoredData", undefined, options);
  }

  /** Copies it under another name. @throws {AriProxyError} With the code `conflict` when that is taken. */
  async copy(destination: string, options?: AriRequestOptions): Promise<StoredRecording> {
    const key = await this.request("RecordingStoredCopy", { destination }, options);
    return new StoredRecording(this.client, key);
  }

  /** Its file, which is not requested before it is read. Proxies in Go do not support it. */
  file(options?: RecordingFileOptions): RecordingFile {
    return new RecordingFile(this.client, this.key, options);
  }

  /** Deletes it. */
  delete(options?: AriRequestOptions): Promise<void> {
    return this.request("RecordingStoredDelete", undefined, options);
  }
}

/** Options of `record`. */
export interface RecordOptions {
  /**
   * Format, which is also the ending of the file.
   *
   * @default {"wav"}
   */
  readonly format?: string;
  /**
   * Longest duration, in milliseconds, rounded up to whole seconds, which Asterisk counts in.
   *
   * @default {0} no limit
   */
  readonly maxDuration?: number;
  /**
   * Silence that ends it, in milliseconds, rounded up to whole seconds, which Asterisk counts in.
   *
   * @default {0} no limit
   */
  readonly maxSilence?: number;
  /**
   * What to do when there is one of that name.
   *
   * @default {"fail"}
   */
  readonly ifExists?: "fail" | "overwrite" | "append";
  /**
   * Whether to beep first.
   *
   * @default {false}
   */
  readonly beep?: boolean;
  /**
   * DTMF that ends it.
   *
   * @default {"none"}
   */
  readonly terminateOn?: "none" | "any" | "*" | "#";
  /**
   * Aborts the waiting for its start and end. It does not stop it.
   *
   * @default none
   */
  readonly signal?: AbortSignal;
}

/** Options of {@linkcode Bridge.record}. */
export interface BridgeRecordOptions extends RecordOptions {
  /**
   * Format of the channel that records, as in `slin16`. Proxies in Go ignore it.
   *
   * @default {"slin"}
   */
  readonly recorderFormat?: string;
}

/**
 * A recording that this client has started. The request is sent after the subscription to the events,
 * and after the responses to those that the client has sent before to play to or record the same channel
 * or bridge, so that they keep their order. The name is known from the beginning.
 */
export class ActiveRecording extends LiveRecording {
  /** Resolves when Asterisk has accepted the request. It rejects with the error of the request. */
  readonly accepted: Promise<void>;
  /**
   * Resolves when it has started.
   *
   * It rejects with the error of the request; with `not_found` when it is over, no event reported its result and
   * nothing of it was kept; with `no_node` when its node goes; with `failed` when Asterisk cannot record;
   * with `closed` when the client is closed.
   */
  readonly started: Promise<void>;
  /**
   * Resolves with the event of its end, also when it was stopped, or its channel hung up or its bridge
   * destroyed. It rejects as `started` does.
   *
   * Asterisk does not always report the end when a bridge is destroyed, and an event can get lost: the
   * client checks at intervals whether it is still there. If the recording was kept, the event is made of
   * its data, without a duration.
   */
  readonly finished: Promise<RecordingFinishedEvent>;

  /**
   * Starts a recording.
   *
   * @param target Key of the channel or bridge.
   * @param name Its name; a new one when it is empty.
   */
  constructor(client: ClusterClient, target: Key, name: string, options: BridgeRecordOptions = {}) {
    const id = name || mint("rc");
    const { app, node, dialog } = target;
    const { signal } = options;
    super(client, { kind: "liverecording", id, app, node, dialog });
    const send = async () => {
      const payload = { name: id, options: wireOptions(options) };
      const kind = target.kind === "bridge" ? "BridgeRecord" : "ChannelRecord";
      this.locate(await client.request(kind, target, payload, signal && { signal }));
    };
    const { accepted, started, finished } = follow<RecordingFinishedEvent>(client, {
      what: `record ${id}`,
      target,
      made: () => this.key,
      send,
      starts: (event) => event.type === "RecordingStarted" && event.recording.name === id,
      ends: (event) =>
        event.type === "RecordingFinished" && event.recording.name === id ? event : undefined,
      fails: (event) =>
        event.type === "RecordingFailed" && event.recording.name === id
          ? event.recording.cause ?? "Asterisk does not say why"
          : undefined,
      look: () => this.data(),
      // There may have been one of that name before.
      remains: (begun) =>
        begun || (options.ifExists ?? "fail") === "fail"
          ? this.#remains(target)
          : Promise.resolve(undefined),
      endsWithTarget: false,
      ...(signal && { signal }),
    });
    finished.catch(() => {});
    this.accepted = accepted;
    this.started = started;
    this.finished = finished;
  }

  /** The event of the end, made of the data of the stored recording; undefined when there is none. */
  async #remains({ kind, id }: Key): Promise<RecordingFinishedEvent | undefined> {
    try {
      const { name, format } = await this.stored.data();
      const { app = "", node } = this.key;
      return {
        type: "RecordingFinished",
        application: app,
        timestamp: eventTime(),
        ...(node && { asterisk_id: node }),
        recording: { name, format, state: "done", target_uri: `${kind}:${id}` },
      };
    } catch (error) {
      if (error instanceof AriProxyError && error.code === "not_found") return undefined;
      throw error;
    }
  }
}

function wireOptions(options: BridgeRecordOptions) {
  return {
    Format: options.format ?? "wav",
    MaxDuration: nanosOfSeconds(options.maxDuration ?? 0),
    MaxSilence: nanosOfSeconds(options.maxSilence ?? 0),
    Exists: options.ifExists ?? "fail",
    Beep: options.beep ?? false,
    Terminate: options.terminateOn ?? "none",
    ...(options.recorderFormat && { RecorderFormat: options.recorderFormat }),
  };
}
