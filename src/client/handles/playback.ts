import type { PlaybackData } from "../../protocol/api/models.ts";
import type { PlaybackFinishedEvent } from "../../protocol/api/known_events.ts";
import { AriProxyError } from "../../protocol/errors.ts";
import type { Key } from "../../protocol/key.ts";
import { mint } from "../../protocol/mint.ts";
import type { ClusterClient } from "../cluster.ts";
import type { AriEvent } from "../events/model.ts";
import { follow } from "../follow.ts";
import type { AriRequestOptions } from "../requester.ts";
import { EventfulHandle } from "./handle.ts";

/** A command to a playback in progress. */
export type PlaybackCommand = "restart" | "pause" | "unpause" | "reverse" | "forward";

/** A playback of media to a channel or a bridge. It exists until it has ended. */
export class Playback extends EventfulHandle {
  /** Gets its data. @throws {AriProxyError} With the code `not_found` when it has ended. */
  data(options?: AriRequestOptions): Promise<PlaybackData> {
    return this.request("PlaybackData", undefined, options);
  }

  /** Stops it. @throws {AriProxyError} With the code `not_found` when it has ended. */
  stop(options?: AriRequestOptions): Promise<void> {
    return this.request("PlaybackStop", undefined, options);
  }

  /** Restarts it. */
  restart(options?: AriRequestOptions): Promise<void> {
    return this.control("restart", options);
  }

  /** Pauses it. */
  pause(options?: AriRequestOptions): Promise<void> {
    return this.control("pause", options);
  }

  /** Continues after a pause. */
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

  /** Sends one of these commands. @throws {AriProxyError} With the code `conflict` when it is not being played. */
  control(command: PlaybackCommand, options?: AriRequestOptions): Promise<void> {
    return this.request("PlaybackControl", { command }, options);
  }

  /** Binds it to the dialog of its key; without a dialog it has no effect. */
  subscribe(options?: AriRequestOptions): Promise<void> {
    return this.request("PlaybackSubscribe", undefined, options);
  }
}

/** Options of `play`. */
export interface PlayOptions {
  /**
   * ID of the playback.
   *
   * @default a new one
   */
  readonly id?: string;
  /**
   * Language of sounds, as in `en`. Proxies in Go ignore it.
   *
   * @default that of the channel
   */
  readonly language?: string;
  /**
   * Where to begin in the first media, in milliseconds. Proxies in Go ignore it.
   *
   * @default {0}
   */
  readonly offset?: number;
  /**
   * How far `forward` and `reverse` skip, in milliseconds. Proxies in Go ignore it.
   *
   * @default {3_000}
   */
  readonly skip?: number;
  /**
   * Aborts the waiting for its start and end. It does not stop it.
   *
   * @default none
   */
  readonly signal?: AbortSignal;
}

/** Options of {@linkcode Bridge.play}. */
export interface BridgePlayOptions extends PlayOptions {
  /**
   * Format of the channel that plays, as in `slin16`. Proxies in Go ignore it.
   *
   * @default {"slin"}
   */
  readonly announcerFormat?: string;
}

/**
 * A playback that this client has started. The request is sent after the subscription to the events,
 * and after the responses to those that the client has sent before to play to or record the same channel
 * or bridge, so that they keep their order. The ID is known from the beginning.
 */
export class ActivePlayback extends Playback {
  /** Resolves when Asterisk has accepted the request. It rejects with the error of the request. */
  readonly accepted: Promise<void>;
  /**
   * Resolves when it has started.
   *
   * It rejects with the error of the request; with `not_found` when the channel is hung up or the bridge
   * destroyed before its end, or when it is over and no event reported its result; with `no_node` when its node
   * goes; with `failed` when the media cannot be played; with `closed` when the client is closed.
   */
  readonly started: Promise<void>;
  /**
   * Resolves with the event of its end, also when it was stopped. It rejects as `started` does. As a lost
   * event must not keep a program waiting, the client checks at intervals whether it is still there.
   */
  readonly finished: Promise<PlaybackFinishedEvent>;

  /**
   * Starts a playback.
   *
   * @param target Key of the channel or bridge.
   * @param media What to play, as in `sound:hello-world`; several are played one after the other.
   */
  constructor(
    client: ClusterClient,
    target: Key,
    media: string | readonly string[],
    options: BridgePlayOptions = {},
  ) {
    const { id = mint("pb"), signal } = options;
    const all = typeof media === "string" ? [media] : media;
    const [first = "", ...further] = all;
    const { app, node, dialog } = target;
    super(client, { kind: "playback", id, app, node, dialog });
    const what = `play ${all.join(", ")}`;
    const send = async () => {
      // Asterisk accepts other media and then sends no event about them.
      if (all.length === 0 || !all.every((one) => /^[a-z]+:./i.test(one))) {
        throw new AriProxyError(
          "invalid",
          `Cannot ${what}: media begin with sound:, tone: or such`,
        );
      }
      const payload = {
        playback_id: id,
        media_uri: first,
        ...(further.length > 0 && { further_media: further }),
        ...wireOptions(options),
      };
      const kind = target.kind === "bridge" ? "BridgePlay" : "ChannelPlay";
      this.locate(await client.request(kind, target, payload, signal && { signal }));
    };
    const { accepted, started, finished } = follow(client, {
      what,
      target,
      made: () => this.key,
      send,
      starts: (event) => event.type === "PlaybackStarted" && event.playback.id === id,
      ends: (event) => {
        const end = endOf(event, id);
        return end?.playback.state === "failed" ? undefined : end;
      },
      fails: (event) =>
        endOf(event, id)?.playback.state === "failed"
          ? "Asterisk could not play it to its end"
          : undefined,
      look: () => this.data(),
      // Nothing is kept of a playback that is over.
      remains: () => Promise.resolve(undefined),
      endsWithTarget: true,
      ...(signal && { signal }),
    });
    finished.catch(() => {});
    this.accepted = accepted;
    this.started = started;
    this.finished = finished;
  }
}

function wireOptions({ language, offset, skip, announcerFormat }: BridgePlayOptions) {
  return {
    ...(language && { lang: language }),
    ...(offset && { offsetms: Math.round(offset) }),
    ...(skip && { skipms: Math.round(skip) }),
    ...(announcerFormat && { announcer_format: announcerFormat }),
  };
}

function endOf(event: AriEvent, id: string): PlaybackFinishedEvent | undefined {
  return event.type === "PlaybackFinished" && event.playback.id === id ? event : undefined;
}
