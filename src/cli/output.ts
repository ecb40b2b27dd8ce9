/**
 * Standard output and standard error, written in the background: a slow reader never holds the
 * program up, and one that has gone ends it quietly. What cannot be written otherwise, as on a disk
 * that is full, is kept as a failure.
 *
 * @module
 */

/** Where text goes. */
export interface Output {
  /** Whether a person reads it. */
  readonly isTerminal: boolean;
  /** Width of the terminal, in characters; 80 when there is none. */
  readonly columns: number;
  /** Characters that were written and have not left the program yet. */
  readonly pending: number;
  /**
   * Aborts when the reader has gone, or nothing can be written any more; what is written from then on
   * is dropped.
   */
  readonly closed: AbortSignal;
  /** Why it cannot be written; undefined while it can, and where the reader has merely gone. */
  readonly failure: Error | undefined;
  /** Writes a text, without waiting. */
  write(text: string): void;
  /** Writes bytes behind what was written so far. Resolves when they have left the program, or cannot. */
  writeBytes(bytes: Uint8Array): Promise<void>;
  /** Resolves when everything written so far has left the program, or cannot leave it any more. */
  flush(): Promise<void>;
  /** Gives up what has not left the program yet, and all that is written from now on. */
  abandon(): void;
  /** Forgets a failure, so that the next text is tried again; `closed` is another signal then. */
  recover(): void;
}

/** What a stream of the process has. */
interface TextStream {
  /** Writes some of the bytes and tells how many. */
  write(data: Uint8Array): Promise<number>;
  /** Whether it is a terminal. */
  isTerminal(): boolean;
}

/**
 * Makes an output of a stream.
 *
 * @param stream Where to write.
 * @param columns Tells the width of the terminal.
 */
export function createOutput(stream: TextStream, columns: () => number): Output {
  return new StreamOutput(stream, columns);
}

class StreamOutput implements Output {
  readonly isTerminal: boolean;
  readonly #stream: TextStream;
  readonly #columns: () => number;
  #closed = new AbortController();
  #abandoned = Promise.withResolvers<void>();
  #failure: Error | undefined;
  readonly #encoder = new TextEncoder();
  #texts: string[] = [];
  #pending = 0;
  #writing: Promise<void> | undefined;

  constructor(stream: TextStream, columns: () => number) {
    this.#stream = stream;
    this.#columns = columns;
    this.isTerminal = stream.isTerminal();
  }

  get columns(): number {
    return this.#columns();
  }

  get pending(): number {
    return this.#pending;
  }

  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  write(text: string): void {
    if (this.#closed.signal.aborted || text === "") return;
    this.#texts.push(text);
    this.#pending += text.length;
    this.#writing ??= this.#drain();
  }

  async writeBytes(bytes: Uint8Array): Promise<void> {
    await this.flush();
    const write = async () => {
      for (let rest = bytes; rest.length > 0 && !this.#closed.signal.aborted;) {
        rest = rest.subarray(await this.#stream.write(rest));
      }
    };
    const writing = write().catch((error) => this.#fail(error));
    await Promise.race([writing, this.#abandoned.promise]);
  }

  async flush(): Promise<void> {
    await Promise.race([this.#writing, this.#abandoned.promise]);
  }

  abandon(): void {
    this.#texts = [];
    this.#pending = 0;
    this.#closed.abort();
    this.#abandoned.resolve();
  }

  recover(): void {
    if (this.#failure === undefined) return;
    this.#failure = undefined;
    this.#closed = new AbortController();
    this.#abandoned = Promise.withResolvers();
  }

  /** A reader that has gone has seen enough; all else is a loss that somebody has to hear of. */
  #fail(error: unknown): void {
    const isGone = this.isTerminal || error instanceof Deno.errors.BrokenPipe ||
      error instanceof Deno.errors.ConnectionReset;
    if (!isGone) this.#failure = error instanceof Error ? error : new Error(String(error));
    this.abandon();
  }

  async #drain(): Promise<void> {
    // What is written in the same turn goes out in one piece.
    await Promise.resolve();
    try {
      while (this.#texts.length > 0) {
        const text = this.#texts.join("");
        this.#texts = [];
        let data = this.#encoder.encode(text);
        while (data.length > 0) data = data.subarray(await this.#stream.write(data));
        this.#pending -= text.length;
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#writing = undefined;
    }
  }
}
