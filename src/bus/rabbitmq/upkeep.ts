/**
 * Keeps something up on a session that the broker can end at any time.
 *
 * @module
 */

import { deferred } from "../../common/deferred.ts";
import { backoff } from "../../common/backoff.ts";
import { pause } from "../../common/pause.ts";
import type { RabbitmqSession } from "./session.ts";
import { errorText } from "../../common/error_text.ts";

/** Pauses before it is established again, in milliseconds. */
const PAUSES = { first: 50, max: 5_000 };

/** Options of {@linkcode RabbitmqUpkeep}. */
export interface RabbitmqUpkeepOptions {
  /** The session; with its end, the upkeep ends. */
  readonly session: RabbitmqSession;
  /**
   * Establishes it.
   *
   * @returns A promise of the reason for which the broker ended it.
   * @throws What the broker says when it refuses.
   */
  readonly establish: () => Promise<{ readonly lost: Promise<string> }>;
  /** Is told why it was refused or ended; it is tried again. */
  readonly onTrouble: (reason: string) => void;
}

/** Establishes something, and again whenever it is lost. */
export class RabbitmqUpkeep {
  readonly #options: RabbitmqUpkeepOptions;
  #open = true;
  #settled = deferred<void>();

  constructor(options: RabbitmqUpkeepOptions) {
    this.#options = options;
    void this.#run();
  }

  /** Resolves when it is established, or has been refused once, or is not wanted any more. */
  get settled(): Promise<void> {
    return this.#settled.promise;
  }

  /** Ends the upkeep; what is established stays. */
  close(): void {
    this.#open = false;
    this.#settled.resolve();
  }

  async #run(): Promise<void> {
    const { session, establish, onTrouble } = this.#options;
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
      onTrouble(reason);
      if (refused) this.#settled.resolve();
      await pause(backoff(attempt, PAUSES), session.signal).catch(() => {});
    }
    this.#settled.resolve();
  }
}
