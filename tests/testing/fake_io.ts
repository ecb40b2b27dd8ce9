/**
 * A process around the program that exists in a test only.
 *
 * @module
 */
import { machineFiles } from "../../src/cli/files.ts";
import type { Io } from "../../src/cli/io.ts";
import type { Output } from "../../src/cli/output.ts";
import { withDeadline } from "./deadline.ts";

/** Options of {@linkcode createFakeIo}. */
export interface FakeIoOptions {
  /** Whether a person reads standard output. @default false */
  readonly terminal?: boolean;
  /** Width of the terminal. @default 200 */
  readonly columns?: number;
  /** What comes from standard input. @default nothing */
  readonly stdin?: string | ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Environment variables. @default none */
  readonly env?: Readonly<Record<string, string>>;
}

/** An output that keeps what is written. */
export class FakeOutput implements Output {
  readonly isTerminal: boolean;
  readonly columns: number;
  pending = 0;
  failure: Error | undefined;
  #closed = new AbortController();
  #text = "";
  #waiting: { test: (text: string) => boolean; resolve: () => void }[] = [];

  constructor(isTerminal: boolean, columns: number) {
    this.isTerminal = isTerminal;
    this.columns = columns;
  }

  /** What was written so far. */
  get text(): string {
    return this.#text;
  }

  /** The lines that were written so far. */
  get lines(): string[] {
    return this.#text === "" ? [] : this.#text.replace(/\n$/, "").split("\n");
  }

  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  write(text: string): void {
    if (this.#closed.signal.aborted) return;
    this.#text += text;
    this.#waiting = this.#waiting.filter(({ test, resolve }) => {
      const done = test(this.#text);
      if (done) resolve();
      return !done;
    });
  }

  /** The bytes that were written so far. */
  bytes = new Uint8Array();

  writeBytes(bytes: Uint8Array): Promise<void> {
    if (!this.#closed.signal.aborted) {
      const both = new Uint8Array(this.bytes.length + bytes.length);
      both.set(this.bytes);
      both.set(bytes, this.bytes.length);
      this.bytes = both;
    }
    return Promise.resolve();
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  abandon(): void {
    this.#closed.abort();
  }

  recover(): void {
    if (this.failure === undefined) return;
    this.failure = undefined;
    this.#closed = new AbortController();
  }

  /** Takes nothing more, as a full disk. */
  fail(error: Error): void {
    this.failure = error;
    this.#closed.abort();
  }

  /** Goes away, as a reader does that has seen enough. */
  close(): void {
    this.#closed.abort();
  }

  /** Resolves when the text matches. */
  async until(pattern: RegExp): Promise<void> {
    if (pattern.test(this.#text)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ test: (text) => pattern.test(text), resolve });
    await withDeadline(promise, { what: `output that matches ${pattern}` });
  }
}

/** A process whose sides are in the hands of a test. */
export interface FakeIo extends Io {
  readonly stdout: FakeOutput;
  readonly stderr: FakeOutput;
  /** How many listen for signals. */
  readonly listeners: number;
  /** Asks the process to end. */
  signal(name?: string): void;
}

/** Makes a process. */
export function createFakeIo(options: FakeIoOptions = {}): FakeIo {
  const { terminal = false, columns = 200, stdin = "", env = {} } = options;
  const handlers = new Set<(signal: string) => void>();
  return {
    stdout: new FakeOutput(terminal, columns),
    stderr: new FakeOutput(terminal, columns),
    stdin: {
      isTerminal: false,
      text: () => typeof stdin === "string" ? Promise.resolve(stdin) : new Response(stdin).text(),
      stream: () => typeof stdin === "string" ? new Blob([stdin]).stream() : stdin,
    },
    env: (name) => env[name],
    files: machineFiles,
    onSignal(handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    get listeners() {
      return handlers.size;
    },
    signal: (name = "SIGINT") => handlers.forEach((handler) => handler(name)),
  };
}
