import type { Key } from "../../protocol/key.ts";
import type { AriClient } from "../client.ts";
import type { AriRequestOptions, EventsOptions } from "../ari_client_options.ts";
import type { EventStream } from "../event_stream.ts";
import type { AriEventType, EventOf } from "../events/model.ts";

/** Something in an Asterisk, by its key: making a handle asks nobody. */
export abstract class Handle {
  /** The client that it was got from. */
  protected readonly client: AriClient;
  #key: Key;

  /** Makes a handle. What the key lacks of application, node and dialog is taken from the client. */
  constructor(client: AriClient, key: Key) {
    this.client = client;
    this.#key = client.key(key);
  }

  /** Kind, ID and coordinates; for programs to keep, to send, and to make handles of again. */
  get key(): Key {
    return this.#key;
  }

  /** ID, unique on its node at least. */
  get id(): string {
    return this.#key.id ?? "";
  }

  /** Node that it is on; undefined while that is not known, and then requests look for it. */
  get node(): string | undefined {
    return this.#key.node;
  }

  /** Takes over coordinates that have come to be known. */
  protected locate({ app, node }: Key): void {
    this.#key = { ...this.#key, ...(app && { app }), ...(node && { node }) };
  }
}

/** A handle of something that events tell about. */
export abstract class EventfulHandle extends Handle {
  /**
   * The events about it, and those of what is played to it or recorded of it. In a dialog it is bound to
   * the dialog first, so that they come there; those of a playback or recording come when that was made
   * in the dialog.
   *
   * @throws {AriProxyError} With the code `closed`.
   */
  events<T extends AriEventType = AriEventType>(
    options: EventsOptions<T> = {},
  ): EventStream<EventOf<T>> {
    const prepare = async () => {
      await options.prepare?.();
      if (this.key.dialog) await this.subscribe();
    };
    return this.client.events<T>({ key: this.key, ...options, prepare });
  }

  /** Binds it to the dialog of its key; without a dialog it does nothing. */
  abstract subscribe(options?: AriRequestOptions): Promise<void>;
}
