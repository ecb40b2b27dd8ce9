/**
 * When a subcommand has to end: the process is asked to, or its reader has gone.
 *
 * @module
 */
import type { Io } from "./io.ts";

/** A signal to end: of the process, or because the reader of its output has gone. */
export class CancelSignal implements Disposable {
  readonly signal: AbortSignal;
  readonly #stopListening: () => void;

  /** Listens until it is disposed of. */
  constructor({ stdout, onSignal }: Io) {
    const asked = new AbortController();
    this.#stopListening = onSignal(() => asked.abort());
    this.signal = AbortSignal.any([asked.signal, stdout.closed]);
  }

  [Symbol.dispose](): void {
    this.#stopListening();
  }
}

/** Resolves when the signal aborts, or when the time in milliseconds is over. */
export function aborted(signal: AbortSignal, time?: number): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = time === undefined ? undefined : setTimeout(() => done(), time);
  const done = (): void => {
    clearTimeout(timer);
    signal.removeEventListener("abort", done);
    resolve();
  };
  signal.addEventListener("abort", done);
  return promise;
}
