/**
 * Sends requests to the proxies that they concern and gathers the responses: locates the entity, sends
 * to one node or to all, again where that is harmless, within one deadline.
 *
 * @module
 */
import { type Bus, BusError, type BusMessage } from "../bus/bus.ts";
import { pause } from "../common/pause.ts";
import {
  AriProxyError,
  codeOfError,
  type ErrorCode,
  outcomeOfError,
  withOutcome,
} from "../protocol/errors.ts";
import { nodeHeader, reasonHeader } from "../protocol/headers.ts";
import type { Key } from "../protocol/key.ts";
import { acts, classOf, type Kind, kindRows, type Payload } from "../protocol/kinds/kinds.ts";
import { mint } from "../protocol/mint.ts";
import { encodeRequest } from "../protocol/request.ts";
import { decodeResponse, type Response } from "../protocol/response.ts";
import { requestSubject } from "../protocol/subjects.ts";
import { busFailure, noResponse } from "./bus_failure.ts";
import { anySignal } from "./lifetime.ts";
import { NodeDirectory, type NodeDirectoryOptions } from "./nodes.ts";
import { type ResendPlan, withResends } from "./resend.ts";

/** Options of a request. */
export interface AriRequestOptions {
  /**
   * How long to wait for responses, in milliseconds.
   *
   * @default that of the client
   */
  readonly timeout?: number;
  /**
   * Aborts the request, which then rejects with the signal's reason. It may be carried out nevertheless.
   *
   * @default none
   */
  readonly signal?: AbortSignal;
  /**
   * How often a request that only reads is sent again after a timeout.
   *
   * @default that of the client
   */
  readonly retries?: number;
}

/** The results of a request to many nodes. */
export interface GatheredResults<T> {
  /** The results of those that succeeded, in order of arrival. */
  readonly items: readonly T[];
  /** The errors of the others. */
  readonly errors: readonly AriProxyError[];
  /** How many known nodes did not respond in time. */
  readonly missing: number;
}

/** The responses to a request to many proxies. */
export interface Gathered {
  /** The responses of those that succeeded, in order of arrival. */
  readonly responses: readonly Response[];
  /** The errors of the others. */
  readonly errors: readonly AriProxyError[];
  /** How many known proxies or nodes did not respond in time. */
  readonly missing: number;
}

/** A request that is being carried out. */
interface Pending<K extends Kind = Kind> {
  readonly kind: K;
  readonly key: Key;
  readonly payload: Payload<K> | undefined;
  /** When its timeout is over, in milliseconds since 1970. */
  readonly deadline: number;
  readonly signal?: AbortSignal;
}

/** A request as it is published. */
interface Encoded {
  readonly subject: string;
  readonly data: Uint8Array;
  /** Whether it has an ID, for which a process carries it out once. */
  readonly once: boolean;
}

/** Codes of a proxy that did not carry a request out, which another one of its node may do. */
const notCarriedOut: readonly ErrorCode[] = ["no_node", "denied", "unsupported", "asterisk_down"];

/** Sends requests to the proxies of a cluster. Disposing it leaves the bus open. */
export class Requester implements Disposable {
  /** The nodes that are announced. */
  readonly nodes: NodeDirectory;
  readonly #bus: Bus;
  readonly #app: string | undefined;
  readonly #timeout: number;
  readonly #once: boolean;
  readonly #ownsNodes: boolean;

  /** Makes a requester on a bus. */
  constructor(bus: Bus, options: {
    /** Application for keys that name none. Without it such requests go to all applications. */
    readonly app?: string;
    /** How long to wait for responses, in milliseconds. @default {5_000} */
    readonly timeout?: number;
    /** Whether what acts has an ID and a deadline, as in {@linkcode AriClientOptions}. @default {true} */
    readonly once?: boolean;
    /** How the proxies are kept, or a directory to share, which stays open. */
    readonly nodes?: NodeDirectoryOptions | NodeDirectory;
  } = {}) {
    const { nodes } = options;
    this.#bus = bus;
    this.#app = options.app;
    this.#timeout = options.timeout ?? 5_000;
    this.#once = options.once ?? true;
    this.#ownsNodes = !(nodes instanceof NodeDirectory);
    this.nodes = nodes instanceof NodeDirectory ? nodes : new NodeDirectory(bus, nodes);
  }

