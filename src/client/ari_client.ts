import type { Bus, BusStatus } from "../bus/bus.ts";
import { AriProxyError } from "../protocol/errors.ts";
import type { Key } from "../protocol/key.ts";
import type { Kind, Payload, Result } from "../protocol/kinds.ts";
import { classOf, operations } from "../protocol/operations.ts";
import { anySignal } from "./any_signal.ts";
import type {
  Answers,
  AriClientOnOptions,
  AriClientOptions,
  AriRequestOptions,
  DeriveOptions,
  EventsOptions,
  ListenOptions,
} from "./ari_client_options.ts";
import { type CallOptions, Client, mostTelling } from "./client.ts";
import type { Member } from "./cluster.ts";
import { ClientCore } from "./client_core.ts";
import { callSource } from "./events/call_source.ts";
import { Calls } from "./events/calls.ts";
import { eventSource } from "./events/event_source.ts";
import { EventStream } from "./events/event_stream.ts";
import type { AriEventType, EventOf } from "./events/types.ts";
import { Channel } from "./handles/channel.ts";
import type { NodeChange } from "./node_watch.ts";
import { Applications } from "./resources/applications.ts";
import { AsteriskResource } from "./resources/asterisk.ts";
import { Bridges } from "./resources/bridges.ts";
import { Channels } from "./resources/channels.ts";
import { DeviceStates } from "./resources/device_states.ts";
import { Endpoints } from "./resources/endpoints.ts";
import { Mailboxes } from "./resources/mailboxes.ts";
import { Playbacks } from "./resources/playbacks.ts";
import { Recordings } from "./resources/recordings.ts";
import { Sounds } from "./resources/sounds.ts";
import { resultOf } from "./result.ts";
import { Scope } from "./scope.ts";

/**
 * A client of a cluster of Asterisks. {@linkcode connect} makes one.
 *
 * Requests that name no node go to the node that has the entity; what is to be made is made on any
 * one node; lists are those of all nodes together.
 *
 * ```ts no-run
 * import { connect } from "@ari-proxy/ari-proxy";
 *
 * await using client = await connect({ app: "demo" });
 * for await (const { channel } of client.calls()) {
 *   await channel.answer();
 *   await channel.play("sound:hello-world").finished;
 *   await channel.hangup();
 * }
 * ```
 */
export class AriClient implements AsyncDisposable {
  /** Stasis application of the client. */
  readonly app: string | undefined;
  /** Node of the client; only a derived client has one. */
  readonly node: string | undefined;
  /** Dialog of the client. */
  readonly dialogId: string | undefined;
  /** Channels, that is calls and their halves. */
  readonly channels: Channels = new Channels(this);
  /** Bridges, which connect channels. */
  readonly bridges: Bridges = new Bridges(this);
  /** Playbacks, of media to channels and bridges. */
  readonly playbacks: Playbacks = new Playbacks(this);
  /** Recordings, live and stored. */
  readonly recordings: Recordings = new Recordings(this);
  /** Endpoints, such as telephones and trunks. */
  readonly endpoints: Endpoints = new Endpoints(this);
  /** States of devices. */
  readonly deviceStates: DeviceStates = new DeviceStates(this);
  /** Mailboxes. */
  readonly mailboxes: Mailboxes = new Mailboxes(this);
  /** Sounds that can be played. */
  readonly sounds: Sounds = new Sounds(this);
  /** Stasis applications. */
  readonly applications: Applications = new Applications(this);
  /** Asterisk itself: info, variables, modules, log, configuration. */
  readonly asterisk: AsteriskResource = new AsteriskResource(this);

  readonly #core: ClientCore;
  readonly #scope: Scope;
  readonly #options: AriClientOptions;
  readonly #requests: Client;
  readonly #isRoot: boolean;

