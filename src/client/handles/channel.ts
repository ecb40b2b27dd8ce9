import type { ChannelData, RtpStatistics } from "../../protocol/api/models.ts";
import type { RestOperations } from "../../protocol/api/operation_types.ts";
import type { RestVariablesToSet } from "../../protocol/api/parameter_types.ts";
import { AriProxyError } from "../../protocol/errors.ts";
import type { JsonObject } from "../../protocol/json.ts";
import { mint } from "../../protocol/mint.ts";
import { nanosOf, nanosOfSeconds } from "../milliseconds.ts";
import type { AriRequestOptions } from "../requester.ts";
import { type ChannelEnd, channelEnd, type ChannelEndOptions } from "./channel_end.ts";
import { EventfulHandle } from "./handle.ts";
import { ActivePlayback, type PlayOptions } from "./playback.ts";
import { ActiveRecording, type RecordOptions } from "./recording.ts";
import { readVariables } from "./variables.ts";

/** A direction of a channel: `in` is what its party says, `out` what its party hears. */
export type ChannelDirection = "in" | "out" | "both";

/** Options of {@linkcode Channel.continueInDialplan}. */
export interface ContinueOptions extends AriRequestOptions {
  /**
   * Dialplan context.
   *
   * @default the one that it came from
   */
  readonly context?: string;
  /**
   * Dialplan extension.
   *
   * @default the one that it came from
   */
  readonly extension?: string;
  /**
   * Dialplan priority.
   *
   * @default the one after the one that it came from
   */
  readonly priority?: number;
  /**
   * Dialplan label, instead of a priority. Proxies in Go ignore it.
   *
   * @default none
   */
  readonly label?: string;
}

/** A reason to hang up; for others see the code in {@linkcode HangupOptions}. */
export type HangupReason = NonNullable<
  RestOperations["DELETE /channels/{channelId}"]["parameters"]["reason"]
>;

/** Options of {@linkcode Channel.hangup}. */
export interface HangupOptions extends AriRequestOptions {
  /**
   * A cause of Q.850 instead of a reason, by number, as 21, or by Asterisk's name. Proxies in Go ignore
   * it.
   *
   * @default the reason
   */
  readonly code?: number | string;
}

/** The progress of a transfer that a party has requested. */
export type TransferState =
  | "channel_progress"
  | "channel_answered"
  | "channel_unavailable"
  | "channel_declined";

/** Options of the methods that set a variable. */
export interface SetVariableOptions extends AriRequestOptions {
  /**
   * Whether later events include the variable, in their channel or bridge. Proxies in Go ignore it.
   *
   * @default {false}
   */
  readonly reportEvents?: boolean;
}

/** Options of {@linkcode Channel.dial}. */
export interface DialOptions extends Omit<AriRequestOptions, "timeout"> {
  /**
   * ID of the channel that calls.
   *
   * @default none
   */
  readonly caller?: string;
  /**
   * How long to ring, in milliseconds, rounded up to whole seconds, which Asterisk counts in. It is not
   * how long to wait for the response to the request, as `timeout` is for other requests.
   *
   * @default {0} for ever
   */
  readonly timeout?: number;
}

/** Options of {@linkcode Channel.sendDtmf}, in milliseconds; Asterisk's default is used for a 0. */
export interface DtmfOptions extends AriRequestOptions {
  /** Pause before the first digit. @default {0} */
  readonly before?: number;
  /** Pause between digits. @default {100} */
  readonly between?: number;
  /** Length of a digit. @default {100} */
  readonly duration?: number;
  /** Pause after the last digit. @default {0} */
  readonly after?: number;
}

/** Options of {@linkcode Channel.snoop}. */
export interface SnoopOptions extends AriRequestOptions {
  /** ID of the snoop channel. @default a new one */
  readonly id?: string;
  /** Application that gets the snoop channel. @default that of the channel */
  readonly app?: string;
  /** Arguments for the application. @default none */
  readonly appArgs?: string;
  /** The direction to listen to. @default {"none"} */
  readonly spy?: ChannelDirection | "none";
  /** The direction to speak into. @default {"none"} */
  readonly whisper?: ChannelDirection | "none";
}

/** A channel: one party's leg of a call, or any other path of media. */
export class Channel extends EventfulHandle {
  #untilEnd: AbortSignal | undefined;

