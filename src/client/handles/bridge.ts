import type { BridgeData } from "../../protocol/entities.ts";
import type { AriRequestOptions } from "../ari_client_options.ts";
import { ActivePlayback, type PlayOptions } from "./active_playback.ts";
import { ActiveRecording, type RecordOptions } from "./active_recording.ts";
import type { Channel } from "./channel.ts";
import { EventfulHandle } from "./handle.ts";

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
}

/** A bridge: the channels in it hear each other. They have to be on the bridge's own node. */
export class Bridge extends EventfulHandle {
  /** Tells about it. @throws {AriProxyError} With the code `not_found`. */
  data(options?: AriRequestOptions): Promise<BridgeData> {
    return this.client.request("BridgeData", this.key, undefined, options);
  }

  /** Destroys it. The channels in it stay in their application. */
  destroy(options?: AriRequestOptions): Promise<void> {
    return this.client.request("BridgeDelete", this.key, undefined, options);
  }

  /**
   * Adds a channel.
   *
   * @param channel The channel or its ID.
   * @throws {AriProxyError} With the code `invalid` when there is no such channel on the node, `conflict`
   * when it is not in a Stasis application.
   */
  addChannel(channel: Channel | string, options: AddChannelOptions = {}): Promise<void> {
    const { absorbDtmf, mute, role, ...request } = options;
    return this.client.request("BridgeAddChannel", this.key, {
      channel: idOf(channel),
      ...(absorbDtmf !== undefined && { absorbDTMF: absorbDtmf }),
      ...(mute !== undefined && { mute }),
      ...(role !== undefined && { role }),
    }, request);
  }

  /** Takes a channel out; it stays in its application. */
  removeChannel(channel: Channel | string, options?: AriRequestOptions): Promise<void> {
    return this.client.request(
      "BridgeRemoveChannel",
      this.key,
      { channel: idOf(channel) },
      options,
    );
  }

  /** Plays music on hold, of the class or the default one. */
  startMusicOnHold(musicClass = "", options?: AriRequestOptions): Promise<void> {
    return this.client.request("BridgeMOH", this.key, { class: musicClass }, options);
  }

  /** Stops the music on hold. */
  stopMusicOnHold(options?: AriRequestOptions): Promise<void> {
    return this.client.request("BridgeStopMOH", this.key, undefined, options);
  }

  /**
   * Plays media to all channels in it.
   *
   * @param media What to play: `sound:hello-world`, `recording:NAME`, `digits:123`, `tone:ring` …
   */
  play(media: string, options: PlayOptions = {}): ActivePlayback {
    return new ActivePlayback(this.client, this.key, media, options);
  }

  /**
   * Records it.
   *
   * @param name Name of the recording; a new one when it is empty.
   */
  record(name = "", options: RecordOptions = {}): ActiveRecording {
    return new ActiveRecording(this.client, this.key, name, options);
  }

  /** Makes a channel in it the source of its video. */
  setVideoSource(channel: Channel | string, options?: AriRequestOptions): Promise<void> {
    return this.client.request("BridgeVideoSource", this.key, { channel: idOf(channel) }, options);
  }

  /** Lets it pick the source of its video itself. */
  clearVideoSource(options?: AriRequestOptions): Promise<void> {
    return this.client.request("BridgeVideoSourceDelete", this.key, undefined, options);
  }

  /** Binds it to the dialog of its key; without a dialog it does nothing. */
  subscribe(options?: AriRequestOptions): Promise<void> {
    return this.client.request("BridgeSubscribe", this.key, undefined, options);
  }
}

function idOf(channel: Channel | string): string {
  return typeof channel === "string" ? channel : channel.id;
}
