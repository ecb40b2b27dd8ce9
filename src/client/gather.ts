import type { Bus } from "../bus/bus.ts";
import type { AriProxyError } from "../protocol/errors.ts";
import type { Key } from "../protocol/key.ts";
import { mint } from "../protocol/mint.ts";
import { acts, classOf, type Kind, type Payload } from "../protocol/kinds/kinds.ts";
import { encodeRequest, type RequestMarks } from "../protocol/request.ts";
import { decodeResponse, type Response } from "../protocol/response.ts";
import { requestSubject } from "../protocol/subjects.ts";
import { anySignal } from "./any_signal.ts";
import { busFailure } from "./bus_failure.ts";
import type { Cluster } from "./nodes.ts";
import { readAnswer } from "./read_answer.ts";

/** A request to be sent. */
export interface Outgoing<K extends Kind = Kind> extends RequestMarks {
  /** Its kind. */
  readonly kind: K;
  /** Its key. */
  readonly key: Key;
  /** Its payload. */
  readonly payload: Payload<K> | undefined;
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

/** Options of {@linkcode gather}. */
export interface GatherOptions {
  /** Who is there. */
  readonly cluster: Cluster;
  /** How long to wait for answers, in milliseconds. */
  readonly timeout: number;
  /** Gives the request up; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Tells whether no further answer is wanted. @default {false} */
  readonly enough?: (soFar: Pick<Gathered, "responses" | "errors">) => boolean;
}

/**
 * Sends a request to all proxies that match its key and gathers their answers, until all that are
 * known to match have answered or the time is over.
 *
 * @throws {AriProxyError} For what keeps the bus from carrying it.
 */
export async function gather<K extends Kind>(
  bus: Bus,
  request: Outgoing<K>,
  { cluster, timeout, signal, enough = () => false }: GatherOptions,
): Promise<Gathered> {
  const { kind, key, payload, ...marks } = request;
  const subject = requestSubject(classOf(kind, payload), key);
  const data = encodeRequest(kind, key, payload, marks);
  const responses: Response[] = [];
  const errors: AriProxyError[] = [];
  const missing = () => expected(cluster, request) - responses.length - errors.length;
  const stop = new AbortController();
  // Those who answer before everybody is known must not end it.
  let settled = false;
  cluster.settled.then(() => {
    settled = true;
    if (responses.length + errors.length > 0 && missing() <= 0) stop.abort(complete);
  });
  const either = anySignal([signal, stop.signal]);
  try {
    const answers = bus.requestMany(subject, data, {
      timeout,
      signal: either.signal,
      replyTo: mint("rp"),
    });
    for await (const message of answers) {
      const response = decodeResponse(message.data);
      if (!response) continue;
      try {
        responses.push(readAnswer(request, response, message));
      } catch (error) {
        errors.push(busFailure(error));
      }
      if (enough({ responses, errors }) || settled && missing() <= 0) break;
    }
  } catch (error) {
    if (error !== complete) throw busFailure(error, subject);
  } finally {
    either.release();
  }
  return { responses, errors, missing: Math.max(0, missing()) };
}

/** Of the errors of several proxies, that of the one which has the entity, if there is such a one. */
export function mostTelling(errors: readonly AriProxyError[]): AriProxyError | undefined {
  return errors.findLast(({ code }) => code !== "not_found") ?? errors.at(-1);
}

/** Reason of the abort that ends a gathering in which everybody has answered. */
const complete: unique symbol = Symbol("complete");

/** How many answers the known proxies make. */
function expected<K extends Kind>(cluster: Cluster, { kind, key, payload }: Outgoing<K>): number {
  const members = cluster.members(key);
  // And of a process with several applications only one carries out what all are asked to do.
  return !acts(kind, payload) || key.app
    ? members.length
    : new Set(members.map(({ app, node, id }) => id ?? `${app} ${node}`)).size;
}
