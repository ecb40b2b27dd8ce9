import { AriProxyError, type Outcome } from "../protocol/errors.ts";

/** How long something lives that others depend on: it ends once, and they end with it. */
export class Scope {
  readonly #controller = new AbortController();
  readonly #endings = new Set<() => void>();
  readonly #release: () => void;
  #reason: unknown;

  /**
   * Begins.
   *
   * @param what Stands in the error text, as in `The client is closed`.
   * @param options The scope that it ends with, and a signal that ends it.
   */
  constructor(
    readonly what: string,
    options: { readonly parent?: Scope; readonly signal?: AbortSignal } = {},
  ) {
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

  /** Aborts with the end: with the reason of the signal that ended it, or with an error `closed`. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** @throws {AriProxyError} With the code `closed` when it has ended. */
  assertOpen(): void {
    if (this.ended) throw this.#closed("not_sent");
  }

  /** Calls the function at the end, or at once when that has come. Returns a function that stops it. */
  onEnd(ending: () => void): () => void {
    if (this.ended) ending();
    else this.#endings.add(ending);
    return () => this.#endings.delete(ending);
  }

  /** Ends it, and what depends on it. */
  end(reason?: unknown): void {
    if (this.ended) return;
    this.#reason = reason;
    // What is under way may have been carried out.
    this.#controller.abort(reason ?? this.#closed("unknown"));
    const endings = [...this.#endings];
    this.#endings.clear();
    endings.forEach((ending) => ending());
    this.#release?.();
  }

  #closed(outcome: Outcome): AriProxyError {
    const cause = this.#reason === undefined ? {} : { cause: this.#reason };
    return new AriProxyError("closed", `The ${this.what} is closed`, { ...cause, outcome });
  }
}
