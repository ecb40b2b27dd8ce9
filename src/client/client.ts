/**
 * A client of the cluster: sends requests to the proxies that they concern and gathers the answers.
 *
 * @module
 */
import { type Bus, BusError, type BusMessage } from "../bus/bus.ts";
import { AriProxyError, codeOfError } from "../protocol/errors.ts";
import { reasonHeader } from "../protocol/headers.ts";
import type { Key } from "../protocol/key.ts";
import type { Kind, Payload } from "../protocol/kinds.ts";
import { mint } from "../protocol/mint.ts";
import { classOf, operations } from "../protocol/operations.ts";
import { encodeRequest } from "../protocol/request.ts";
import { decodeResponse, type Response } from "../protocol/response.ts";
import { requestSubject } from "../protocol/subjects.ts";
import { anySignal } from "./any_signal.ts";
import { Cluster, type ClusterOptions } from "./cluster.ts";

/** Options of {@linkcode Client}. */
export interface ClientOptions {
  /** Application for keys that name none. Without it such requests go to all applications. */
  readonly app?: string;
  /**
   * How long to wait for answers, in milliseconds.
   *
   * @default {5_000}
   */
  readonly timeout?: number;
  /** How the members of the cluster are kept, or a cluster to share, which is then left open. */
  readonly cluster?: ClusterOptions | Cluster;
}

/** Options of a request. */
export interface CallOptions {
  /** How long to wait for answers, in milliseconds. */
  readonly timeout?: number;
  /** Gives the request up; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What became of a request to many. */
export interface Gathered {
  /** The answers that tell of a success, in order of arrival. */
  readonly responses: readonly Response[];
  /** The other ones. */
  readonly errors: readonly AriProxyError[];
  /** How many known proxies did not answer in time. */
  readonly missing: number;
}

/** Sends requests to the proxies of a cluster. The bus stays open when the client is closed. */
export class Client implements Disposable {
  /** Who is there. */
  readonly cluster: Cluster;
  readonly #bus: Bus;
  readonly #app: string | undefined;
  readonly #timeout: number;
  readonly #ownsCluster: boolean;

  /** Makes a client on a bus. */
  constructor(bus: Bus, options: ClientOptions = {}) {
    this.#bus = bus;
    this.#app = options.app;
    this.#timeout = options.timeout ?? 5_000;
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
   * listens, `timeout` when nobody answered in time, or `closed`.
   */
  async request<K extends Kind>(
    kind: K,
    key: Key,
    payload?: Payload<K>,
    options: CallOptions = {},
  ): Promise<Response> {
    const wanted = await this.#located(kind, this.key(key), options);
    if (wanted.app && wanted.node) return this.#direct(kind, wanted, payload, options);
    const one = classOf(kind, payload) === "create";
    const { responses, errors } = await this.#gather(
      kind,
      wanted,
      payload,
      options,
      (soFar) => soFar.responses.length > 0 || one && soFar.errors.length > 0,
    );
    if (responses.length > 0) return responses[0];
    throw mostTelling(errors) ?? timedOut();
  }

  /**
   * Sends a request to all proxies that match the key and gathers their answers, until all that are
   * known to match have answered or the time is over.
   *
   * @throws {AriProxyError} With the code `no_node` when nobody listens, `timeout` when nobody
   * answered in time, or `closed`.
   */
  async gather<K extends Kind>(
    kind: K,
    key: Key,
    payload?: Payload<K>,
    options: CallOptions = {},
  ): Promise<Gathered> {
    const gathered = await this.#gather(kind, this.key(key), payload, options, () => false);
    if (gathered.responses.length + gathered.errors.length === 0) throw timedOut();
    return gathered;
  }

  /** Stops listening to the cluster, unless that was handed in. */
  [Symbol.dispose](): void {
    if (this.#ownsCluster) this.cluster[Symbol.dispose]();
  }

  /** The key with the coordinates of the node that has the entity, where the kind asks for it. */
  async #located(kind: Kind, key: Key, options: CallOptions): Promise<Key> {
    const row = operations[kind];
    if (row.class !== "create" || !row.about || key.app && key.node) return key;
    const search = row.about === "bridge" ? "BridgeGet" : "ChannelGet";
    // The dialog is left to the request proper: a search must not bind it.
    const found = await this.request(search, { ...key, dialog: "" }, undefined, options);
    return { ...key, app: found.key?.app ?? key.app, node: found.key?.node ?? key.node };
  }

