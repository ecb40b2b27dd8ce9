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

/** Which direction of a channel: `in` is what its party says, `out` what its party hears. */
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
   * @default the one after that which it came from
   */
  readonly priority?: number;
  /**
   * Dialplan label, instead of a priority. Proxies in Go pass it over.
   *
   * @default none
   */
  readonly label?: string;
}

/** A reason to hang up; for all others there is the code in {@linkcode HangupOptions}. */
export type HangupReason = NonNullable<
  RestOperations["DELETE /channels/{channelId}"]["parameters"]["reason"]
>;

/** Options of {@linkcode Channel.hangup}. */
export interface HangupOptions extends AriRequestOptions {
  /**
   * A cause of Q.850 instead of a reason, by number, as 21, or by Asterisk's name. Proxies in Go pass it
   * over.
   *
   * @default the reason
   */
  readonly code?: number | string;
}

/** How a transfer that a party has asked for goes on. */
export type TransferState =
  | "channel_progress"
  | "channel_answered"
  | "channel_unavailable"
  | "channel_declined";

/** Options of the methods that set a variable. */
export interface SetVariableOptions extends AriRequestOptions {
  /**
   * Whether later events tell it, as a variable of their channel or bridge. Proxies in Go pass it over.
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
   * how long to wait for the answer to the request, as `timeout` is of other requests.
   *
   * @default {0} for ever
   */
  readonly timeout?: number;
}

/** Options of {@linkcode Channel.sendDtmf}, in milliseconds; Asterisk's defaults hold for those that are 0. */
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
  /** What to hear. @default {"none"} */
  readonly spy?: ChannelDirection | "none";
  /** Where to speak. @default {"none"} */
  readonly whisper?: ChannelDirection | "none";
}

/** A channel: one party's half of a call, or any other path of media. */
export class Channel extends EventfulHandle {
  #untilEnd: AbortSignal | undefined;

  /**
   * Waits for the end of the channel in its application: it is hung up, goes on in the dialplan or moves
   * to another application. Where it comes back later, or is moved to the same application, that is a new
   * call, which {@linkcode AriClient.calls} gives to one who listens.
   *
   * Do not count on the event `ChannelDestroyed`: of a channel that came from the dialplan the last one
   * that an application gets is `StasisEnd`. Only a channel that a client has made is told to be destroyed,
   * after the `StasisEnd` if it came as far as that.
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
   * @returns The event of its end; undefined when no event told, or it was over before, as a call may be
   * that is refused at once: for its cause listen before it is made, with {@linkcode Channels.prepare}.
   * @throws {AriProxyError} With the code `no_node` when its node goes, `closed` when the client is closed.
   * Nobody has to look at it: what is rejected and not looked at is no unhandled rejection.
   */
  ended(options: ChannelEndOptions = {}): Promise<ChannelEnd | undefined> {
    const end = channelEnd(this.client, this.key, options);
    end.catch(() => {});
    return end;
  }

  /**
   * A signal that aborts at the end of the channel in its application, as {@linkcode ended} tells it, for
   * what shall not go on longer than the call.
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
   * @param reason What its party is told; a code in the options counts instead.
   */
  hangup(reason: HangupReason = "normal", options: HangupOptions = {}): Promise<void> {
    const { code, ...request } = options;
    return this.request("ChannelHangup", {
      reason,
      ...(code !== undefined && { reason_code: `${code}` }),
    }, request);
  }

  /** Hangs it up as busy. */
  busy(options?: AriRequestOptions): Promise<void> {
    return this.request("ChannelBusy", undefined, options);
  }

  /** Hangs it up as congested. */
  congestion(options?: AriRequestOptions): Promise<void> {
    return this.request("ChannelCongestion", undefined, options);
  }

  /** Lets it leave the application and go on in the dialplan. */
  continueInDialplan(options: ContinueOptions = {}): Promise<void> {
    const { context = "", extension = "", priority = 0, label, ...request } = options;
    return this.request("ChannelContinue", {
      context,
      extension,
      priority,
      ...(label && { label }),
    }, request);
  }

