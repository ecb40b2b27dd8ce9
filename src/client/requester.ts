/**
 * A client of the cluster: sends requests to the proxies that they concern and gathers the answers.
 *
 * @module
 */
import { type Bus, BusError, type BusMessage } from "../bus/bus.ts";
import { pause } from "../common/pause.ts";
import { AriProxyError, type ErrorCode, withOutcome } from "../protocol/errors.ts";
import type { Key } from "../protocol/key.ts";
import { acts, classOf, type Kind, kindRows, type Payload } from "../protocol/kinds/kinds.ts";
import { mint } from "../protocol/mint.ts";
import { encodeRequest } from "../protocol/request.ts";
import { decodeResponse, type Response } from "../protocol/response.ts";
import { requestSubject } from "../protocol/subjects.ts";
import { anySignal } from "./any_signal.ts";
import { busFailure, noAnswer } from "./bus_failure.ts";
import { Cluster, type ClusterOptions } from "./nodes.ts";
import { gather, type Gathered, type GatherOptions, mostTelling, type Outgoing } from "./gather.ts";
import { readAnswer } from "./read_answer.ts";
import { type ResendPlan, withResends } from "./resend.ts";

/** Options of {@linkcode Requester}. */
export interface RequesterOptions {
  /** Application for keys that name none. Without it such requests go to all applications. */
  readonly app?: string;
  /**
   * How long to wait for answers, in milliseconds.
   *
   * @default {5_000}
   */
  readonly timeout?: number;
  /**
   * Whether what acts carries an ID and a deadline, so that a proxy does it once and not late, and is
   * sent again when the bus lost it and that cannot do it twice. The clocks of client and proxy have
   * to agree to within the timeout.
   *
   * @default {true}
   */
  readonly once?: boolean;
  /** How the members of the cluster are kept, or a cluster to share, which is then left open. */
  readonly cluster?: ClusterOptions | Cluster;
}

/** How long a request may take. */
export interface RequestLimits {
  /** How long to wait for answers, in milliseconds. */
  readonly timeout?: number;
  /** Gives the request up; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** When a request is over. */
interface Patience {
  /** When it is over, in milliseconds since 1970. */
  readonly deadline: number;
  /** Gives it up. */
  readonly signal?: AbortSignal;
}

/** Codes of a proxy that has not carried a request out, where another one of its node may do it. */
const notCarriedOut: readonly ErrorCode[] = ["no_node", "denied", "unsupported", "asterisk_down"];

/** Sends requests to the proxies of a cluster. The bus stays open when the client is closed. */
export class Requester implements Disposable {
  /** Who is there. */
  readonly cluster: Cluster;
  readonly #bus: Bus;
  readonly #app: string | undefined;
  readonly #timeout: number;
  readonly #once: boolean;
  readonly #ownsCluster: boolean;

  /** Makes a client on a bus. */
  constructor(bus: Bus, options: RequesterOptions = {}) {
    this.#bus = bus;
    this.#app = options.app;
    this.#timeout = options.timeout ?? 5_000;
    this.#once = options.once ?? true;
    const { cluster } = options;
    this.#ownsCluster = !(cluster instanceof Cluster);
    this.cluster = cluster instanceof Cluster ? cluster : new Cluster(bus, cluster);
  }

  /** The key with the client's application if it names none. */
  key(key: Key): Key {
    return key.app || !this.#app ? key : { ...key, app: this.#app };
  }

  /**
   * Sends a request and returns the answer of the proxy that could carry it out.
   *
   * With complete coordinates one proxy is asked; otherwise all that match, or any one of them when
   * something is to be made, and the first success counts. A request about an entity that has to be
   * carried out on the entity's own node is preceded by a search for it.
   *
   * @throws {AriProxyError} The error of a proxy that answered when none succeeded, `no_node` when nobody
   * listens, `timeout` when nobody answered in time, `unreachable` when the bus is not connected or the
   * connection broke, or `closed`.
   */
  async request<K extends Kind>(
    kind: K,
    key: Key,
    payload?: Payload<K>,
    options: RequestLimits = {},
  ): Promise<Response> {
    const patience = this.#patience(options);
    const wanted = this.key(key);
    return await this.#throughNode(
      wanted,
      patience,
      (key) => this.#request(kind, key, payload, patience),
    );
  }

