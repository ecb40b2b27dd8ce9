import type { Key } from "../../protocol/key.ts";
import type { EventsOptions } from "../ari_client_options.ts";
import type { EventStream } from "../event_stream.ts";
import type { AriEventType, EventOf } from "../events/model.ts";
import type { EventfulHandle } from "./handle.ts";

/** Something to be made, with its ID fixed already, so that one can listen before it is there. */
export class Staged<H extends EventfulHandle> {
  /** What will be there; before {@linkcode Staged.execute} its node is not known. */
  readonly handle: H;
  readonly #make: () => Promise<H>;
  readonly #ready: Promise<void>[] = [];
  #made: Promise<H> | undefined;

  /**
   * Stages something.
   *
   * @param make Sends the request.
   */
  constructor(handle: H, make: () => Promise<H>) {
    this.handle = handle;
    this.#make = make;
  }

  /** ID that it will have. */
  get id(): string {
    return this.handle.id;
  }

  /** Key that it will have, without the node as long as that is not fixed. */
  get key(): Key {
    return this.handle.key;
  }

  /** The events about it, from the first one on if they are asked for before it is made. */
  events<T extends AriEventType = AriEventType>(
    options: EventsOptions<T> = {},
  ): EventStream<EventOf<T>> {
    const events = this.handle.events<T>(options);
    this.#ready.push(events.ready);
    return events;
  }

  /**
   * Waits for the subscriptions and sends the request. Doing it twice makes one thing only.
   *
   * @throws {AriProxyError} As {@linkcode AriClient.request}. The ID is known also after a `timeout`.
   */
  execute(): Promise<H> {
    return this.#made ??= this.#execute();
  }

  async #execute(): Promise<H> {
    await Promise.all(this.#ready);
    return await this.#make();
  }
}
