import type { Bus, BusStatus } from "../bus/bus.ts";
import { callSafely } from "../common/call_safely.ts";
import { KeyedQueue } from "../common/serial_queue.ts";
import { entities } from "../protocol/entity.ts";
import { AriProxyError } from "../protocol/errors.ts";
import type { Key } from "../protocol/key.ts";
import { type Kind, kindRows, type Payload, type Result } from "../protocol/kinds/kinds.ts";
import type { Response } from "../protocol/response.ts";
import { type EventsOptions, eventSource, EventStream } from "./event_stream.ts";
import { EventHub } from "./events/hub.ts";
import type { AriEventType, EventOf } from "./events/model.ts";
import { anySignal, type ClientLifetime } from "./lifetime.ts";
import { type ClusterNode, type NodeChange, NodeDirectory } from "./nodes.ts";
import {
  type AriRequestOptions,
  type GatheredResults,
  mostSpecificError,
  Requester,
} from "./requester.ts";
import { requestRest, type RestArguments, type RestCall, type RestResult } from "./rest_request.ts";

/** Options of a client. */
export interface AriClientOptions {
  /**
   * Stasis application for keys that name none, and for events and calls.
   *
   * @default none: requests and events are those of all applications
   */
  readonly app?: string;
  /**
   * Node for keys that name none.
   *
   * @default none: any node, or all of them
   */
  readonly node?: string;
  /**
   * Dialog for keys that name none.
   *
   * @default none
   */
  readonly dialog?: string;
  /**
   * How long to wait for a response, in milliseconds.
   *
   * @default {5_000}
   */
  readonly timeout?: number;
  /**
   * Whether a request that acts has an ID and a deadline. A proxy then carries it out once and not late,
   * and the client sends it again when the bus lost it and it cannot be carried out twice: when it had
   * not been sent yet, or went to one proxy that is still the same process. The clocks of client and
   * proxy must not differ by more than the timeout.
   *
   * @default {true}
   */
  readonly once?: boolean;
  /**
   * How often a request that only reads is sent again after a timeout. Commands and requests that create
   * something are not sent again after one.
   *
   * @default {1}
   */
  readonly retries?: number;
  /**
   * Closes the client when it aborts. Requests in flight reject with the signal's reason.
   *
   * @default none
   */
  readonly signal?: AbortSignal;
}

/** The state that a client shares with those derived from it. */
export class SharedConnection {
  /** The bus. */
  readonly bus: Bus;
  /** The nodes that are announced. */
  readonly nodes: NodeDirectory;
  /** The subscriptions to events. */
  readonly hub: EventHub;
  /** Keeps the order of requests about the same entity. */
  readonly order: KeyedQueue = new KeyedQueue();
  readonly #ownsBus: boolean;
  readonly #closings = new Set<Promise<unknown>>();
  #closed: Promise<void> | undefined;

  constructor(bus: Bus, { ownsBus, nodeMaxAge }: {
    /** Whether closing it closes the bus. */
    readonly ownsBus: boolean;
    /** How long a node is listed after its last announcement, in milliseconds. @default 300_000 */
    readonly nodeMaxAge?: number;
  }) {
    this.bus = bus;
    this.#ownsBus = ownsBus;
    this.nodes = new NodeDirectory(bus, { ...(nodeMaxAge && { maxAge: nodeMaxAge }) });
    this.hub = new EventHub(bus);
  }

  /** Delays the closing until the promise is settled. */
  async whileClosing(closing: Promise<unknown>): Promise<void> {
    this.#closings.add(closing);
    await closing;
    this.#closings.delete(closing);
  }

  /** Resolves when there is nothing left that delays the closing. */
  async closings(): Promise<void> {
    await Promise.allSettled(this.#closings);
  }

  /** Ends all subscriptions, and closes the bus if it is owned. */
  close(): Promise<void> {
    return this.#closed ??= this.#close();
  }

  async #close(): Promise<void> {
    this.nodes[Symbol.dispose]();
    this.hub[Symbol.dispose]();
    await this.closings();
    if (this.#ownsBus) await this.bus.close();
  }
}

/** The part of a client that sends requests and gets events; see {@linkcode AriClient}. */
export abstract class ClusterClient implements AsyncDisposable {
  /** Stasis application of the client. */
  readonly app: string | undefined;
  /** Node of the client; only a derived client has one. */
  readonly node: string | undefined;
  /** Dialog of the client. */
  readonly dialogId: string | undefined;
  /**
   * What it shares with clients derived from one another.
   *
   * @internal
   */
  protected readonly shared: SharedConnection;
  /**
   * When it ends.
   *
   * @internal
   */
  protected readonly lifetime: ClientLifetime;
  /**
   * The options that it was made with.
   *
   * @internal
   */
  protected readonly options: AriClientOptions;
  readonly #isRoot: boolean;
  readonly #requester: Requester;