  /**
   * Sends a request and returns the response of the proxy that carried it out.
   *
   * With complete coordinates one proxy gets it; otherwise all that match, or any one of them when
   * something is to be created, and the first success counts. A request about an entity that has to be
   * carried out on the entity's own node is preceded by a search for it.
   *
   * @throws {AriProxyError} The error of a proxy when none succeeded, `no_node` when no proxy is
   * subscribed, `timeout` when none responded in time, `unreachable` when the bus is not connected or the
   * connection was lost, or `closed`.
   */
  request<K extends Kind>(
    kind: K,
    key: Key,
    payload?: Payload<K>,
    options: AriRequestOptions = {},
  ): Promise<Response> {
    return this.#withRetries(
      { kind, key, payload, options },
      (pending) => this.#throughNode(pending, (located) => this.#request(located)),
    );
  }

  /**
   * Sends a request to all proxies that match the key and gathers their responses, until all that are
   * known to match have responded or the time is over. Without an application each node gets it through
   * one of its applications.
   *
   * @throws {AriProxyError} With the code `no_node` when no proxy is subscribed, `timeout` when none
   * responded in time, `unreachable` or `closed`.
   */
  gather<K extends Kind>(
    kind: K,
    key: Key,
    payload?: Payload<K>,
    options: AriRequestOptions = {},
  ): Promise<Gathered> {
    return this.#withRetries({ kind, key, payload, options }, async (pending) => {
      const gathered = await this.#gather(pending);
      if (gathered.responses.length + gathered.errors.length === 0) throw noResponse();
      return gathered;
    });
  }

  /** Disposes the directory of proxies, unless that is shared. */
  [Symbol.dispose](): void {
    if (this.#ownsNodes) this.nodes[Symbol.dispose]();
  }

  /** Sends a request, with a new deadline after each timeout when it only reads. */
  async #withRetries<K extends Kind, T>(
    { kind, key, payload, options }: {
      readonly kind: K;
      readonly key: Key;
      readonly payload: Payload<K> | undefined;
      readonly options: AriRequestOptions;
    },
    send: (pending: Pending<K>) => Promise<T>,
  ): Promise<T> {
    const { timeout = this.#timeout, signal } = options;
    const app = key.app || this.#app;
    for (let left = acts(kind, payload) ? 0 : options.retries ?? 0;; left--) {
      try {
        return await send({
          kind,
          key: { ...key, ...(app && { app }) },
          payload,
          deadline: Date.now() + timeout,
          ...(signal && { signal }),
        });
      } catch (error) {
        const late = error instanceof AriProxyError && error.code === "timeout";
        if (!late || left <= 0) throw error;
      }
    }
  }

  async #request<K extends Kind>(pending: Pending<K>): Promise<Response> {
    const located = { ...pending, key: await this.#located(pending) };
    if (located.key.app && located.key.node) return this.#direct(located);
    const one = classOf(pending.kind, pending.payload) === "create";
    const { responses, errors, missing } = await this.#broadcast(
      located,
      (soFar) => soFar.responses.length > 0 || one && soFar.errors.length > 0,
    );
    if (responses.length > 0) return responses[0];
    const error = mostSpecificError(errors);
    if (!error) throw noResponse();
    // One that has not responded may have carried it out.
    throw missing > 0 && !one ? withOutcome(error, "unknown") : error;
  }

  async #gather<K extends Kind>(pending: Pending<K>): Promise<Gathered> {
    const { kind, key, payload } = pending;
    if (key.app) return this.#broadcast(pending);
    if (key.node) return this.#gatherNodes([key.node], pending);
    // The history is an application's own, and what is created is created once.
    const broadcast = kindRows[kind].entity === "history" || classOf(kind, payload) === "create";
    if (broadcast) return this.#broadcast(pending);
    await this.#settled(pending);
    const nodes = new Set(this.nodes.members().map(({ node }) => node));
    return nodes.size > 0 ? this.#gatherNodes([...nodes], pending) : this.#broadcast(pending);
  }

  /** The key with the coordinates of the node that has the entity, where the kind demands it. */
  async #located<K extends Kind>({ kind, key, ...limits }: Pending<K>): Promise<Key> {
    const row = kindRows[kind];
    if (row.class !== "create" || !row.about || key.app && key.node) return key;
    const search = row.about === "bridge" ? "BridgeGet" : "ChannelGet";
    try {
      // Without the dialog: a search must not bind the entity to it.
      const place = { ...key, dialog: "" };
      const found = await this.#request({
        ...limits,
        kind: search,
        key: place,
        payload: undefined,
      });
      return { ...key, app: found.key?.app ?? key.app, node: found.key?.node ?? key.node };
    } catch (error) {
      throw error instanceof AriProxyError && error.outcome === "unknown"
        ? withOutcome(error, "not_sent")
        : error;
    }
  }

  /**
   * Sends a request whose key names a node without an application through one that the node serves, since a
   * subject has no node without one; through the next one when a proxy of that does not carry it out.
   */
  async #throughNode<K extends Kind>(
    pending: Pending<K>,
    send: (pending: Pending<K>) => Promise<Response>,
  ): Promise<Response> {
    const { key } = pending;
    const { node } = key;
    if (key.app || !node) return await send(pending);
    await this.#announced(node, pending);
    let failure = new AriProxyError("no_node", `No proxy serves the node ${node}`, {
      outcome: "not_sent",
    });
    for (const app of new Set(this.nodes.members({ node }).map(({ app }) => app))) {
      try {
        return await send({ ...pending, key: { ...key, app } });
      } catch (error) {
        if (!(error instanceof AriProxyError) || !notCarriedOut.includes(error.code)) throw error;
        failure = error;
      }
    }
    throw failure;
  }

  /** Resolves when a node that is there has probably announced itself; without the bus when that is back. */
  async #announced(node: string, pending: Pending): Promise<void> {
    await this.#settled(pending);
    await withResends(this.#resends({ ...pending, key: { node } }, "always"), () => {
      if (this.#bus.connected || this.nodes.members({ node }).length > 0) return Promise.resolve();
      const text = `Cannot look for the node ${node}: the bus is not connected`;
      const cause = new BusError("disconnected", text, { unsent: true });
      return Promise.reject(busFailure(cause));
    });
  }

  /** Resolves when the proxies that are there have probably announced themselves, or at the deadline. */
  async #settled({ deadline, signal }: Pending): Promise<void> {
    const over = new AbortController();
    const { signal: either, release } = anySignal([signal, over.signal]);
    const late = pause(Math.max(0, deadline - Date.now()), either);
    late.catch(() => {});
    try {
      await Promise.race([this.nodes.settled, late]);
    } finally {
      over.abort();
      release();
    }
  }

  #encode<K extends Kind>({ kind, key, payload, deadline }: Pending<K>): Encoded {
    const once = this.#once && acts(kind, payload);
    return {
      subject: requestSubject(classOf(kind, payload), key),
      data: encodeRequest(kind, key, payload, once ? { id: mint("rq"), deadline } : {}),
      once,
    };
  }

  #resends({ key, deadline, signal }: Pending, repeatable: ResendPlan["repeatable"]): ResendPlan {
    const { nodes } = this;
    return { bus: this.#bus, nodes, key, repeatable, deadline, ...(signal && { signal }) };
  }

  /** Sends a request to the proxy with its coordinates. */
  #direct<K extends Kind>(pending: Pending<K>): Promise<Response> {
    const { kind, payload, signal } = pending;
    const { subject, data, once } = this.#encode(pending);
    const repeatable = !acts(kind, payload) ? "always" : once ? "same_process" : "never";
    return withResends(this.#resends(pending, repeatable), async (timeout) => {
      let response: Response = { error: "" };
      const accept = (message: BusMessage) => {
        const decoded = decodeResponse(message.data);
        if (decoded) response = decoded;
        return decoded !== undefined;
      };
      try {
        const message = await this.#bus.request(subject, data, { timeout, signal, accept });
        return checkResponse(response, message, pending);
      } catch (error) {
        throw busFailure(error, subject);
      }
    });
  }

  /** Sends a request to all proxies that match its key; one of them gets it when it creates something. */
  #broadcast<K extends Kind>(pending: Pending<K>, enough?: Enough): Promise<Gathered> {
    const { kind, payload } = pending;
    const encoded = this.#encode(pending);
    const repeatable = !acts(kind, payload) ? "always" : encoded.once ? "unless_sent" : "never";
    return withResends(
      this.#resends(pending, repeatable),
      (timeout) => this.#collect(pending, encoded, { timeout, enough }),
    );
  }

  /** Collects responses until all known proxies have responded or the time is over. */
  async #collect<K extends Kind>(
    pending: Pending<K>,
    { subject, data }: Encoded,
    { timeout, enough = () => false }: { readonly timeout: number; readonly enough?: Enough },
  ): Promise<Gathered> {
    const responses: Response[] = [];
    const errors: AriProxyError[] = [];
    const missing = () => this.#expected(pending) - responses.length - errors.length;
    const stop = new AbortController();
    // Responses before all proxies are known must not end it.
    let settled = false;
    this.nodes.settled.then(() => {
      settled = true;
      if (responses.length + errors.length > 0 && missing() <= 0) stop.abort(complete);
    });
    const { signal, release } = anySignal([pending.signal, stop.signal]);
    try {
      const replyTo = mint("rp");
      for await (
        const message of this.#bus.requestMany(subject, data, { timeout, signal, replyTo })
      ) {
        const response = decodeResponse(message.data);
        if (!response) continue;
        try {
          responses.push(checkResponse(response, message, pending));
        } catch (error) {
          errors.push(busFailure(error));
        }
        if (enough({ responses, errors }) || settled && missing() <= 0) break;
      }
    } catch (error) {
      if (error !== complete) throw busFailure(error, subject);
    } finally {
      release();
    }
    return { responses, errors, missing: Math.max(0, missing()) };
  }

  /** How many responses the known proxies send. */
  #expected<K extends Kind>({ kind, key, payload }: Pending<K>): number {
    const members = this.nodes.members(key);
    // Of a process with several applications one carries out what goes to all of them.
    return !acts(kind, payload) || key.app
      ? members.length
      : new Set(members.map(({ app, node, id }) => id ?? `${app} ${node}`)).size;
  }

  /** Sends a request to each of several nodes. */
  async #gatherNodes<K extends Kind>(
    nodes: readonly string[],
    pending: Pending<K>,
  ): Promise<Gathered> {
    const responses: Response[] = [];
    const errors: AriProxyError[] = [];
    const lost: AriProxyError[] = [];
    await Promise.all(nodes.map(async (node) => {
      try {
        const there = { ...pending, key: { ...pending.key, node } };
        responses.push(await this.#throughNode(there, (located) => this.#direct(located)));
      } catch (error) {
        pending.signal?.throwIfAborted();
        if (!(error instanceof AriProxyError)) throw error;
        // Those of the bus mean that the node has not responded.
        const silent = error.cause instanceof BusError || error.code === "no_node";
        (silent ? lost : errors).push(error);
      }
    }));
    if (responses.length + errors.length === 0 && lost.length > 0) throw lost[0];
    return { responses, errors, missing: lost.length };
  }
}

