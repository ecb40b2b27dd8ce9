import type { Key } from "../../protocol/key.ts";
import type { Kind, Payload, Result } from "../../protocol/kinds/kinds.ts";
import type { ClusterClient } from "../cluster.ts";
import type { EventsOptions, EventStream } from "../event_stream.ts";
import type { AriEventType, EventOf } from "../events/model.ts";
import type { AriRequestOptions } from "../requester.ts";
import type { RestCall, RestParameters, RestResult } from "../rest_request.ts";

/** An entity of an Asterisk, by its key. Making a handle sends no request. */
export abstract class Handle {
  /** The client that it was made by. */
  protected readonly client: ClusterClient;
  #key: Key;

  /** Makes a handle. Application, node and dialog that the key lacks are taken from the client. */
  constructor(client: ClusterClient, key: Key) {
    this.client = client;
    this.#key = client.key(key);
  }

  /** Kind, ID and coordinates; a program can keep it, send it, and make a handle of it again. */
  get key(): Key {
    return this.#key;
  }

  /** ID, unique on its node at least. */
  get id(): string {
    return this.#key.id ?? "";
  }

  /** Node that it is on; undefined while that is unknown, and then requests look for it. */
  get node(): string | undefined {
    return this.#key.node;
  }

  /** Sends a request of a kind about it. */
  protected request<K extends Kind>(
    kind: K,
    payload?: Payload<K>,
    options?: AriRequestOptions,
  ): Promise<Result<K>> {
    return this.client.request(kind, this.#key, payload, options);
  }

  /** Calls an operation of Asterisk's REST interface where it is. */
  protected rest<O extends RestCall>(
    operation: O,
    parameters: RestParameters<O>,
    options?: AriRequestOptions,
  ): Promise<RestResult<O>> {
    return this.client.rest<RestCall>(operation, parameters, { ...options, key: this.#key }) as // The compiler does not follow which arguments an operation needs.
    Promise<RestResult<O>>;
  }

  /** Takes the coordinates of a key. */
  protected locate({ app, node }: Key): void {
    this.#key = { ...this.#key, ...(app && { app }), ...(node && { node }) };
  }
}

/** A handle of an entity that events are about. */
export abstract class EventfulHandle extends Handle {
  /**
   * The events about it, and those of what is played to it or recorded of it. In a dialog it is bound to
   * the dialog first, so that its events are copied there; those of a playback or recording are when that
   * was made in the dialog.
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

  /** Binds it to the dialog of its key; without a dialog it has no effect. */
  abstract subscribe(options?: AriRequestOptions): Promise<void>;
}

/** An entity to be created, with its ID already fixed, so that a program can listen to it before. */
export class Prepared<H extends EventfulHandle> {
  /** The entity to be; before {@linkcode Prepared.execute} its node is unknown. */
  readonly handle: H;
  readonly #create: () => Promise<H>;
  readonly #ready: Promise<void>[] = [];
  #created: Promise<H> | undefined;

  /**
   * Prepares an entity.
   *
   * @param create Sends the request.
   */
  constructor(handle: H, create: () => Promise<H>) {
    this.handle = handle;
    this.#create = create;
  }

  /** ID that it will have. */
  get id(): string {
    return this.handle.id;
  }

  /** Key that it will have, without the node as long as that is not fixed. */
  get key(): Key {
    return this.handle.key;
  }

  /** The events about it, from the first one on if they are asked for before it is created. */
  events<T extends AriEventType = AriEventType>(
    options: EventsOptions<T> = {},
  ): EventStream<EventOf<T>> {
    const events = this.handle.events<T>(options);
    this.#ready.push(events.ready);
    return events;
  }

  /**
   * Waits for the subscriptions and sends the request. Calling it again sends nothing more.
   *
   * @throws {AriProxyError} As {@linkcode ClusterClient.request}. The ID is known also after a `timeout`.
   */
  execute(): Promise<H> {
    return this.#created ??= this.#execute();
  }

  async #execute(): Promise<H> {
    await Promise.all(this.#ready);
    return await this.#create();
  }
}
