/**
 * Which exchange carries what, and which queues there are.
 *
 * | subject | exchange | kind |
 * | --- | --- | --- |
 * | `ari.event.>`, `ari.dialogevent.>` | `ari.event` | topic |
 * | `ari.ping` | `ari.ping` | fanout |
 * | `ari.announce` | `ari.announce` | fanout |
 * | every other one | `ari.request` | topic |
 * | `_REPLY.>` (see `message.ts`) | the default one | |
 *
 * Names, kinds and arguments are shared with the original in Go and must not differ.
 *
 * @module
 */

import type { Options } from "amqplib";
import { BusError } from "../bus.ts";
import { bindingKey, covers, hasWildcards, overlaps } from "./pattern.ts";

/** An exchange. All are durable, not auto-deleted, and have no arguments. */
interface Exchange {
  readonly name: string;
  /** How it routes. */
  readonly kind: "topic" | "fanout";
  /** The subjects it carries, but for those of the exchanges before it in the list. */
  readonly carries: readonly string[];
}

/** All exchanges; a subject belongs to the first that carries it. */
export const EXCHANGES: readonly Exchange[] = [
  { name: "ari.event", kind: "topic", carries: ["ari.event.>", "ari.dialogevent.>"] },
  { name: "ari.ping", kind: "fanout", carries: ["ari.ping"] },
  { name: "ari.announce", kind: "fanout", carries: ["ari.announce"] },
  { name: "ari.request", kind: "topic", carries: [">"] },
];

/** The queue group whose queues the original declares, too. */
const ORIGINAL_GROUP = "ariproxy";
/** Longest routing key and name of a queue, in bytes. */
export const MAX_KEY = 255;
/** What the broker queues for a slow subscriber, in bytes; beyond it the oldest are dropped. */
const MAX_BACKLOG = 64 * 1024 * 1024;
/** An unused shared queue that a restart of the broker left behind is deleted after so many ms. */
const ABANDONED = 60_000;

/** A queue to declare. */
interface QueuePlan {
  readonly name: string;
  readonly options: Options.AssertQueue;
}

/** What routes messages of a subject into a queue. */
export interface Binding {
  /** Identifies it for the broker: exchange and key. */
  readonly id: string;
  /** The exchange that messages come from. */
  readonly exchange: string;
  /** Which routing keys pass. */
  readonly key: string;
}

/** The exchange for a message. */
export function exchangeOf(subject: string): string {
  for (const { name, carries } of EXCHANGES) {
    if (carries.some((pattern) => covers(pattern, subject))) return name;
  }
  // The last exchange carries everything.
  return EXCHANGES[EXCHANGES.length - 1].name;
}

/**
 * A queue of one connection alone. It has a new name each time, because the broker may still hold the
 * queue of a connection that was lost.
 */
export function ownQueue(): QueuePlan {
  return {
    name: `ari-proxy.${crypto.randomUUID()}`,
    options: {
      exclusive: true,
      autoDelete: true,
      durable: false,
      arguments: { "x-max-length-bytes": MAX_BACKLOG },
    },
  };
}

/** The queue that those members of a queue group share which have the same subject. */
export interface GroupPlan extends QueuePlan {
  /**
   * The exchanges of the group, through which the queue gets its messages; absent where the queue gets
   * them by itself, since no other queue of the group gets the same. See `queue_group.ts`.
   */
  readonly exchanges?: {
    readonly first: string;
    readonly rest: string;
    /** The one of the two from which this queue gets its messages. */
    readonly own: string;
  };
}

/**
 * The queue for a member of a queue group.
 *
 * @throws {BusError} With the code `invalid` when its name is too long for AMQP.
 */
export function groupQueue(subject: string, group: string): GroupPlan {
  // Proxies written in Go declare it the same way.
  const original = group === ORIGINAL_GROUP ? lastingQueue(subject) : undefined;
  if (original !== undefined) {
    checkLength("subscribe to", subject, original);
    return { name: original, options: { durable: true, autoDelete: false } };
  }
  // Without its dots a group cannot be taken for a part of the subject.
  const first = `ari-proxy.${encodeURIComponent(group).replaceAll(".", "%2E")}`;
  const name = `${first}.${subject}`;
  const rest = `${first}.rest`;
  for (const text of [name, rest]) checkLength("subscribe to", subject, text);
  return {
    name,
    // RabbitMQ has deprecated queues that are neither durable nor exclusive.
    options: { durable: true, autoDelete: true, arguments: { "x-expires": ABANDONED } },
    exchanges: { first, rest, own: hasWildcards(subject) ? rest : first },
  };
}

/**
 * The queue of a subject that is kept when it has no consumers, so that the broker does not report whether
 * a request reaches one; undefined where there is none.
 */
export function lastingQueue(subject: string): string | undefined {
  return /^ari\.create(\.|$)/.test(subject) ? `${ORIGINAL_GROUP}-${subject}` : undefined;
}

/**
 * The bindings that a subscription needs.
 *
 * @throws {BusError} With the code `invalid` when the subject is too long for AMQP.
 */
export function bindingsOf(subject: string): Binding[] {
  const key = bindingKey(subject);
  checkLength("subscribe to", subject, key);
  return exchangesFor(subject).map((exchange) => ({ id: `${exchange} ${key}`, exchange, key }));
}

/**
 * Checks that a subject fits into a routing key.
 *
 * @throws {BusError} With the code `invalid`.
 */
export function checkRoutingKey(subject: string): void {
  checkLength("publish on", subject, subject);
}

function exchangesFor(pattern: string): string[] {
  const found: string[] = [];
  for (const { name, carries } of EXCHANGES) {
    if (carries.some((carried) => overlaps(carried, pattern))) found.push(name);
    if (carries.some((carried) => covers(carried, pattern))) break;
  }
  return found;
}

function checkLength(what: string, subject: string, key: string): void {
  // A character takes at most three bytes for each unit of its length.
  if (key.length * 3 <= MAX_KEY || new TextEncoder().encode(key).length <= MAX_KEY) return;
  const shown = JSON.stringify(`${subject.slice(0, 80)}…`);
  throw new BusError(
    "invalid",
    `Cannot ${what} ${shown}: RabbitMQ accepts at most ${MAX_KEY} bytes`,
  );
}
