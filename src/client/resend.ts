/**
 * Sending again what the bus has lost, where that cannot do it twice.
 *
 * @module
 */
import { type Bus, BusError } from "../bus/bus.ts";
import { deferred } from "../common/deferred.ts";
import { AriProxyError, withOutcome } from "../protocol/errors.ts";
import { type Key, keysMatch } from "../protocol/key.ts";
import type { Cluster, ClusterNode } from "./nodes.ts";

/** Time between two pings while those who have to answer are waited for, in milliseconds. */
const pingInterval = 250;

/** What is sent, and how far it may be sent again. */
export interface ResendPlan {
  /** The bus. */
  readonly bus: Bus;
  /** Who is there. */
  readonly cluster: Cluster;
  /** Whom the request concerns. */
  readonly key: Key;
  /**
   * When it may be sent again: `always` if doing it twice is harmless; to the `same_process`, which does
   * it once for its ID and forgets that with its end; `unless_sent` if it went to any one or to
   * many, who do not know of each other; or `never`.
   */
  readonly repeatable: "always" | "same_process" | "unless_sent" | "never";
  /** When the patience is over, in milliseconds since 1970. */
  readonly deadline: number;
  /** Gives up waiting. */
  readonly signal?: AbortSignal;
}

/**
 * Sends a request, and sends it again after each loss of the connection until the deadline, if it is
 * certain that it had not been sent or that it is not done twice. It waits for the connection and
 * for a proxy that it concerns to be heard of.
 *
 * @param send Sends it, and waits no longer than so many milliseconds.
 * @throws {AriProxyError} The last error, with the outcome `unknown` if that of any attempt was.
 */
export async function withResends<T>(
  plan: ResendPlan,
  send: (timeout: number) => Promise<T>,
): Promise<T> {
  const { repeatable, deadline } = plan;
  const receiver = repeatable === "same_process" ? onlyProcess(plan) : undefined;
  let doubtful = false;
  for (;;) {
    try {
      return await send(Math.max(0, deadline - Date.now()));
    } catch (error) {
      if (!(error instanceof AriProxyError)) throw error;
      const failure = doubtful && error.outcome === "not_sent"
        ? withOutcome(error, "unknown")
        : error;
      doubtful ||= error.outcome === "unknown";
      const again = repeatable === "always" || receiver !== undefined ||
        repeatable !== "never" && !doubtful;
      if (!lostOnTheWay(error) || !again) throw failure;
      if (!await heardAgain(plan, doubtful ? receiver : undefined)) throw failure;
    }
  }
}

function lostOnTheWay({ cause }: AriProxyError): boolean {
  return cause instanceof BusError && cause.code === "disconnected";
}

/** The ID of the one process that has the coordinates; undefined when there is no such one. */
function onlyProcess({ cluster, key }: ResendPlan): string | undefined {
  const members = cluster.members({ app: key.app, node: key.node });
  return members.length === 1 ? members[0].id : undefined;
}

/**
 * Waits until a proxy that the request concerns is heard of. Returns false when the time is over, or
 * when another process than the wanted one is there.
 */
async function heardAgain(plan: ResendPlan, wanted: string | undefined): Promise<boolean> {
  const { bus, cluster, key, deadline, signal } = plan;
  const { promise, resolve, reject } = deferred<boolean>();
  const hear = ({ app, node, id, state }: ClusterNode) => {
    if (state === "stopping" || !keysMatch({ app, node }, { app: key.app, node: key.node })) return;
    resolve(wanted === undefined || id === wanted);
  };
  const ping = () => bus.connected && cluster.ping();
  const stopHearing = cluster.onAnnouncement(hear);
  const pings = setInterval(ping, pingInterval);
  const stopStatus = bus.onStatus(({ type }) => {
    if (type === "closed") resolve(false);
  });
  const over = setTimeout(() => resolve(false), Math.max(0, deadline - Date.now()));
  const abort = () => reject(signal?.reason);
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();
  ping();
  try {
    return await promise;
  } finally {
    stopHearing();
    stopStatus();
    clearInterval(pings);
    clearTimeout(over);
    signal?.removeEventListener("abort", abort);
  }
}
