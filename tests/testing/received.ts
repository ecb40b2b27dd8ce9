import type { Bus, BusMessage, BusStatus, SubscribeOptions } from "../../src/bus/bus.ts";

/** The longest that a test waits for anything, in milliseconds. */
export const PATIENCE = 10_000;

/** What came in, in order, and a way to wait for more of it. */
export class Received<T> {
  readonly items: T[] = [];
  readonly #waiting = new Set<() => void>();

  readonly add = (item: T): void => {
    this.items.push(item);
    for (const check of [...this.#waiting]) check();
  };

  /** Waits until the condition holds. @throws {Error} When that takes longer than a test may. */
  async until(condition: (items: readonly T[]) => boolean): Promise<readonly T[]> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      reject(new Error(`Waited in vain: ${this.items.length} items have come`));
    }, PATIENCE);
    const check = () => condition(this.items) && resolve();
    this.#waiting.add(check);
    check();
    try {
      await promise;
      return this.items;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(check);
    }
  }

  /** Waits until so many have come. */
  count(count: number): Promise<readonly T[]> {
    return this.until((items) => items.length >= count);
  }
}

/** Subscribes, and waits until the server has the subscription. */
export async function receive(
  bus: Bus,
  subject: string,
  options?: SubscribeOptions,
): Promise<Received<BusMessage>> {
  const received = new Received<BusMessage>();
  bus.subscribe(subject, received.add, options);
  await bus.flush();
  return received;
}

/** Collects the statuses of a bus. */
export function statusesOf(bus: Bus): Received<BusStatus> {
  const received = new Received<BusStatus>();
  bus.onStatus(received.add);
  return received;
}

/** Bytes of a text. */
export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The text of a message. */
export function text(message: BusMessage): string {
  return new TextDecoder().decode(message.data);
}
