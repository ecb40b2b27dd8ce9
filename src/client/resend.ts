/**
 * Sends a request again when the bus has lost it, where that cannot carry it out twice.
 *
 * @module
 */
import { type Bus, BusError } from "../bus/bus.ts";
import { deferred } from "../common/deferred.ts";
import { AriProxyError, withOutcome } from "../protocol/errors.ts";
import { type Key, keysMatch } from "../protocol/key.ts";
import type { ClusterNode, NodeDirectory } from "./nodes.ts";

/** Time between two pings while the announcement of a receiver is awaited, in milliseconds. */
const pingInterval = 250;

/** Where and how long a request may be sent again. */
export interface ResendPlan {
  readonly bus: Bus;
  readonly nodes: NodeDirectory;
  /** Key of the request, with the coordinates of its receivers. */
  readonly key: Key;
  /**
   * When it may be sent again: `always` if carrying it out twice is harmless; to the `same_process`,
   * which carries it out once for its ID, until that process ends; `unless_sent` if it went to
   * several processes or one of them, which do not share their IDs; or `never`.
   */
  readonly repeatable: "always" | "same_process" | "unless_sent" | "never";
  /** Until when, in milliseconds since 1970. */
  readonly deadline: number;
  /** Aborts the waiting. */
  readonly signal?: AbortSignal;
}

/**
 * Sends a request, and sends it again after each loss of the connection until the deadline, if it is
 * certain that it had not been sent or that it is not carried out twice. Waits for the connection and
 * for an announcement of a receiver.
 *
 * @param send Sends it, and waits for the given number of milliseconds.
 * @throws {AriProxyError} The last error, with the outcome `unknown` if that of any attempt was.
 */
export async function withResends<T>(
  plan: ResendPlan,
  send: (timeout: number) => Promise<T>,
): Promise<T> {
  const { repeatable, deadline } = plan;
  const receiver = repeatable === "same_process" ? onlyProcess(plan) : undefined;
  let outcomeUnknown = false;
  for (;;) {
    try {
      return await send(Math.max(0, deadline - Date.now()));
    } catch (error) {
      if (!(error instanceof AriProxyError)) throw error;
      const failure = outcomeUnknown && error.outcome === "not_sent"
        ? withOutcome(error, "unknown")
        : error;
      outcomeUnknown ||= error.outcome === "unknown";
      const again = repeatable === "always" || receiver !== undefined ||
        repeatable !== "never" && !outcomeUnknown;
      if (!isLost(error) || !again) throw failure;
      if (!await receiverAnnounced(plan, outcomeUnknown ? receiver : undefined)) throw failure;
    }
  }
}

/** Whether the connection to the bus was lost or absent. */
function isLost({ cause }: AriProxyError): boolean {
  return cause instanceof BusError && cause.code === "disconnected";
}

/** The ID of the one process that has the coordinates; undefined when there are none or several. */
function onlyProcess({ nodes, key }: ResendPlan): string | undefined {
  const members = nodes.members({ app: key.app, node: key.node });
  return members.length === 1 ? members[0].id : undefined;
}

/**
 * Waits until a receiver of the request announces itself. Returns false at the deadline, or when that
 * is another process than the given one.
 */
async function receiverAnnounced(plan: ResendPlan, wanted: string | undefined): Promise<boolean> {
  const { bus, nodes, key, deadline, signal } = plan;
  const { promise, resolve, reject } = deferred<boolean>();
  const receive = ({ app, node, id, state }: ClusterNode) => {
    if (state === "stopping" || !keysMatch({ app, node }, { app: key.app, node: key.node })) return;
    resolve(wanted === undefined || id === wanted);
  };
  const ping = () => bus.connected && nodes.ping();
  const stopAnnouncements = nodes.onAnnouncement(receive);
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
    stopAnnouncements();
    stopStatus();
    clearInterval(pings);
    clearTimeout(over);
    signal?.removeEventListener("abort", abort);
  }
}
