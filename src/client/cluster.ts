import type { BusStatus } from "../bus/bus.ts";
import type { Key } from "../protocol/key.ts";
import { acts, type Kind, kindRows, type Payload, type Result } from "../protocol/kinds/kinds.ts";
import { anySignal } from "./any_signal.ts";
import type { Answers, AriRequestOptions } from "./ari_client_options.ts";
import { Requester, type RequestLimits } from "./requester.ts";
import type { ClientParts } from "./client_parts.ts";
import type { ClusterNode } from "./nodes.ts";
import { mostTelling } from "./gather.ts";
import { guarded } from "./guarded.ts";
import type { NodeChange } from "./node_watch.ts";
import { resultOf } from "./result.ts";
import { retryLate } from "./retry_late.ts";

/** The part of a client that asks: who is there, and requests of every kind. */
export abstract class ClusterClient implements AsyncDisposable {
  /** Stasis application of the client. */
  readonly app: string | undefined;
  /** Node of the client; only a derived client has one. */
  readonly node: string | undefined;
  /** Dialog of the client. */
  readonly dialogId: string | undefined;
  /**
   * What it is made on.
   *
   * @internal
   */
  protected readonly parts: ClientParts;
  readonly #requests: Requester;

  /**
   * Makes a client.
   *
   * @internal
   */
  protected constructor(parts: ClientParts) {
    const { core, scope, options, isRoot } = parts;
    const { app, timeout, once } = options;
    this.app = app || undefined;
    this.node = options.node || undefined;
    this.dialogId = options.dialog || undefined;
    this.parts = parts;
    this.#requests = new Requester(core.bus, {
      cluster: core.cluster,
      ...(app && { app }),
      ...(timeout !== undefined && { timeout }),
      ...(once !== undefined && { once }),
    });
    if (isRoot) scope.onEnd(() => void core.close());
  }

  /** Whether the client is closed. */
  get closed(): boolean {
    return this.parts.scope.ended;
  }

  /** Resolves when the nodes that are there have probably been heard of. */
  get settled(): Promise<void> {
    return this.parts.core.cluster.settled;
  }

  /** The nodes that are there, those of the client's application if it has one, and its node. */
  get nodes(): readonly ClusterNode[] {
    return this.parts.core.cluster.members(this.key({}));
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
    this.parts.scope.assertOpen();
    const stop = this.parts.core.watch.onChange((change) => {
      const { app, node } = change.node;
      if ((this.app ?? app) === app && (this.node ?? node) === node) listener(change);
    });
    return this.#untilEnd(stop);
  }

  /**
   * Calls the listener at each change of the connection to the bus. What happens while it is lost is
   * not told later: after a `connected` a program that counts on events looks how things are. Returns
   * a function that stops it.
   */
  onStatus(listener: (status: BusStatus) => void): () => void {
    this.parts.scope.assertOpen();
    const stop = this.parts.core.bus.onStatus((status) => guarded(() => listener(status)));
    return this.#untilEnd(stop);
  }

  /** The key with what it lacks of the client's application, node and dialog. */
  key(key: Key): Key {
    const app = key.app || this.app;
    // The client's node goes with its application; without one it goes with all.
    const node = key.node || (!this.app || app === this.app ? this.node : undefined);
    const dialog = key.dialog ?? this.dialogId;
    return { ...key, ...(app && { app }), ...(node && { node }), ...(dialog && { dialog }) };
  }

  /**
   * Sends a request of any kind. With complete coordinates in the key one node is asked. Without, all
   * that match, and the first success counts; one of them when something is to be made; and for lists
   * the answers of all make one.
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
   * @param payload What the kind needs.
   * @returns A key, a list of keys, data, or nothing, as the kind has it.
   * @throws {AriProxyError} With the code `not_found`, `conflict`, `invalid`, `denied`, `unsupported`,
   * `asterisk_down`, `too_large` or `failed` when a node refused it; `no_node` when nobody is there;
   * `timeout` when nobody answered in time: then nobody knows whether it was carried out; `closed`.
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
        kind,
        payload,
        options,
        (call) => this.#requests.gather(kind, wanted, payload, call),
      );
      if (responses.length === 0) throw mostTelling(errors);
      const keys = responses.flatMap(({ keys = [] }) => keys);
      return resultOf(kind, { error: "", keys: keys.map((found) => inDialog(found, wanted)) });
    }
    const response = await this.#send(
      kind,
      payload,
      options,
      (call) => this.#requests.request(kind, wanted, payload, call),
    );
    const { key: found } = response;
    return resultOf(kind, found ? { ...response, key: inDialog(found, wanted) } : response);
  }

  /**
   * Sends a request to all nodes that match the key, and waits until all that are known have answered
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
   * @throws {AriProxyError} With the code `no_node`, `timeout` when nobody answered, or `closed`.
   */
  async gather<K extends Kind>(
    kind: K,
    key: Key = {},
    payload?: Payload<K>,
    options: AriRequestOptions = {},
  ): Promise<Answers<Result<K>>> {
    const wanted = this.key(key);
    const { responses, errors, missing } = await this.#send(
      kind,
      payload,
      options,
      (call) => this.#requests.gather(kind, wanted, payload, call),
    );
    const items = responses.map(({ key: one, keys, ...rest }) =>
      resultOf(kind, {
        ...rest,
        ...(one && { key: inDialog(one, wanted) }),
        ...(keys && { keys: keys.map((found) => inDialog(found, wanted)) }),
      })
    );
    return { items, errors, missing };
  }

  /**
   * Does something when what clients of this connection have begun so before, about the same entity, is
   * done or has failed.
   *
   * @internal
   */
  inOrder<T>({ kind, id }: Key, task: () => Promise<T>): Promise<T> {
    return this.parts.core.order.run(`${kind} ${id}`, task);
  }

  /**
   * Closes the client: its streams end, and its requests under way reject with the code `closed`. A
   * client from {@linkcode connect} closes the connection, and with it those derived from it.
   */
  async close(): Promise<void> {
    this.parts.scope.end();
    await (this.parts.isRoot ? this.parts.core.close() : this.parts.core.closings());
  }

  /** Closes the client. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #untilEnd(stop: () => void): () => void {
    const leave = this.parts.scope.onEnd(stop);
    return () => {
      leave();
      stop();
    };
  }

  /** Sends something, with the client's end as a reason to give up, and again where that is harmless. */
  async #send<K extends Kind, R>(
    kind: K,
    payload: Payload<K> | undefined,
    options: AriRequestOptions,
    send: (options: RequestLimits) => Promise<R>,
  ): Promise<R> {
    this.parts.scope.assertOpen();
    options.signal?.throwIfAborted();
    const retries = acts(kind, payload) ? 0 : options.retries ?? this.parts.options.retries ?? 1;
    const { timeout } = options;
    const { signal, release } = anySignal([this.parts.scope.signal, options.signal]);
    try {
      return await retryLate(
        () => send({ signal, ...(timeout !== undefined && { timeout }) }),
        retries,
      );
    } finally {
      release();
    }
  }
}

/** The key in the dialog of the request, which proxies in Go leave out of their answers. */
function inDialog(key: Key, request: Key): Key {
  return request.dialog && !key.dialog ? { ...key, dialog: request.dialog } : key;
}
