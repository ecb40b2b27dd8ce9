/**
 * Waits for a condition with a deadline, so that a test that would hang says what it waited for.
 *
 * @module
 */

/** Options of {@linkcode withDeadline}. */
export interface DeadlineOptions {
  /** What is waited for, for the error text. */
  readonly what: string;
  /** Milliseconds. @default 20_000 */
  readonly timeout?: number;
}

/**
 * Passes a promise on unless it takes too long.
 *
 * @throws {Error} When the time is over.
 */
export async function withDeadline<T>(promise: Promise<T>, options: DeadlineOptions): Promise<T> {
  const { what, timeout = 20_000 } = options;
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`Test gave up after ${timeout} ms: ${what}`)),
    timeout,
  );
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
