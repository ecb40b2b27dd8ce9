import type { PlaybackData } from "../../protocol/api/models.ts";
import type { AriRequestOptions } from "../ari_client_options.ts";
import { EventfulHandle } from "./handle.ts";

/** What can be done to a playback while it goes on. */
export type PlaybackCommand = "restart" | "pause" | "unpause" | "reverse" | "forward";

/** A playback of media to a channel or a bridge. It is there until it has ended. */
export class Playback extends EventfulHandle {
  /** Tells about it. @throws {AriProxyError} With the code `not_found` when it has ended. */
  data(options?: AriRequestOptions): Promise<PlaybackData> {
    return this.client.request("PlaybackData", this.key, undefined, options);
  }

  /** Stops it. @throws {AriProxyError} With the code `not_found` when it has ended. */
  stop(options?: AriRequestOptions): Promise<void> {
    return this.client.request("PlaybackStop", this.key, undefined, options);
  }

  /** Begins it anew. */
  restart(options?: AriRequestOptions): Promise<void> {
    return this.control("restart", options);
  }

  /** Halts it. */
  pause(options?: AriRequestOptions): Promise<void> {
    return this.control("pause", options);
  }

  /** Goes on after a pause. */
  unpause(options?: AriRequestOptions): Promise<void> {
    return this.control("unpause", options);
  }

  /** Goes back a few seconds. */
  reverse(options?: AriRequestOptions): Promise<void> {
    return this.control("reverse", options);
  }

  /** Goes forward a few seconds. */
  forward(options?: AriRequestOptions): Promise<void> {
    return this.control("forward", options);
  }

  /** Does one of these. @throws {AriProxyError} With the code `conflict` when it is not being played. */
  control(command: PlaybackCommand, options?: AriRequestOptions): Promise<void> {
    return this.client.request("PlaybackControl", this.key, { command }, options);
  }

  /** Binds it to the dialog of its key; without a dialog it does nothing. */
  subscribe(options?: AriRequestOptions): Promise<void> {
    return this.client.request("PlaybackSubscribe", this.key, undefined, options);
  }
}