  async #request<K extends Kind>(
    kind: K,
    key: Key,
    payload: Payload<K> | undefined,
    patience: Patience,
  ): Promise<Response> {
    const wanted = await this.#located(kind, key, patience);
    const request = this.#marked(kind, wanted, payload, patience);
    if (wanted.app && wanted.node) return this.#direct(request, patience);
    const one = classOf(kind, payload) === "create";
    const { responses, errors, missing } = await this.#gather(
      request,
      patience,
      (soFar) => soFar.responses.length > 0 || one && soFar.errors.length > 0,
    );
    if (responses.length > 0) return responses[0];
    const error = mostTelling(errors);
    if (!error) throw noAnswer();
    // One that has not answered may have carried it out.
    throw missing > 0 && !one ? withOutcome(error, "unknown") : error;
  }

  /**
   * Sends a request to all proxies that match the key and gathers their answers, until all that are
   * known to match have answered or the time is over. Without an application each node is asked through
   * one of its applications.
   *
   * @throws {AriProxyError} With the code `no_node` when nobody listens, `timeout` when nobody
   * answered in time, `unreachable` or `closed`.
   */
  async gather<K extends Kind>(
    kind: K,
    key: Key,
    payload?: Payload<K>,
    options: RequestLimits = {},
  ): Promise<Gathered> {
    const patience = this.#patience(options);
    const wanted = this.key(key);
    // What a proxy has of its own differs between the applications of a node.
    const own = kindRows[kind].entity === "history";
    const anyone = own || classOf(kind, payload) === "create";
    const nodes = wanted.app
      ? []
      : wanted.node
      ? [wanted.node]
      : anyone
      ? []
      : await this.#nodes(patience);
    const gathered = nodes.length > 0
      ? await this.#gatherNodes(
        nodes,
        (node) =>
          this.#throughNode(
            { ...wanted, node },
            patience,
            (key) => this.#direct(this.#marked(kind, key, payload, patience), patience),
          ),
        patience.signal,
      )
      : await this.#gather(this.#marked(kind, wanted, payload, patience), patience);
    if (gathered.responses.length + gathered.errors.length === 0) throw noAnswer();
    return gathered;
  }

  /** Stops listening to the cluster, unless that was handed in. */
  [Symbol.dispose](): void {
    if (this.#ownsCluster) this.cluster[Symbol.dispose]();
  }

  #patience({ timeout = this.#timeout, signal }: RequestLimits): Patience {
    return { deadline: Date.now() + timeout, ...(signal && { signal }) };
  }

  /**
   * Sends a request whose key names a node without an application through one that the node serves, since a
   * subject has no node without one; through the next one when a proxy of that does not carry it out.
   */
  async #throughNode(
    key: Key,
    patience: Patience,
    send: (key: Key) => Promise<Response>,
  ): Promise<Response> {
    const { node } = key;
    if (key.app || !node) return await send(key);
    await this.#appearance(node, patience);
    let failure = new AriProxyError("no_node", `No proxy serves the node ${node}`, {
      outcome: "not_sent",
    });
    for (const app of new Set(this.cluster.members({ node }).map(({ app }) => app))) {
      try {
        return await send({ ...key, app });
      } catch (error) {
        if (!(error instanceof AriProxyError) || !notCarriedOut.includes(error.code)) throw error;
        failure = error;
      }
    }
    throw failure;
  }

  /** Resolves when a node has probably been heard of if it is there; without the bus when that is back. */
  async #appearance(node: string, patience: Patience): Promise<void> {
    await this.#settled(patience);
    const { deadline, signal } = patience;
    const plan = {
      bus: this.#bus,
      cluster: this.cluster,
      key: { node },
      repeatable: "always",
      deadline,
      ...(signal && { signal }),
    } as const;
    await withResends(plan, () => {
      if (this.#bus.connected || this.cluster.members({ node }).length > 0) {
        return Promise.resolve();
      }
      const text = `Cannot look for the node ${node}: the bus is not connected`;
      const cause = new BusError("disconnected", text, { unsent: true });
      return Promise.reject(busFailure(cause));
    });
  }

  /** The nodes that are there, when they have been heard of. */
  async #nodes(patience: Patience): Promise<readonly string[]> {
    await this.#settled(patience);
    return [...new Set(this.cluster.members().map(({ node }) => node))];
  }

  async #settled({ deadline, signal }: Patience): Promise<void> {
    const over = new AbortController();
    const { signal: either, release } = anySignal([signal, over.signal]);
    const late = pause(Math.max(0, deadline - Date.now()), either);
    late.catch(() => {});
    try {
      await Promise.race([this.cluster.settled, late]);
    } finally {
      over.abort();
      release();
    }
  }

  /** Asks several nodes, and gathers their answers. */
  async #gatherNodes(
    nodes: readonly string[],
    ask: (node: string) => Promise<Response>,
    signal: AbortSignal | undefined,
  ): Promise<Gathered> {
    const responses: Response[] = [];
    const errors: AriProxyError[] = [];
    const lost: AriProxyError[] = [];
    await Promise.all(nodes.map(async (node) => {
      try {
        responses.push(await ask(node));
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof AriProxyError)) throw error;
        // Those of the bus are about a node that has not answered.
        const silent = error.cause instanceof BusError || error.code === "no_node";
        (silent ? lost : errors).push(error);
      }
    }));
    if (responses.length + errors.length === 0 && lost.length > 0) throw lost[0];
    return { responses, errors, missing: lost.length };
  }

  /** The key with the coordinates of the node that has the entity, where the kind asks for it. */
  async #located(kind: Kind, key: Key, patience: Patience): Promise<Key> {
    const row = kindRows[kind];
    if (row.class !== "create" || !row.about || key.app && key.node) return key;
    const search = row.about === "bridge" ? "BridgeGet" : "ChannelGet";
    const { deadline, signal } = patience;
    const timeout = Math.max(0, deadline - Date.now());
    try {
      // The dialog is left to the request proper: a search must not bind it.
      const found = await this.request(search, { ...key, dialog: "" }, undefined, {
        timeout,
        ...(signal && { signal }),
      });
      return { ...key, app: found.key?.app ?? key.app, node: found.key?.node ?? key.node };
    } catch (error) {
      throw error instanceof AriProxyError && error.outcome === "unknown"
        ? withOutcome(error, "not_sent")
        : error;
    }
  }

  /** The request; with its marks when it acts. */
  #marked<K extends Kind>(
    kind: K,
    key: Key,
    payload: Payload<K> | undefined,
    { deadline }: Patience,
  ): Outgoing<K> {
    const marks = this.#once && acts(kind, payload) ? { id: mint("rq"), deadline } : {};
    return { kind, key, payload, ...marks };
  }

  #direct<K extends Kind>(request: Outgoing<K>, patience: Patience): Promise<Response> {
    const { kind, key, payload, ...marks } = request;
    const subject = requestSubject(classOf(kind, payload), key);
    const data = encodeRequest(kind, key, payload, marks);
    return withResends(this.#resends(request, patience), async (timeout) => {
      let response: Response = { error: "" };
      const accept = (message: BusMessage) => {
        const decoded = decodeResponse(message.data);
        if (decoded) response = decoded;
        return decoded !== undefined;
      };
      try {
        const { signal } = patience;
        const message = await this.#bus.request(subject, data, { timeout, signal, accept });
        return readAnswer(request, response, message);
      } catch (error) {
        throw busFailure(error, subject);
      }
    });
  }

  #gather<K extends Kind>(
    request: Outgoing<K>,
    patience: Patience,
    enough?: GatherOptions["enough"],
  ): Promise<Gathered> {
    const { signal } = patience;
    return withResends(
      this.#resends(request, patience),
      (timeout) => gather(this.#bus, request, { cluster: this.cluster, timeout, signal, enough }),
    );
  }

  #resends<K extends Kind>(
    { kind, key, payload, id }: Outgoing<K>,
    { deadline, signal }: Patience,
  ): ResendPlan {
    const repeatable = !acts(kind, payload)
      ? "always"
      : id === undefined
      ? "never"
      : key.app && key.node
      ? "same_process"
      : "unless_sent";
    return {
      bus: this.#bus,
      cluster: this.cluster,
      key,
      repeatable,
      deadline,
      ...(signal && { signal }),
    };
  }
}
