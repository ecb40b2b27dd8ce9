import type { Bus } from "../bus/bus.ts";

/** Options of {@linkcode Outbox}. */
export interface OutboxOptions {
  /**
   * How many bytes may wait, payloads counted.
   *
   * @default {33_554_432}
   */
  readonly limit?: number;
  /** Called with the number of messages that were accepted by the bus, or given up. */
  readonly onSent: (count: number) => void;
  /** Called with the number of messages that had to be given up. */
  readonly onLost: (count: number) => void;
}

interface Waiting {
  readonly subject: string;
  readonly data: Uint8Array;
}

/**
 * Publishes in order and keeps, within a bound, what the bus does not take at the moment. When the
 * bound is reached the oldest messages are given up and counted.
 */
export class Outbox {
  readonly #bus: Bus;
  readonly #limit: number;
  readonly #options: OutboxOptions;
  #waiting: Waiting[] = [];
  #first = 0;
  #bytes = 0;

  /** Makes an empty outbox in front of a bus. */
  constructor(bus: Bus, options: OutboxOptions) {
    this.#bus = bus;
    this.#limit = options.limit ?? 32 * 1024 * 1024;
    this.#options = options;
  }

  /** How many messages wait. */
  get waiting(): number {
    return this.#waiting.length - this.#first;
  }

  /** Publishes a message, or keeps it for later. It never waits. */
  send(subject: string, data: Uint8Array): void {
    if (this.waiting > 0 && !this.retry()) return this.#keep({ subject, data });
    if (this.#publish(subject, data)) return;
    this.#keep({ subject, data });
  }

  /**
   * Publishes what waits, as far as the bus takes it.
   *
   * @returns whether nothing waits any more.
   */
  retry(): boolean {
    while (this.waiting > 0) {
      const { subject, data } = this.#waiting[this.#first];
      if (!this.#publish(subject, data)) return false;
      this.#shift();
    }
    return true;
  }

  #publish(subject: string, data: Uint8Array): boolean {
    if (data.length > this.#bus.maxPayload) {
      this.#options.onLost(1);
      return true;
    }
    let accepted: boolean;
    try {
      accepted = this.#bus.publish(subject, data);
    } catch {
      // The bus takes no such subject, a very long one for instance; it never will.
      this.#options.onLost(1);
      return true;
    }
    if (accepted) this.#options.onSent(1);
    return accepted;
  }

  #keep(message: Waiting): void {
    this.#waiting.push(message);
    this.#bytes += message.data.length;
    let lost = 0;
    for (; this.#bytes > this.#limit; lost++) this.#shift();
    if (lost > 0) this.#options.onLost(lost);
  }

  #shift(): void {
    this.#bytes -= this.#waiting[this.#first].data.length;
    this.#first++;
    // Taking from the front of an array costs its length, so the used part goes in large steps.
    if (this.#first * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
  }
}
