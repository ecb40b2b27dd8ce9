/**
 * Recovers a consumer, which the broker can refuse or cancel at any time.
 *
 * @module
 */

import { deferred } from "../../common/deferred.ts";
import { backoff } from "../../common/backoff.ts";
import { pause } from "../../common/pause.ts";
import type { Session } from "./session.ts";
import { errorText } from "../../common/error_text.ts";

/** Pauses before it is established again, in milliseconds. */
const PAUSES = { first: 50, max: 5_000 };

interface ConsumerRecoveryOptions {
  /** The session; with its end, recovery ends. */
  readonly session: Session;
  /**
   * Establishes it.
   *
   * @returns A promise of the reason for which the broker ended it.
   * @throws The broker's error when it refuses.
   */
  readonly establish: () => Promise<{ readonly lost: Promise<string> }>;
  /** Called with why it was refused or ended; it is tried again. */
  readonly onError: (reason: string) => void;
}

/** Establishes a subscription, and again whenever it is lost. */
export class ConsumerRecovery {
  readonly #options: ConsumerRecoveryOptions;
  #open = true;
  #settled = deferred<void>();

  constructor(options: ConsumerRecoveryOptions) {
    this.#options = options;
    void this.#run();
  }

  /** Resolves when it is established, or has been refused once, or is not needed any more. */
  get settled(): Promise<void> {
    return this.#settled.promise;
  }

  /** Stops recovering; what is established stays. */
  close(): void {
    this.#open = false;
    this.#settled.resolve();
  }

  async #run(): Promise<void> {
    const { session, establish, onError } = this.#options;
    const wanted = () => this.#open && session.open;
    for (let attempt = 0; wanted(); attempt++) {
      let reason: string;
      let refused = false;
      try {
        const { lost } = await establish();
        this.#settled.resolve();
        attempt = 0;
        reason = await lost;
        if (wanted()) this.#settled = deferred();
      } catch (error) {
        reason = errorText(error);
        refused = true;
      }
      if (!wanted()) break;
      onError(reason);
      if (refused) this.#settled.resolve();
      await pause(backoff(attempt, PAUSES), session.signal).catch(() => {});
    }
    this.#settled.resolve();
  }
}
