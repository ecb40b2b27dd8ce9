import type { BridgeData } from "../../protocol/api/models.ts";
import type { RestVariablesToSet } from "../../protocol/api/parameter_types.ts";
import type { AriRequestOptions } from "../requester.ts";
import type { Channel, SetVariableOptions } from "./channel.ts";
import { EventfulHandle } from "./handle.ts";
import { ActivePlayback, type BridgePlayOptions } from "./playback.ts";
import { ActiveRecording, type BridgeRecordOptions } from "./recording.ts";
import { readVariables } from "./variables.ts";

/** Options of {@linkcode Bridge.addChannel}. */
export interface AddChannelOptions extends AriRequestOptions {
  /**
   * Whether DTMF of the channel stays with the application instead of passing through the bridge.
   *
   * @default {false}
   */
  readonly absorbDtmf?: boolean;
  /**
   * Whether the others do not hear the channel.
   *
   * @default {false}
   */
  readonly mute?: boolean;
  /**
   * Role of the channel in a holding bridge: `participant` or `announcer`.
   *
   * @default {"participant"}
   */
  readonly role?: string;
  /**
   * Whether the other channels do not get the connected line of the channel. Proxies in Go ignore it.
   *
   * @default {false}
   */
  readonly inhibitConnectedLineUpdates?: boolean;
}

/** A bridge: the channels in it hear each other. They have to be on the bridge's own node. */
export class Bridge extends EventfulHandle {
  /** Gets its data. @throws {AriProxyError} With the code `not_found`. */
  data(options?: AriRequestOptions): Promise<BridgeData> {
    return this.request("BridgeData", undefined, options);
  }

  /** Destroys it. The channels in it stay in their application. */
  destroy(options?: AriRequestOptions): Promise<void> {
    return this.request("BridgeDelete", undefined, options);
  }

  /**
   * Adds a channel, or several at once.
   *
   * @param channel The channel or its ID; proxies in Go add only the first of several.
   * @throws {AriProxyError} With the code `invalid` when there is no such channel on the node, `conflict`
   * when it is not in a Stasis application.
   */
  addChannel(channel: BridgeMembers, options: AddChannelOptions = {}): Promise<void> {
    const { absorbDtmf, mute, role, inhibitConnectedLineUpdates: inhibits, ...request } = options;
    return this.request("BridgeAddChannel", {
      ...channelsOf(channel),
      ...(absorbDtmf !== undefined && { absorbDTMF: absorbDtmf }),
      ...(mute !== undefined && { mute }),
      ...(role !== undefined && { role }),
      ...(inhibits !== undefined && { inhibitConnectedLineUpdates: inhibits }),
    }, request);
  }

  /** Takes a channel out, or several at once; they stay in their application. */
  removeChannel(channel: BridgeMembers, options?: AriRequestOptions): Promise<void> {
    return this.request("BridgeRemoveChannel", channelsOf(channel), options);
  }

  /** Plays music on hold, of the class or the default one. */
  startMusicOnHold(musicClass = "", options?: AriRequestOptions): Promise<void> {
    return this.request("BridgeMOH", { class: musicClass }, options);
  }

  /** Stops the music on hold. */
  stopMusicOnHold(options?: AriRequestOptions): Promise<void> {
    return this.request("BridgeStopMOH", undefined, options);
  }

  /**
   * Plays media to all channels in it.
   *
   * @param media What to play: `sound:hello-world`, `recording:NAME`, `digits:123`, `tone:ring` …; several
   * are played one after the other; proxies in Go play only the first.
   */
  play(media: string | readonly string[], options: BridgePlayOptions = {}): ActivePlayback {
    return new ActivePlayback(this.client, this.key, media, options);
  }

  /**
   * Records it.
   *
   * @param name Name of the recording; a new one when it is empty.
   */
  record(name = "", options: BridgeRecordOptions = {}): ActiveRecording {
    return new ActiveRecording(this.client, this.key, name, options);
  }

  /** Makes a channel in it the source of its video. */
  setVideoSource(channel: Channel | string, options?: AriRequestOptions): Promise<void> {
    return this.request("BridgeVideoSource", { channel: idOf(channel) }, options);
  }

  /** Lets it choose the source of its video. */
  clearVideoSource(options?: AriRequestOptions): Promise<void> {
    return this.request("BridgeVideoSourceDelete", undefined, options);
  }

  /** Reads a variable of it. Proxies in Go do not support it. */
  async variable(name: string, options?: AriRequestOptions): Promise<string> {
    const { value } = await this.rest(
      "GET /bridges/{bridgeId}/variable",
      { bridgeId: this.id, variable: name },
      options,
    );
    return value;
  }

  /** Sets a variable of it. Proxies in Go do not support it. */
  async setVariable(name: string, value: string, options: SetVariableOptions = {}): Promise<void> {
    const { reportEvents, ...request } = options;
    await this.rest("POST /bridges/{bridgeId}/variable", {
      bridgeId: this.id,
      variable: name,
      value,
      ...(reportEvents !== undefined && { report_events: reportEvents }),
    }, request);
  }

  /**
   * Reads several variables of it at once, without those that are not set: when one is not set, it reads
   * them one by one. Proxies in Go do not support it.
   *
   * @throws {AriProxyError} With the code `not_found` when it is gone.
   */
  variables(
    names: readonly string[],
    options?: AriRequestOptions,
  ): Promise<Readonly<Record<string, string>>> {
    return readVariables(names, {
      several: () =>
        this.rest(
          "GET /bridges/{bridgeId}/variables",
          { bridgeId: this.id, variables: names },
          options,
        ),
      one: (name) => this.variable(name, options),
      owner: () => this.data(options),
    });
  }

  /** Sets several variables of it at once. Proxies in Go do not support it. */
  async setVariables(variables: RestVariablesToSet, options?: AriRequestOptions): Promise<void> {
    await this.rest(
      "POST /bridges/{bridgeId}/variables",
      { bridgeId: this.id, variables },
      options,
    );
  }

  /** Binds it to the dialog of its key; without a dialog it has no effect. */
  subscribe(options?: AriRequestOptions): Promise<void> {
    return this.request("BridgeSubscribe", undefined, options);
  }
}

/** A channel or its ID, or several. */
export type BridgeMembers = Channel | string | readonly (Channel | string)[];

function channelsOf(channels: BridgeMembers) {
  const all: readonly (Channel | string)[] = Array.isArray(channels) ? channels : [channels];
  const [channel = "", ...further] = all.map(idOf);
  return { channel, ...(further.length > 0 && { further_channels: further }) };
}

function idOf(channel: Channel | string): string {
  return typeof channel === "string" ? channel : channel.id;
}