  async #direct<K extends Kind>(
    kind: K,
    key: Key,
    payload: Payload<K> | undefined,
    { timeout = this.#timeout, signal }: CallOptions,
  ): Promise<Response> {
    const subject = requestSubject(classOf(kind, payload), key);
    const data = encodeRequest(kind, key, payload);
    try {
      return readAnswer(kind, await this.#bus.request(subject, data, { timeout, signal }));
    } catch (error) {
      throw asProtocolError(error, subject);
    }
  }

  async #gather<K extends Kind>(
    kind: K,
    key: Key,
    payload: Payload<K> | undefined,
    { timeout = this.#timeout, signal }: CallOptions,
    enough: (soFar: Pick<Gathered, "responses" | "errors">) => boolean,
  ): Promise<Gathered> {
    const subject = requestSubject(classOf(kind, payload), key);
    const data = encodeRequest(kind, key, payload);
    const responses: Response[] = [];
    const errors: AriProxyError[] = [];
    // Without an application the request reaches all proxies, whatever node the key names.
    const reached = key.app ? key : {};
    // And of a process with several applications only one carries out what all are asked to do.
    const reads = classOf(kind, payload) === "get" || classOf(kind, payload) === "data";
    const expected = () =>
      reads || key.app
        ? this.cluster.members(reached).length
        : new Set(this.cluster.members(reached).map(({ app, node, id }) => id ?? `${app} ${node}`))
          .size;
    const missing = () => expected() - responses.length - errors.length;
    const stop = new AbortController();
    // Those who answer before everybody is known must not end it.
    let settled = false;
    this.cluster.settled.then(() => {
      settled = true;
      if (responses.length + errors.length > 0 && missing() <= 0) stop.abort(complete);
    });
    const replyTo = mint("rp");
    const either = anySignal([signal, stop.signal]);
    try {
      const answers = this.#bus.requestMany(subject, data, {
        timeout,
        signal: either.signal,
        replyTo,
      });
      for await (const message of answers) {
        try {
          responses.push(readAnswer(kind, message));
        } catch (error) {
          errors.push(asProtocolError(error, subject));
        }
        if (enough({ responses, errors }) || settled && missing() <= 0) break;
      }
    } catch (error) {
      if (error !== complete) throw asProtocolError(error, subject);
    } finally {
      either.release();
    }
    return { responses, errors, missing: Math.max(0, missing()) };
  }
}

/** Reason of the abort that ends a gathering in which everybody has answered. */
const complete: unique symbol = Symbol("complete");

/** Of the errors of several proxies, that of the one which has the entity, if there is such a one. */
export function mostTelling(errors: readonly AriProxyError[]): AriProxyError | undefined {
  return errors.findLast(({ code }) => code !== "not_found") ?? errors.at(-1);
}

function timedOut(): AriProxyError {
  return new AriProxyError("timeout", "No answer in time");
}

/** The answer in a message, which has to hold what the kind is answered with. */
function readAnswer(kind: Kind, { data, headers }: BusMessage): Response {
  const response = decodeResponse(data);
  if (response.error) {
    const reason = headers?.[reasonHeader];
    const text = reason ? `${response.error}: ${reason}` : response.error;
    throw new AriProxyError(codeOfError(response.error), text);
  }
  const { reply } = operations[kind];
  if ((reply === "key" || reply === "data") && !response[reply]) {
    throw new AriProxyError("failed", `Malformed answer: ${reply} is missing`);
  }
  return response;
}

const codeOfBus = {
  no_responders: "no_node",
  timeout: "timeout",
  too_large: "too_large",
  invalid: "invalid",
  denied: "denied",
  disconnected: "closed",
  unreachable: "closed",
  closed: "closed",
} as const;

/**
 * The error of the protocol for one of the bus, of a request that went to a subject.
 *
 * @throws What is no error of the bus, as it is.
 */
function asProtocolError(error: unknown, subject: string): AriProxyError {
  if (!(error instanceof BusError)) return busFailure(error);
  if (error.code === "no_responders") {
    return new AriProxyError("no_node", `Nobody listens on ${subject}`, { cause: error });
  }
  return error.code === "timeout"
    ? new AriProxyError("timeout", timedOut().message, { cause: error })
    : busFailure(error);
}

/**
 * The error of the protocol for one of the bus.
 *
 * @throws What is no error of the bus, as it is.
 */
export function busFailure(error: unknown): AriProxyError {
  if (error instanceof AriProxyError) return error;
  if (!(error instanceof BusError)) throw error;
  return new AriProxyError(codeOfBus[error.code], error.message, { cause: error });
}
