import { backoff, type BackoffOptions } from "../../common/backoff.ts";
import { errorText } from "../../common/error_text.ts";
import { pause } from "../../common/pause.ts";
import type { Coordinates } from "../../protocol/key.ts";
import type { Log } from "../../common/log.ts";
import type { ThrottledLog } from "../../common/throttle.ts";
import type { EventSources } from "./asterisk_subscriptions.ts";

/** Options of {@linkcode Restoration}. */
export interface RestorationOptions {
  /** What Asterisk is to be told. */
  readonly sources: Pick<EventSources, "restore">;
  /** Called when Asterisk had forgotten some of it, and has it again. */
  readonly onRestored: (self: Coordinates, count: number) => void;
  /** Says what was restored. */
  readonly log: Log;
  /** Says that something could not be. */
  readonly warnings: ThrottledLog;
  /**
   * Pauses between attempts, in milliseconds.
   *
   * @default 500 growing to 30_000
   */
  readonly pauses?: BackoffOptions;
}

/**
 * Tells Asterisk again what to send, until it has taken all of it: an endpoint may come with a module
 * that is still being loaded, and a REST interface that failed may answer later.
 */
export class Restoration {
  readonly #options: RestorationOptions;
  /** How much is missing, by run. */
  readonly #missing = new Map<AbortSignal, number>();

  /** Makes one that has nothing to do. */
  constructor(options: RestorationOptions) {
    this.#options = options;
  }

  /** Sources and filters that were tried at least once in vain. */
  get missing(): number {
    return this.#missing.values().reduce((sum, missing) => sum + missing, 0);
  }

  /**
   * Restores all of an application, however long it takes; never rejects.
   *
   * @param connection Aborts with the connection to Asterisk. The next one begins anew.
   */
  async run(self: Coordinates, connection: AbortSignal): Promise<void> {
    // The connection is shared with other applications.
    const signal = AbortSignal.any([connection]);
    signal.addEventListener("abort", () => this.#missing.delete(signal), { once: true });
    await this.#run(self, signal).catch((error) => {
      if (signal.aborted) return;
      const reason = errorText(error);
      this.#options.warnings.warn("Gave up to tell Asterisk again what to send", { reason });
    });
  }

  async #run(self: Coordinates, signal: AbortSignal): Promise<void> {
    const { sources, onRestored, log, warnings, pauses } = this.#options;
    const { app: application } = self;
    let total = 0;
    for (let attempt = 0;; attempt++) {
      const { count, missing, reason } = await sources.restore(application, signal);
      signal.throwIfAborted();
      total += count;
      if (count > 0) onRestored(self, count);
      if (missing === 0) {
        this.#missing.delete(signal);
        const text = attempt > 0
          ? "Asterisk has again, at last, all that clients had subscribed to"
          : "Told Asterisk again what to send events of";
        if (total > 0 || attempt > 0) log.info(text, { application, count: total });
        return;
      }
      this.#missing.set(signal, missing);
      if (attempt === 0) {
        const text = "Could not tell Asterisk again all that clients had subscribed to, trying on";
        warnings.warn(text, { application, missing, reason });
      }
      await pause(backoff(attempt, { ...PAUSES, ...pauses }), signal);
    }
  }
}

const PAUSES: BackoffOptions = { first: 500, max: 30_000 };
