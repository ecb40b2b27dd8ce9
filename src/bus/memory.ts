/**
 * A bus inside one process: for tests, and for programs that are alone.
 *
 * @module
 */

import type { BusMessage } from "./bus.ts";
import { MAX_SUBJECT } from "./subjects.ts";
import { Connection, type InProcessBus, type Interest } from "./in_process/in_process_bus.ts";
import { SubjectTree } from "./subject_tree.ts";

export type { InProcessBus, Interest } from "./in_process/in_process_bus.ts";

/** Options of {@linkcode InProcessBroker}. */
export interface InProcessOptions {
  /**
   * The largest payload, in bytes.
   *
   * @default 1048576
   */
  readonly maxPayload?: number;
  /**
   * The longest subject, in bytes.
   *
   * @default 1024
   */
  readonly maxSubject?: number;
}

/** Carries messages between the connections made to it. Deliveries happen in microtasks. */
export class InProcessBroker {
  /** The largest payload, headers not counted, in bytes. */
  readonly maxPayload: number;
  /** The longest subject, in bytes. */
  readonly maxSubject: number;

  readonly #interests = new SubjectTree<Interest>();
  readonly #turns = new Map<string, number>();

  /** Makes a broker that nobody is connected to. */
  constructor(options: InProcessOptions = {}) {
    this.maxPayload = options.maxPayload ?? 1024 * 1024;
    this.maxSubject = options.maxSubject ?? MAX_SUBJECT;
  }

  /** Makes a connection. */
  connect(): InProcessBus {
    return new Connection(this);
  }

  /** Takes an interest in a subject. */
  join(subject: string, interest: Interest): void {
    this.#interests.add(subject, interest);
  }

  /** Gives an interest up. */
  leave(subject: string, interest: Interest): void {
    this.#interests.remove(subject, interest);
  }

  /** Delivers a message to those whom it concerns. Returns how many that are. */
  route(message: BusMessage): number {
    const groups = new Map<string, Interest[]>();
    let count = 0;
    for (const interest of this.#interests.match(message.subject)) {
      if (interest.queue === undefined) {
        interest.deliver(message.subject, copy(message));
        count++;
        continue;
      }
      const group = groups.get(interest.queue);
      if (group === undefined) groups.set(interest.queue, [interest]);
      else group.push(interest);
    }
    for (const [queue, members] of groups) {
      members[this.#turn(queue) % members.length].deliver(message.subject, copy(message));
      count++;
    }
    return count;
  }

  /** Tells a requester that nobody listens. */
  notify(replyTo: string): void {
    for (const interest of this.#interests.match(replyTo)) interest.deliver(replyTo, undefined);
  }

  #turn(queue: string): number {
    const turn = this.#turns.get(queue) ?? 0;
    this.#turns.set(queue, turn + 1);
    return turn;
  }
}

/** Every receiver gets bytes of its own, as it would from a server. */
function copy(message: BusMessage): BusMessage {
  return { ...message, data: message.data.slice() };
}