  /** Moves it to another Stasis application of its node. Proxies in Go do not know how. */
  async move(app: string, appArgs = "", options?: AriRequestOptions): Promise<void> {
    const parameters = { channelId: this.id, app, ...(appArgs && { appArgs }) };
    await this.rest("POST /channels/{channelId}/move", parameters, options);
  }

  /** Redirects it to another endpoint, as SIP does with 302 and REFER. Proxies in Go do not know how. */
  async redirect(endpoint: string, options?: AriRequestOptions): Promise<void> {
    const parameters = { channelId: this.id, endpoint };
    await this.rest("POST /channels/{channelId}/redirect", parameters, options);
  }

  /**
   * Takes a call that the dialplan has offered to several applications (`CallBroadcast`) for one of
   * them. Proxies in Go do not know how.
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
   * Tells the party that has asked for a transfer, by SIP, how it goes on. Proxies in Go do not know
   * how.
   */
  async transferProgress(state: TransferState, options?: AriRequestOptions): Promise<void> {
    await this.rest(
      "POST /channels/{channelId}/transfer_progress",
      { channelId: this.id, states: state },
      options,
    );
  }

  /**
   * Dials a channel that was created without. It resolves when Asterisk has begun to dial; the events of
   * the channel tell how that goes on. The `timeout` of the options is how long to ring; the answer to the
   * request is waited for as long as the client waits for any.
   */
  dial(options: DialOptions = {}): Promise<void> {
    const { caller = "", timeout = 0, ...request } = options;
    const payload = { caller, timeout: nanosOfSeconds(timeout) };
    return this.request("ChannelDial", payload, request);
  }

  /** Lets its party hear ringing. */
  ring(options?: AriRequestOptions): Promise<void> {
    return this.request("ChannelRing", undefined, options);
  }

  /** Stops the ringing. */
  stopRing(options?: AriRequestOptions): Promise<void> {
    return this.request("ChannelStopRing", undefined, options);
  }

  /** Tells its party that the call makes progress, so that early media are heard. Proxies in Go do not know how. */
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

  /** Tells about it. @throws {AriProxyError} With the code `not_found` when it has been hung up. */
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

  /** Plays silence, so that media keep flowing. */
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
   * Plays media to its party. It returns at once; the playback tells how it goes on.
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
   * are played one after the other, of which proxies in Go play the first.
   */
  play(media: string | readonly string[], options: PlayOptions = {}): ActivePlayback {
    return new ActivePlayback(this.client, this.key, media, options);
  }

  /**
   * Records what its party says. It returns at once; the recording tells how it goes on.
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

  /** Makes a channel that hears this one or speaks into it. */
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

  /** Figures of its RTP streams. Proxies in Go do not know how. @throws {AriProxyError} With the code `not_found` when it has none. */
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
   * Reads several variables or functions at once; those that are not set are left out, for which each is
   * asked for when one of them is not. Proxies in Go do not know how.
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

  /** Sets several variables or functions at once. Proxies in Go do not know how. */
  async setVariables(variables: RestVariablesToSet, options?: AriRequestOptions): Promise<void> {
    await this.rest(
      "POST /channels/{channelId}/variables",
      { channelId: this.id, variables },
      options,
    );
  }

  /** Raises a user event about it, for all who listen to its application. */
  userEvent(
    name: string,
    variables: JsonObject = {},
    options?: AriRequestOptions,
  ): Promise<void> {
    return this.request("ChannelUserEvent", {
      UserEvent: { eventname: name, userevent: variables },
    }, options);
  }

  /** Binds it to the dialog of its key; without a dialog it does nothing. */
  subscribe(options?: AriRequestOptions): Promise<void> {
    return this.request("ChannelSubscribe", undefined, options);
  }
}
