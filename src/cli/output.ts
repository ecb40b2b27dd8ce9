/**
 * Standard output and standard error, written in the background: a slow reader never blocks the
 * program, and a closed pipe ends it quietly. Any other write error, such as a full disk, is kept as
 * a failure.
 *
 * @module
 */

/** A stream to write text to. */
export interface Output {
  /** Whether it is a terminal. */
  readonly isTerminal: boolean;
  /** Width of the terminal, in characters; 80 when there is none. */
  readonly columns: number;
  /** Characters that are buffered. */
  readonly pending: number;
  /**
   * Aborts when the reader has closed the stream or writing failed; later writes are dropped.
   */
  readonly closed: AbortSignal;
  /** The write error; undefined while there is none, and when only the reader has closed the stream. */
  readonly failure: Error | undefined;
  /** Buffers a text to be written. */
  write(text: string): void;
  /** Writes bytes after the buffered text. Resolves when they are written or cannot be. */
  writeBytes(bytes: Uint8Array): Promise<void>;
  /** Resolves when the buffer is written or cannot be. */
  flush(): Promise<void>;
  /** Drops the buffer and all later writes. */
  abandon(): void;
  /** Clears a failure, so that the next write is tried; `closed` is then a new signal. */
  recover(): void;
}

/** A stream of the process. */
interface TextStream {
  /** Writes some of the bytes and returns how many. */
  write(data: Uint8Array): Promise<number>;
  /** Whether it is a terminal. */
  isTerminal(): boolean;
}

/**
 * Makes an output of a stream.
 *
 * @param columns Returns the width of the terminal.
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

  /** A closed pipe is not an error; everything else is data loss that has to be reported. */
  #fail(error: unknown): void {
    const isGone = this.isTerminal || error instanceof Deno.errors.BrokenPipe ||
      error instanceof Deno.errors.ConnectionReset;
    if (!isGone) this.#failure = error instanceof Error ? error : new Error(String(error));
    this.abandon();
  }

  async #drain(): Promise<void> {
    // Texts of the same turn are written at once.
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