/** Returns whether no further response is needed. */
type Enough = (soFar: Pick<Gathered, "responses" | "errors">) => boolean;

/** Reason of the abort that ends a gathering in which all have responded. */
const complete: unique symbol = Symbol("complete");

/**
 * Returns a response that holds the result of the kind.
 *
 * @throws {AriProxyError} The error of the response, or `failed` when it lacks its result.
 */
function checkResponse(
  response: Response,
  { headers = {} }: BusMessage,
  { kind, deadline }: Pending,
): Response {
  const { [nodeHeader]: node, [reasonHeader]: reason } = headers;
  const from = node ? { node } : {};
  const { error } = response;
  if (error) {
    const code = codeOfError(error);
    // A proxy for which it was late, though its response is in time, has another clock.
    const odd = code === "expired" && Date.now() <= deadline;
    const why = odd ? "the clocks of client and proxy differ" : reason;
    throw new AriProxyError(code, why ? `${error}: ${why}` : error, {
      outcome: outcomeOfError(error),
      ...from,
    });
  }
  const { reply } = kindRows[kind];
  if ((reply === "key" || reply === "data") && !response[reply]) {
    throw new AriProxyError("failed", `Malformed response: ${reply} is missing`, {
      outcome: "unknown",
      ...from,
    });
  }
  return response;
}

/** Of the errors of several proxies, that of the one which has the entity, if there is one. */
export function mostSpecificError(errors: readonly AriProxyError[]): AriProxyError | undefined {
  return errors.findLast(({ code }) => code !== "not_found") ?? errors.at(-1);
}
