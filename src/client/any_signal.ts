/** A signal that follows others. */
export interface LinkedSignal {
  /** Aborts with the first of the others, and with its reason. */
  readonly signal: AbortSignal;
  /** Stops following. What is short must release what it linked to something that lives long. */
  release(): void;
}

/**
 * Makes a signal that follows any number of others. Other than `AbortSignal.any` it leaves nothing
 * behind on them once it is released, on any runtime.
 */
export function anySignal(signals: readonly (AbortSignal | undefined)[]): LinkedSignal {
  const present = signals.filter((signal) => signal !== undefined);
  const controller = new AbortController();
  const abort = (event: Event) => {
    if (event.target instanceof AbortSignal) controller.abort(event.target.reason);
  };
  for (const signal of present) {
    if (signal.aborted) controller.abort(signal.reason);
    else signal.addEventListener("abort", abort);
  }
  const release = () => present.forEach((signal) => signal.removeEventListener("abort", abort));
  return { signal: controller.signal, release };
}