  /**
   * Makes a client.
   *
   * @internal
   */
  protected constructor({ shared, lifetime, options, isRoot }: {
    readonly shared: SharedConnection;
    readonly lifetime: ClientLifetime;
    readonly options: AriClientOptions;
    /** Whether the shared connection is closed with it. */
    readonly isRoot: boolean;
  }) {
    const { app, timeout, once } = options;
    this.app = app || undefined;
    this.node = options.node || undefined;
    this.dialogId = options.dialog || undefined;
    this.shared = shared;
    this.lifetime = lifetime;
    this.options = options;
    this.#isRoot = isRoot;
    this.#requester = new Requester(shared.bus, {
      nodes: shared.nodes,
      ...(app && { app }),
      ...(timeout !== undefined && { timeout }),
      ...(once !== undefined && { once }),
    });
    if (isRoot) lifetime.onEnd(() => void shared.close());
  }

  /** Whether the client is closed. */
  get closed(): boolean {
    return this.lifetime.ended;
  }

  /** Resolves when the nodes that are there have probably announced themselves. */
  get settled(): Promise<void> {
    return this.shared.nodes.settled;
  }

  /** The nodes that have announced themselves, narrowed to the client's application and node. */
  get nodes(): readonly ClusterNode[] {
    return this.shared.nodes.members(this.key({}));
  }

  /**
   * Calls the listener when a node comes or goes. Returns a function that stops it.
   *
   * ```ts no-run
   * import { connect } from "@ari-proxy/ari-proxy";
   *
   * await using client = await connect({ app: "demo" });
   * client.onNode(({ type, node }) => console.log(type, node.node));
   * ```
   */
  onNode(listener: (change: NodeChange) => void): () => void {
    this.lifetime.assertOpen();
    const stop = this.shared.nodes.onChange((change) => {
      const { app, node } = change.node;
      if ((this.app ?? app) === app && (this.node ?? node) === node) listener(change);
    });
    return this.#untilEnd(stop);
  }

  /**
   * Calls the listener at each change of the connection to the bus. Events during an outage are not
   * delivered later: after a `connected` a program that depends on events should check the present
   * state. Returns a function that stops it.
   */
  onStatus(listener: (status: BusStatus) => void): () => void {
    this.lifetime.assertOpen();
    const stop = this.shared.bus.onStatus((status) => callSafely(() => listener(status)));
    return this.#untilEnd(stop);
  }

  /** The key with the client's application, node and dialog where it has none. */
  key(key: Key): Key {
    const app = key.app || this.app;
    // The client's node goes with its application; without one it goes with all.
    const node = key.node || (!this.app || app === this.app ? this.node : undefined);
    const dialog = key.dialog ?? this.dialogId;
    return { ...key, ...(app && { app }), ...(node && { node }), ...(dialog && { dialog }) };
  }

  /**
   * Sends a request of any kind. With complete coordinates in the key it goes to one node. Otherwise it
   * goes to all that match, and the first success counts; to one of them when something is to be created;
   * and the lists of all are joined.
   *
   * ```ts no-run
   * import { connect } from "@ari-proxy/ari-proxy";
   *
   * await using client = await connect({ app: "demo" });
   * const key = await client.request("ChannelGet", { id: "1700000000.1" });
   * await client.request("ChannelHangup", key, { reason: "busy" });
   * ```
   *
   * @param kind Kind of the request.
   * @param key The entity, and where it is; `{}` for none.
   * @param payload The payload of the kind.
   * @returns A key, a list of keys, data, or nothing, depending on the kind.
   * @throws {AriProxyError} With the code `not_found`, `conflict`, `invalid`, `denied`, `unsupported`,
   * `asterisk_down`, `too_large` or `failed` when a node refused it; `no_node` when no proxy serves the
   * coordinates; `timeout` when none responded in time: then it may or may not have been carried out;
   * `closed`.
   */
  async request<K extends Kind>(
    kind: K,
    key: Key = {},
    payload?: Payload<K>,
    options: AriRequestOptions = {},
  ): Promise<Result<K>> {
    const wanted = this.key(key);
    if (kindRows[kind].reply === "keys") {
      const { responses, errors } = await this.#send(
        options,
        (all) => this.#requester.gather(kind, wanted, payload, all),
      );
      if (responses.length === 0) throw mostSpecificError(errors);
      return resultOf(kind, wanted, {
        error: "",
        keys: responses.flatMap(({ keys = [] }) => keys),
      });
    }
    const response = await this.#send(
      options,
      (all) => this.#requester.request(kind, wanted, payload, all),
    );
    return resultOf(kind, wanted, response);
  }

  /**
   * Sends a request to all nodes that match the key, and waits until all that are known have responded
   * or the time is over.
   *
   * ```ts no-run
   * import { connect } from "@ari-proxy/ari-proxy";
   *
   * await using client = await connect({ app: "demo" });
   * const { items, missing } = await client.gather("AsteriskInfo");
   * console.log(items.map(({ system }) => system?.version), missing);
   * ```
   *
   * @throws {AriProxyError} With the code `no_node`, `timeout` when no node responded, or `closed`.
   */
  async gather<K extends Kind>(
    kind: K,
    key: Key = {},
    payload?: Payload<K>,
    options: AriRequestOptions = {},
  ): Promise<GatheredResults<Result<K>>> {
    const wanted = this.key(key);
    const { responses, errors, missing } = await this.#send(
      options,
      (all) => this.#requester.gather(kind, wanted, payload, all),
    );
    return { items: responses.map((one) => resultOf(kind, wanted, one)), errors, missing };
  }

  /**
   * Calls an operation of Asterisk's REST interface, with parameters and result as Asterisk
   * describes them. It is routed as a request of any kind, and the lists of all nodes are joined; `key`
   * in the options names a node, and `strict` and `onPartial` are as for other lists. Proxies of the
   * original do not support it.
   *
   * ```ts no-run
   * import { connect } from "@ari-proxy/ari-proxy";
   *
   * await using client = await connect({ app: "demo" });
   * const made = await client.rest("POST /channels", { endpoint: "PJSIP/alice", app: "demo" });
   * const { id: channelId } = made;
   * await client.rest("POST /channels/{channelId}/move", { channelId, app: "other" });
   * ```
   *
   * @returns The body of Asterisk's response; the bytes for a file.
   * @throws {AriProxyError} As {@linkcode ClusterClient.request}.
   */
  async rest<O extends RestCall>(
    operation: O,
    ...args: RestArguments<O>
  ): Promise<RestResult<O>> {
    this.lifetime.assertOpen();
    return await requestRest(this, operation, args);
  }

  /**
   * The events of the client's application, or those that the options name.
   *
   * ```ts no-run
   * import { connect } from "@ari-proxy/ari-proxy";
   *
   * await using client = await connect({ app: "demo" });
   * for await (const event of client.events({ types: ["StasisStart", "ChannelDtmfReceived"] })) {
   *   if (event.type === "StasisStart") console.log(event.channel.name, event.args);
   *   else console.log(event.channel.name, event.digit);
   * }
   * ```
   *
   * @throws {AriProxyError} With the code `closed`, or `invalid` for a name that cannot be part of a
   * subject.
   */
  events<T extends AriEventType = AriEventType>(
    options: EventsOptions<T> = {},
  ): EventStream<EventOf<T>> {
    this.lifetime.assertOpen();
    const { key = {} } = options;
    const place = this.key({
      app: key.app,
      node: options.node ?? key.node,
      dialog: options.dialog ?? key.dialog,
    });
    const source = eventSource(this.shared.hub, this.lifetime, { ...options, place });
    return new EventStream(source, options);
  }

  /**
   * Runs a task after all that clients of this connection have begun about the same entity before.
   *
   * @internal
   */
  inOrder<T>({ kind, id }: Key, task: () => Promise<T>): Promise<T> {
    return this.shared.order.run(`${kind} ${id}`, task);
  }

  /**
   * Closes the client: its streams end, and its requests in flight reject with the code `closed`. A
   * client from {@linkcode connect} closes the connection, and with it those derived from it.
   */
  async close(): Promise<void> {
    this.lifetime.end();
    await (this.#isRoot ? this.shared.close() : this.shared.closings());
  }

  /** Closes the client. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #untilEnd(stop: () => void): () => void {
    const leave = this.lifetime.onEnd(stop);
    return () => {
      leave();
      stop();
    };
  }

  /** Sends something that the end of the client aborts. */
  async #send<R>(
    options: AriRequestOptions,
    send: (options: AriRequestOptions) => Promise<R>,
  ): Promise<R> {
    this.lifetime.assertOpen();
    options.signal?.throwIfAborted();
    const { timeout, retries = this.options.retries ?? 1 } = options;
    const { signal, release } = anySignal([this.lifetime.signal, options.signal]);
    try {
      return await send({ signal, retries, ...(timeout !== undefined && { timeout }) });
    } finally {
      release();
    }
  }
}

/**
 * The result of a kind in a response, with keys in the dialog of the request, which proxies in Go leave
 * out.
 *
 * @throws {AriProxyError} With the code `failed` when the response holds something else.
 */
function resultOf<K extends Kind>(kind: K, request: Key, { key, keys = [], data }: Response) {
  const inDialog = (found: Key): Key =>
    request.dialog && !found.dialog ? { ...found, dialog: request.dialog } : found;
  const pick = (): unknown => {
    const { reply, entity } = kindRows[kind];
    switch (reply) {
      case "ok":
        return undefined;
      case "key":
        return key && inDialog(key);
      case "keys":
        return keys.map(inDialog);
      case "data": {
        const name = entities[entity].data;
        const value = data?.[name];
        // An empty variable is left out of the response.
        if (value === undefined && entity === "variable") return "";
        if (value !== undefined) return value;
        throw new AriProxyError("failed", `Malformed response: ${kind} needs ${name} in the data`);
      }
    }
  };
  // The table holds for each kind which member holds the result, which the compiler cannot follow.
  return pick() as Result<K>;
}
