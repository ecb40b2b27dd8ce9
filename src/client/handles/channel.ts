import type { ChannelData } from "../../protocol/api/models.ts";
import type { JsonObject } from "../../protocol/json.ts";
import { mint } from "../../protocol/mint.ts";
import type { RtpStatistics } from "../../protocol/api/models.ts";
import type { RestVariablesToSet } from "../../protocol/api/parameter_types.ts";
import type { AriRequestOptions } from "../ari_client_options.ts";
import { nanosOf } from "../milliseconds.ts";
import { ActivePlayback, type PlayOptions } from "./active_playback.ts";
import { ActiveRecording, type RecordOptions } from "./active_recording.ts";
import type {
  ChannelDirection,
  DtmfOptions,
  SetVariableOptions,
  SnoopOptions,
} from "./channel_options.ts";
import { ChannelSignalling } from "./channel_signalling.ts";
import { readVariables } from "./variables.ts";

/** A channel: one party's half of a call, or any other path of media. */
export class Channel extends ChannelSignalling {
  /** Tells about it. @throws {AriProxyError} With the code `not_found` when it has been hung up. */
  data(options?: AriRequestOptions): Promise<ChannelData> {
    return this.client.request("ChannelData", this.key, undefined, options);
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

  /** Figures of its RTP streams. Proxies in Go do not know how. @throws {AriProxyError} With the code `not_found` when it has none. */
  rtpStatistics(options?: AriRequestOptions): Promise<RtpStatistics> {
    return this.client.rest("GET /channels/{channelId}/rtp_statistics", { channelId: this.id }, {
      ...options,
      key: this.key,
    });
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
  setVariable(name: string, value: string, options: SetVariableOptions = {}): Promise<void> {
    const { reportEvents, ...request } = options;
    return this.client.request("ChannelVariableSet", this.key, {
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
        this.client.rest(
          "GET /channels/{channelId}/variables",
          { channelId: this.id, variables: names },
          { ...options, key: this.key },
        ),
      one: (name) => this.variable(name, options),
      owner: () => this.data(options),
    });
  }

  /** Sets several variables or functions at once. Proxies in Go do not know how. */
  async setVariables(variables: RestVariablesToSet, options?: AriRequestOptions): Promise<void> {
    await this.client.rest(
      "POST /channels/{channelId}/variables",
      { channelId: this.id, variables },
      { ...options, key: this.key },
    );
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
}
