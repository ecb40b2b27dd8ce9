import { AriProxyError } from "../../protocol/errors.ts";
import type { Key } from "../../protocol/key.ts";
import { mint } from "../../protocol/mint.ts";
import type { AriClient } from "../ari_client.ts";
import type { RecordingFinishedEvent } from "../events/generated.ts";
import { follow, goneError } from "../follow.ts";
import { nanosOfSeconds } from "../milliseconds.ts";
import { LiveRecording } from "./live_recording.ts";

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
   * Gives up waiting for its start and end. It does not stop it.
   *
   * @default none
   */
  readonly signal?: AbortSignal;
}

/** Options of {@linkcode Bridge.record}. */
export interface BridgeRecordOptions extends RecordOptions {
  /**
   * Format of the channel that records, as in `slin16`. Proxies in Go pass it over.
   *
   * @default {"slin"}
   */
  readonly recorderFormat?: string;
}

/**
 * A recording that this client has asked for. The request is sent at once, and after the subscription
 * to the events; the name is known from the beginning.
 */
export class ActiveRecording extends LiveRecording {
  /**
   * Resolves when it has started.
   *
   * It rejects with the error of the request; with `not_found` when the channel or bridge goes before its
   * end, or its end was among events that were missed; with `no_node` when its node goes; with `failed` when Asterisk cannot record; with `closed` when the client is closed.
   */
  readonly started: Promise<void>;
  /** Resolves with the event of its end, also when it was stopped. It rejects as `started` does. */
  readonly finished: Promise<RecordingFinishedEvent>;

  /**
   * Asks for a recording.
   *
   * @param target Key of the channel or bridge.
   * @param name Its name; a new one when it is empty.
   */
  constructor(client: AriClient, target: Key, name: string, options: BridgeRecordOptions = {}) {
    const id = name || mint("rc");
    const { app, node, dialog } = target;
    const { signal } = options;
    super(client, { kind: "liverecording", id, app, node, dialog });
    const what = `record ${id}`;
    const send = async () => {
      const payload = { name: id, options: wireOptions(options) };
      const kind = target.kind === "bridge" ? "BridgeRecord" : "ChannelRecord";
      this.locate(await client.request(kind, target, payload, signal && { signal }));
    };
    const { started, finished } = follow<RecordingFinishedEvent>(client, {
      what,
      place: target,
      keys: [this.key, { kind: target.kind, id: target.id }],
      send,
      probe: () => this.data(),
      starts: (event) => event.type === "RecordingStarted" && event.recording.name === id,
      ends: (event) => {
        if (event.type === "RecordingFailed" && event.recording.name === id) {
          const cause = event.recording.cause ?? "Asterisk does not say why";
          throw new AriProxyError("failed", `Cannot ${what}: ${cause}`);
        }
        const gone = goneError(event, target, what);
        if (gone) throw gone;
        return event.type === "RecordingFinished" && event.recording.name === id
          ? event
          : undefined;
      },
      ...(signal && { signal }),
    });
    finished.catch(() => {});
    this.started = started;
    this.finished = finished;
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