  private constructor(core: ClientCore, scope: Scope, options: AriClientOptions, isRoot: boolean) {
    this.app = options.app || undefined;
    this.node = options.node || undefined;
    this.dialogId = options.dialog || undefined;
    this.#core = core;
    this.#scope = scope;
    this.#options = options;
    this.#isRoot = isRoot;
    const { app, timeout } = options;
    this.#requests = new Client(core.bus, {
      cluster: core.cluster,
      ...(app && { app }),
      ...(timeout !== undefined && { timeout }),
    });
    if (isRoot) scope.onEnd(() => void core.close());
  }

  /** Makes a client on a bus, which stays open when the client is closed. */
  static on(bus: Bus, options: AriClientOnOptions = {}): AriClient {
    const { signal, ownsBus = false, nodeMaxAge } = options;
    const scope = new Scope("client", signal && { signal });
    const core = new ClientCore(bus, { ownsBus, ...(nodeMaxAge && { maxAge: nodeMaxAge }) });
    return new AriClient(core, scope, options, true);
  }

  /**
   * Makes a client that shares connection and nodes with this one. Closing it, or aborting its signal,
   * ends its own requests and streams only; it ends with its parent.
   *
   * ```ts no-run
   * import { connect } from "@ari-proxy/ari-proxy";
   *
   * await using client = await connect({ app: "demo" });
   * await using patient = client.derive({ timeout: 30_000, signal: AbortSignal.timeout(60_000) });
   * await patient.asterisk.info();
   * ```
   *
   * @throws {AriProxyError} With the code `closed`.
   */
  derive(options: DeriveOptions = {}): AriClient {
    this.#scope.assertOpen();
    const { signal, ...rest } = options;
    const scope = new Scope("client", { parent: this.#scope, ...(signal && { signal }) });
    const { signal: _own, ...inherited } = this.#options;
    return new AriClient(this.#core, scope, { ...inherited, ...rest }, false);
  }

  /**
   * Makes a client whose requests bind what they touch to a dialog, and whose events are those of the
   * dialog.
   *
   * ```ts no-run
   * import { connect } from "@ari-proxy/ari-proxy";
   *
   * await using client = await connect({ app: "demo" });
   * const dialog = client.dialog("order-17");
   * await using events = dialog.events({ type: "ChannelDestroyed" });
   * await events.ready;
   * await dialog.channels.originate({ endpoint: "PJSIP/alice" });
   * for await (const event of events) console.log(event.cause_txt);
   * ```
   */
  dialog(id: string): AriClient {
    return this.derive({ dialog: id });
  }

  /** Whether the client is closed. */
  get closed(): boolean {
    return this.#scope.ended;
  }

  /** Resolves when the nodes that are there have probably been heard of. */
  get settled(): Promise<void> {
    return this.#core.cluster.settled;
  }

  /** The nodes that are there, those of the client's application if it has one, and its node. */
  get nodes(): readonly Member[] {
    return this.#core.cluster.members(this.key({}));
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
    this.#scope.assertOpen();
    const stop = this.#core.watch.onChange((change) => {
      const { app, node } = change.node;
      if ((this.app ?? app) === app && (this.node ?? node) === node) listener(change);
    });
    const leave = this.#scope.onEnd(stop);
    return () => {
      leave();
      stop();
    };
  }

  /**
   * Calls the listener at each change of the connection to the bus. What happens while it is lost is
   * not told later: after a `connected` a program that counts on events looks how things are. Returns
   * a function that stops it.
   */
  onStatus(listener: (status: BusStatus) => void): () => void {
    this.#scope.assertOpen();
    const stop = this.#core.bus.onStatus(listener);
    const leave = this.#scope.onEnd(stop);
    return () => {
      leave();
      stop();
    };
  }

  /** The key with what it lacks of the client's application, node and dialog. */
  key(key: Key): Key {
    const app = key.app || this.app;
    // A node without the application it goes with would not be of this client.
    const node = key.node || (app === this.app ? this.node : undefined);
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
    if (operations[kind].reply === "keys") {
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
   * The events of the client's application, or those that the options ask for.
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
   * @throws {AriProxyError} With the code `closed`, or `invalid` for what cannot be part of a subject.
   */
  events<T extends AriEventType = AriEventType>(
    options: EventsOptions<T> = {},
  ): EventStream<EventOf<T>> {
    this.#scope.assertOpen();
    const { key = {} } = options;
    const place = this.key({
      app: key.app,
      node: options.node ?? key.node,
      dialog: options.dialog ?? key.dialog,
    });
    return new EventStream(
      eventSource(this.#core.hub, this.#scope, { ...options, place }),
      options,
    );
  }

  /**
   * New calls of the client's application, of which each goes to exactly one of the listeners in the
   * cluster. Channels that a program has originated into the application are among them; their
   * arguments tell them apart.
   *
   * ```ts no-run
   * import { connect } from "@ari-proxy/ari-proxy";
   *
   * await using client = await connect({ app: "demo" });
   * for await (const { channel, args } of client.calls()) {
   *   if (args[0] === "callee") continue;
   *   await channel.continueInDialplan({ context: "demo", extension: "after", priority: 1 });
   * }
   * ```
   *
   * @throws {AriProxyError} With the code `closed`, or `invalid` when the client has no application.
   */
  calls(options: ListenOptions = {}): Calls {
    this.#scope.assertOpen();
    const { app, node } = this;
    if (!app) {
      throw new AriProxyError("invalid", "Cannot listen for calls: the client has no application");
    }
    const join = callSource(this.#core, this.#scope, {
      app,
      ...(node && { node }),
      ...(options.signal && { signal: options.signal }),
      channel: (key) => new Channel(this, key),
    });
    return new Calls(join, options);
  }

  /**
   * Closes the client: its streams end, and its requests under way reject with the code `closed`. A
   * client from {@linkcode connect} closes the connection, and with it those derived from it.
   */
  async close(): Promise<void> {
    this.#scope.end();
    await (this.#isRoot ? this.#core.close() : this.#core.closings());
  }

  /** Closes the client. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Sends something, with the client's end as a reason to give up, and again where that is harmless. */
  async #send<K extends Kind, R>(
    kind: K,
    payload: Payload<K> | undefined,
    options: AriRequestOptions,
    send: (options: CallOptions) => Promise<R>,
  ): Promise<R> {
    this.#scope.assertOpen();
    options.signal?.throwIfAborted();
    const reads = ["get", "data"].includes(classOf(kind, payload));
    const retries = reads ? options.retries ?? this.#options.retries ?? 1 : 0;
    const { timeout } = options;
    const { signal, release } = anySignal([this.#scope.signal, options.signal]);
    try {
      for (let attempt = 0;; attempt++) {
        try {
          return await send({ signal, ...(timeout !== undefined && { timeout }) });
        } catch (error) {
          const late = error instanceof AriProxyError && error.code === "timeout";
          if (!late || attempt >= retries) throw error;
        }
      }
    } finally {
      release();
    }
  }
}

/** The key in the dialog of the request, which proxies in Go leave out of their answers. */
function inDialog(key: Key, request: Key): Key {
  return request.dialog && !key.dialog ? { ...key, dialog: request.dialog } : key;
}