  /**
   * Waits for the end of the channel in its application: it is hung up, continues in the dialplan or moves
   * to another application. When it comes back later, or is moved to the same application, that is a new
   * call, which {@linkcode AriClient.calls} passes to one of the listeners.
   *
   * Do not depend on the event `ChannelDestroyed`: the last event of a channel from the dialplan is
   * `StasisEnd`. Only for a channel that a client has created Asterisk sends `ChannelDestroyed`, after the
   * `StasisEnd` if it had entered the application.
   *
   * ```ts no-run
   * import { connect } from "@ari-proxy/ari-proxy";
   *
   * await using client = await connect({ app: "demo" });
   * const channel = await client.channels.originate({ endpoint: "PJSIP/alice" });
   * const end = await channel.ended();
   * if (end?.type === "ChannelDestroyed") console.log("never answered:", end.cause_txt);
   * ```
   *
   * @returns The event of its end; undefined when none arrived, or it was over before, as a call may be
   * that is refused at once: for its cause subscribe before it is made, with {@linkcode Channels.prepare}.
   * @throws {AriProxyError} With the code `no_node` when its node goes, `closed` when the client is closed.
   * The promise need not be awaited: a rejection is never an unhandled one.
   */
  ended(options: ChannelEndOptions = {}): Promise<ChannelEnd | undefined> {
    const end = channelEnd(this.client, this.key, options);
    end.catch(() => {});
    return end;
  }

