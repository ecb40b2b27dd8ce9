import type { NumberedStream } from "./stream.ts";

/** Options of {@linkcode ArrivalCheck}. */
export interface ArrivalCheckOptions {
  /** Resolves when the bus has everything that was published before. */
  readonly flush: () => Promise<void>;
  /** What is published. */
  readonly streams: Iterable<NumberedStream>;
  /**
   * Time from a message to the question whether it has arrived, in milliseconds.
   *
   * @default {50}
   */
  readonly interval?: number;
}

/**
 * Finds out up to which number events have reached the bus, by asking once in a while and not for
 * each of them: when the connection breaks, what was published later may be lost.
 */
export class ArrivalCheck {
  readonly #options: ArrivalCheckOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether a question is due or under way. */
  #busy = false;
  /** Tells the answer to a question of an earlier connection. */
  #connection = 0;

  /** Makes a check that rests until something is published. */
  constructor(options: ArrivalCheckOptions) {
    this.#options = options;
  }

  /** Takes note that something was published. */
  begin(): void {
    if (this.#busy) return;
    this.#busy = true;
    const connection = this.#connection;
    this.#timer = setTimeout(() => {
      this.#ask().catch(() => {}).finally(() => {
        if (connection !== this.#connection) return;
        this.#busy = false;
        for (const { sent, safe } of this.#options.streams) if (sent > safe) return this.begin();
      });
    }, this.#options.interval ?? 50);
  }

  /** Forgets what was published: the connection is gone. */
  reset(): void {
    this.#connection++;
    this.#busy = false;
    clearTimeout(this.#timer);
  }

  /** Rejects when the bus does not answer. */
  async #ask(): Promise<void> {
    const connection = this.#connection;
    const asked = Array.from(
      this.#options.streams,
      (stream) => [stream, stream.sent, stream.published] as const,
    );
    await this.#options.flush();
    if (connection !== this.#connection) return;
    for (const [stream, sent, published] of asked) {
      stream.safe = sent;
      stream.arrived = published;
      if (stream.toldSeq <= sent) stream.told = undefined;
    }
  }
}
