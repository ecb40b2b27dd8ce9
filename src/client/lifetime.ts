import { AriProxyError, type Outcome } from "../protocol/errors.ts";

/** The lifetime of a client: it ends once, and with it what depends on it. */
export class ClientLifetime {
  readonly #controller = new AbortController();
  readonly #endings = new Set<() => void>();
  readonly #release: () => void;
  #reason: unknown;

  /** Begins. @param options The lifetime that it ends with, and a signal that ends it. */
  constructor(options: { readonly parent?: ClientLifetime; readonly signal?: AbortSignal } = {}) {
    const { parent, signal } = options;
    const abort = () => this.end(signal?.reason);
    const leave = parent?.onEnd(() => this.end(parent.#reason));
    if (signal?.aborted) abort();
    else signal?.addEventListener("abort", abort);
    this.#release = () => {
      leave?.();
      signal?.removeEventListener("abort", abort);
    };
    if (this.ended) this.#release();
  }

  /** Whether it has ended. */
  get ended(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Aborts at the end, with the reason of the signal that ended it or an error with the code `closed`. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** @throws {AriProxyError} With the code `closed` when it has ended. */
  assertOpen(): void {
    if (this.ended) throw this.#closed("not_sent");
  }

  /** Calls the function at the end, or at once after it. Returns a function that stops it. */
  onEnd(ending: () => void): () => void {
    if (this.ended) ending();
    else this.#endings.add(ending);
    return () => this.#endings.delete(ending);
  }

  /** Ends it, and what depends on it. */
  end(reason?: unknown): void {
    if (this.ended) return;
    this.#reason = reason;
    // A request in flight may have been carried out.
    this.#controller.abort(reason ?? this.#closed("unknown"));
    const endings = [...this.#endings];
    this.#endings.clear();
    endings.forEach((ending) => ending());
    // It may end while it is constructed.
    this.#release?.();
  }

  #closed(outcome: Outcome): AriProxyError {
    const cause = this.#reason === undefined ? {} : { cause: this.#reason };
    return new AriProxyError("closed", "The client is closed", { ...cause, outcome });
  }
}

/**
 * Makes a signal that follows any number of others until it is released. Other than `AbortSignal.any`
 * it then leaves nothing behind on them, on any runtime: a short-lived one has to be released.
 */
export function anySignal(
  signals: readonly (AbortSignal | undefined)[],
): { readonly signal: AbortSignal; release(): void } {
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
