/**
 * Waiting for someone to say that it is enough.
 *
 * @module
 */
import type { Io } from "./io.ts";

/** Tells when to stop, until it is disposed of. */
export interface Interruption extends Disposable {
  /** Aborts when the process is asked to end, or when nobody reads its output any more. */
  readonly signal: AbortSignal;
}

/** Begins to listen for a reason to stop. */
export function interruption({ stdout, onSignal }: Io): Interruption {
  const asked = new AbortController();
  const stopListening = onSignal(() => asked.abort());
  return {
    signal: AbortSignal.any([asked.signal, stdout.closed]),
    [Symbol.dispose]: stopListening,
  };
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