  /**
   * A signal that aborts at the end of the channel in its application, when {@linkcode ended} resolves,
   * for what must not last longer than the call.
   *
   * ```ts no-run
   * import { connect } from "@ari-proxy/ari-proxy";
   *
   * await using client = await connect({ app: "demo" });
   * for await (const { channel } of client.calls()) {
   *   const signal = channel.untilEnd();
   *   for await (const { digit } of channel.events({ type: "ChannelDtmfReceived", signal })) {
   *     console.log(digit);
   *   }
   *   // The caller has hung up.
   * }
   * ```
   *
   * @returns Always the same signal. Its reason is an {@linkcode AriProxyError} with the code `not_found`, or
   * what `ended` rejects with.
   */
  untilEnd(): AbortSignal {
    if (this.#untilEnd) return this.#untilEnd;
    const controller = new AbortController();
    this.ended().then(
      () =>
        controller.abort(new AriProxyError("not_found", "The channel has left the application")),
      (error) => controller.abort(error),
    );
    return this.#untilEnd = controller.signal;
  }

  /** Answers it. */
  answer(options?: AriRequestOptions): Promise<void> {
    return this.request("ChannelAnswer", undefined, options);
  }

  /**
   * Hangs it up.
   *
   * @param reason The reason that its party gets; a code in the options replaces it.
   */
  hangup(reason: HangupReason = "normal", options: HangupOptions = {}): Promise<void> {
    const { code, ...request } = options;
    return this.request("ChannelHangup", {
      reason,
      ...(code !== undefined && { reason_code: `${code}` }),
    }, request);
  }

  /** Hangs it up with the reason busy. */
  busy(options?: AriRequestOptions): Promise<void> {
    return this.request("ChannelBusy", undefined, options);
  }

  /** Hangs it up with the reason congestion. */
  congestion(options?: AriRequestOptions): Promise<void> {
    return this.request("ChannelCongestion", undefined, options);
  }

  /** Makes it leave the application and continue in the dialplan. */
  continueInDialplan(options: ContinueOptions = {}): Promise<void> {
    const { context = "", extension = "", priority = 0, label, ...request } = options;
    return this.request("ChannelContinue", {
      context,
      extension,
      priority,
      ...(label && { label }),
    }, request);
  }

  /** Moves it to another Stasis application of its node. Proxies in Go do not support it. */
  async move(app: string, appArgs = "", options?: AriRequestOptions): Promise<void> {
    const parameters = { channelId: this.id, app, ...(appArgs && { appArgs }) };
    await this.rest("POST /channels/{channelId}/move", parameters, options);
  }

  /** Redirects it to another endpoint, as SIP does with 302 and REFER. Proxies in Go do not support it. */
  async redirect(endpoint: string, options?: AriRequestOptions): Promise<void> {
    const parameters = { channelId: this.id, endpoint };
    await this.rest("POST /channels/{channelId}/redirect", parameters, options);
  }

  /**
   * Takes a call that the dialplan has offered to several applications (`CallBroadcast`) for one of
   * them. Proxies in Go do not support it.
   *
   * @param app The application; that of the handle when it is empty.
   * @throws {AriProxyError} With the code `conflict` when another one has got it.
   */
  async claim(app = "", options?: AriRequestOptions): Promise<void> {
    const application = app || this.key.app || "";
    await this.rest(
      "POST /events/claim",
      { channelId: this.id, application },
      options,
    );
  }

  /**
   * Reports the progress of a transfer to the party that has requested it, by SIP. Proxies in Go do not
   * support it.
   */
  async transferProgress(state: TransferState, options?: AriRequestOptions): Promise<void> {
    await this.rest(
      "POST /channels/{channelId}/transfer_progress",
      { channelId: this.id, states: state },
      options,
    );
  }

  /**
   * Dials a channel that was created without dialling. It resolves when Asterisk has begun to dial; the
   * events of the channel report the progress. The `timeout` of the options is how long to ring; the
   * timeout of the request is that of the client.
   */
  dial(options: DialOptions = {}): Promise<void> {
    const { caller = "", timeout = 0, ...request } = options;
    const payload = { caller, timeout: nanosOfSeconds(timeout) };
    return this.request("ChannelDial", payload, request);
  }

  /** Plays ringing to its party. */
  ring(options?: AriRequestOptions): Promise<void> {
    return this.request("ChannelRing", undefined, options);
  }

  /** Stops the ringing. */
  stopRing(options?: AriRequestOptions): Promise<void> {
    return this.request("ChannelStopRing", undefined, options);
  }

  /** Indicates progress to its party, so that early media are heard. Proxies in Go do not support it. */
  async progress(options?: AriRequestOptions): Promise<void> {
    await this.rest(
      "POST /channels/{channelId}/progress",
      { channelId: this.id },
      options,
    );
  }

  /** Puts its party on hold. */
  hold(options?: AriRequestOptions): Promise<void> {
    return this.request("ChannelHold", undefined, options);
  }

  /** Takes its party from hold. */
  stopHold(options?: AriRequestOptions): Promise<void> {
    return this.request("ChannelStopHold", undefined, options);
  }

  /** Gets its data. @throws {AriProxyError} With the code `not_found` when it has been hung up. */
  data(options?: AriRequestOptions): Promise<ChannelData> {
    return this.request("ChannelData", undefined, options);
  }

  /** Mutes it. */
  mute(direction: ChannelDirection = "both", options?: AriRequestOptions): Promise<void> {
    return this.request("ChannelMute", { direction }, options);
  }

  /** Ends the muting. */
  unmute(direction: ChannelDirection = "both", options?: AriRequestOptions): Promise<void> {
    return this.request("ChannelUnmute", { direction }, options);
  }

  /** Plays music on hold, of the class or the default one. */
  startMusicOnHold(musicClass = "", options?: AriRequestOptions): Promise<void> {
    return this.request("ChannelMOH", { music: musicClass }, options);
  }

  /** Stops the music on hold. */
  stopMusicOnHold(options?: AriRequestOptions): Promise<void> {
    return this.request("ChannelStopMOH", undefined, options);
  }

  /** Plays silence, so that media are sent all the time. */
  startSilence(options?: AriRequestOptions): Promise<void> {
    return this.request("ChannelSilence", undefined, options);
  }

  /** Stops the silence. */
  stopSilence(options?: AriRequestOptions): Promise<void> {
    return this.request("ChannelStopSilence", undefined, options);
  }

  /** Sends DTMF to its party. @param digits `0` to `9`, `A` to `D`, `*`, `#` */
  sendDtmf(digits: string, options: DtmfOptions = {}): Promise<void> {
    const { before = 0, between = 0, duration = 0, after = 0, ...request } = options;
    return this.request("ChannelSendDTMF", {
      dtmf: digits,
      options: {
        Before: nanosOf(before),
        Between: nanosOf(between),
        Duration: nanosOf(duration),
        After: nanosOf(after),
      },
    }, request);
  }

  /**
   * Plays media to its party. It returns at once; the playback reports its progress.
   *
   * ```ts no-run
   * import { connect } from "@ari-proxy/ari-proxy";
   *
   * await using client = await connect({ app: "demo" });
   * const playback = client.channels.handle("1700000000.1").play("sound:hello-world");
   * await playback.started;
   * await playback.stop();
   * ```
   *
   * @param media What to play: `sound:hello-world`, `recording:NAME`, `digits:123`, `tone:ring` …; several
   * are played one after the other; proxies in Go play only the first.
   */
  play(media: string | readonly string[], options: PlayOptions = {}): ActivePlayback {
    return new ActivePlayback(this.client, this.key, media, options);
  }

  /**
   * Records what its party says. It returns at once; the recording reports its progress.
   *
   * ```ts no-run
   * import { connect } from "@ari-proxy/ari-proxy";
   *
   * await using client = await connect({ app: "demo" });
   * const channel = client.channels.handle("1700000000.1");
   * const recording = channel.record("greeting", { maxDuration: 10_000, terminateOn: "#" });
   * const { recording: { duration } } = await recording.finished;
   * console.log(duration, (await recording.stored.data()).format);
   * ```
   *
   * @param name Name of the recording; a new one when it is empty.
   */
  record(name = "", options: RecordOptions = {}): ActiveRecording {
    return new ActiveRecording(this.client, this.key, name, options);
  }

  /** Creates a channel that listens to this one or speaks into it. */
  async snoop(options: SnoopOptions = {}): Promise<Channel> {
    const { id = mint("sn"), app = this.key.app ?? "", appArgs, spy, whisper, ...request } =
      options;
    const key = await this.request("ChannelSnoop", {
      snoop_id: id,
      options: {
        app,
        ...(appArgs && { appArgs }),
        ...(spy && { spy }),
        ...(whisper && { whisper }),
      },
    }, request);
    return new Channel(this.client, key);
  }

  /** Gets the statistics of its RTP streams. Proxies in Go do not support it. @throws {AriProxyError} With the code `not_found` when it has none. */
  rtpStatistics(options?: AriRequestOptions): Promise<RtpStatistics> {
    return this.rest("GET /channels/{channelId}/rtp_statistics", { channelId: this.id }, options);
  }

  /**
   * Reads a variable or function, as `CALLERID(num)`.
   *
   * @throws {AriProxyError} With the code `not_found` when there is no such variable.
   */
  variable(name: string, options?: AriRequestOptions): Promise<string> {
    return this.request("ChannelVariableGet", { name }, options);
  }

  /** Sets a variable or function. */
  setVariable(name: string, value: string, options: SetVariableOptions = {}): Promise<void> {
    const { reportEvents, ...request } = options;
    return this.request("ChannelVariableSet", {
      name,
      value,
      ...(reportEvents !== undefined && { report_events: reportEvents }),
    }, request);
  }

  /**
   * Reads several variables or functions at once, without those that are not set: when one is not set, it
   * reads them one by one. Proxies in Go do not support it.
   *
   * @throws {AriProxyError} With the code `not_found` when it has been hung up.
   */
  variables(
    names: readonly string[],
    options?: AriRequestOptions,
  ): Promise<Readonly<Record<string, string>>> {
    return readVariables(names, {
      several: () =>
        this.rest(
          "GET /channels/{channelId}/variables",
          { channelId: this.id, variables: names },
          options,
        ),
      one: (name) => this.variable(name, options),
      owner: () => this.data(options),
    });
  }

  /** Sets several variables or functions at once. Proxies in Go do not support it. */
  async setVariables(variables: RestVariablesToSet, options?: AriRequestOptions): Promise<void> {
    await this.rest(
      "POST /channels/{channelId}/variables",
      { channelId: this.id, variables },
      options,
    );
  }

  /** Sends a user event about it to all subscribers of its application. */
  userEvent(
    name: string,
    variables: JsonObject = {},
    options?: AriRequestOptions,
  ): Promise<void> {
    return this.request("ChannelUserEvent", {
      UserEvent: { eventname: name, userevent: variables },
    }, options);
  }

  /** Binds it to the dialog of its key; without a dialog it has no effect. */
  subscribe(options?: AriRequestOptions): Promise<void> {
    return this.request("ChannelSubscribe", undefined, options);
  }
}
