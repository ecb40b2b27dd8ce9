import type { ChannelData } from "../../protocol/entities.ts";
import type { JsonObject } from "../../protocol/json.ts";
import { mint } from "../../protocol/mint.ts";
import type { AriRequestOptions } from "../ari_client_options.ts";
import { nanosOf } from "../milliseconds.ts";
import { ActivePlayback, type PlayOptions } from "./active_playback.ts";
import { ActiveRecording, type RecordOptions } from "./active_recording.ts";
import { EventfulHandle } from "./handle.ts";

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
   * How long to ring, in milliseconds; Asterisk knows whole seconds.
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
  /** Tells about it. @throws {AriProxyError} With the code `not_found` when it has been hung up. */
  data(options?: AriRequestOptions): Promise<ChannelData> {
    return this.client.request("ChannelData", this.key, undefined, options);
  }

  /** Answers it. */
  answer(options?: AriRequestOptions): Promise<void> {
    return this.client.request("ChannelAnswer", this.key, undefined, options);
  }

  /** Hangs it up. @param reason `normal`, `busy`, `congestion`, `no_answer`, `timeout` … */
  hangup(reason = "normal", options?: AriRequestOptions): Promise<void> {
    return this.client.request("ChannelHangup", this.key, { reason }, options);
  }

  /** Hangs it up as busy. */
  busy(options?: AriRequestOptions): Promise<void> {
    return this.client.request("ChannelBusy", this.key, undefined, options);
  }

  /** Hangs it up as congested. */
  congestion(options?: AriRequestOptions): Promise<void> {
    return this.client.request("ChannelCongestion", this.key, undefined, options);
  }

  /** Lets it leave the application and go on in the dialplan. */
  continueInDialplan(options: ContinueOptions = {}): Promise<void> {
    const { context = "", extension = "", priority = 0, ...request } = options;
    return this.client.request(
      "ChannelContinue",
      this.key,
      { context, extension, priority },
      request,
    );
  }

  /** Moves it to another Stasis application of its node. Proxies in Go do not know how. */
  async move(app: string, appArgs = "", options?: AriRequestOptions): Promise<void> {
    await this.#rest("move", { app, ...(appArgs && { appArgs }) }, options);
  }

  /** Redirects it to another endpoint, as SIP does with 302 and REFER. Proxies in Go do not know how. */
  async redirect(endpoint: string, options?: AriRequestOptions): Promise<void> {
    await this.#rest("redirect", { endpoint }, options);
  }

  /** Dials a channel that was created without. */
  dial(options: DialOptions = {}): Promise<void> {
    const { caller = "", timeout = 0, ...request } = options;
    // Asterisk counts whole seconds, and what is below one would be for ever.
    const nanoseconds = nanosOf(Math.ceil(timeout / 1_000) * 1_000);
    return this.client.request("ChannelDial", this.key, { caller, timeout: nanoseconds }, request);
  }

  /** Lets its party hear ringing. */
  ring(options?: AriRequestOptions): Promise<void> {
    return this.client.request("ChannelRing", this.key, undefined, options);
  }

  /** Stops the ringing. */
  stopRing(options?: AriRequestOptions): Promise<void> {
    return this.client.request("ChannelStopRing", this.key, undefined, options);
  }

  /** Puts its party on hold. */
  hold(options?: AriRequestOptions): Promise<void> {
    return this.client.request("ChannelHold", this.key, undefined, options);
  }

  /** Takes its party from hold. */
  stopHold(options?: AriRequestOptions): Promise<void> {
    return this.client.request("ChannelStopHold", this.key, undefined, options);
  }

  /** Mutes it. */
  mute(direction: ChannelDirection = "both", options?: AriRequestOptions): Promise<void> {
    return this.client.request("ChannelMute", this.key, { direction }, options);
  }

  /** Ends the muting. */
  unmute(direction: ChannelDirection = "both", options?: AriRequestOptions): Promise<void> {
    return this.client.request("ChannelUnmute", this.key, { direction }, options);
  }

  /** Plays music on hold, of the class or the default one. */
  startMusicOnHold(musicClass = "", options?: AriRequestOptions): Promise<void> {
    return this.client.request("ChannelMOH", this.key, { music: musicClass }, options);
  }

  /** Stops the music on hold. */
  stopMusicOnHold(options?: AriRequestOptions): Promise<void> {
    return this.client.request("ChannelStopMOH", this.key, undefined, options);
  }

  /** Plays silence, so that media keep flowing. */
  startSilence(options?: AriRequestOptions): Promise<void> {
    return this.client.request("ChannelSilence", this.key, undefined, options);
  }

  /** Stops the silence. */
  stopSilence(options?: AriRequestOptions): Promise<void> {
    return this.client.request("ChannelStopSilence", this.key, undefined, options);
  }

  /** Sends DTMF to its party. @param digits `0` to `9`, `A` to `D`, `*`, `#` */
  sendDtmf(digits: string, options: DtmfOptions = {}): Promise<void> {
    const { before = 0, between = 0, duration = 0, after = 0, ...request } = options;
    return this.client.request("ChannelSendDTMF", this.key, {
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
   * @param media What to play: `sound:hello-world`, `recording:NAME`, `digits:123`, `tone:ring` …
   */
  play(media: string, options: PlayOptions = {}): ActivePlayback {
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
    const key = await this.client.request("ChannelSnoop", this.key, {
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

  /**
   * Reads a variable or function, as `CALLERID(num)`.
   *
   * @throws {AriProxyError} With the code `not_found` when there is no such variable.
   */
  variable(name: string, options?: AriRequestOptions): Promise<string> {
    return this.client.request("ChannelVariableGet", this.key, { name }, options);
  }

  /** Sets a variable or function. */
  setVariable(name: string, value: string, options?: AriRequestOptions): Promise<void> {
    return this.client.request("ChannelVariableSet", this.key, { name, value }, options);
  }

  /** Raises a user event about it, for all who listen to its application. */
  userEvent(
    name: string,
    variables: JsonObject = {},
    options?: AriRequestOptions,
  ): Promise<void> {
    return this.client.request("ChannelUserEvent", this.key, {
      UserEvent: { eventname: name, userevent: variables },
    }, options);
  }

  /** Binds it to the dialog of its key; without a dialog it does nothing. */
  subscribe(options?: AriRequestOptions): Promise<void> {
    return this.client.request("ChannelSubscribe", this.key, undefined, options);
  }

  async #rest(
    verb: string,
    query: Readonly<Record<string, string>>,
    options?: AriRequestOptions,
  ): Promise<void> {
    const path = `/channels/${encodeURIComponent(this.id)}/${verb}`;
    await this.client.request("Rest", this.key, { method: "POST", path, query }, options);
  }
}
