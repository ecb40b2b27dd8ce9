/**
 * One session after the other, for ever.
 *
 * @module
 */

import { backoff } from "../../common/backoff.ts";
import { pause } from "../../common/pause.ts";
import type { RabbitmqSession } from "./session.ts";
import { errorText } from "../../common/error_text.ts";

/** Pauses between attempts to reconnect, in milliseconds. */
const PAUSES = { first: 100, max: 5_000 };

/** A way to connect to one server. It rejects with a `BusError`, or when the signal aborts. */
export type Dial = (signal: AbortSignal) => Promise<RabbitmqSession>;

/** Options of {@linkcode liveOn}. */
export interface LiveOnOptions {
  /** Ways to connect again, one for each server. */
  readonly dials: readonly Dial[];
  /** Ends it; who aborts it also closes a session that has been entered. */
  readonly signal: AbortSignal;
  /** Puts a session into use. The next step follows when it resolves. */
  readonly enter: (session: RabbitmqSession) => Promise<void>;
  /** Takes the session out of use, because it has ended. */
  readonly leave: (reason: string) => void;
  /** Is told why an attempt to reconnect failed; the next follows. */
  readonly onRetry: (reason: string) => void;
}

/**
 * Lives on a session until it ends, then on the next one, until the signal aborts.
 *
 * @returns A promise that resolves when the last session is gone.
 */
export async function liveOn(first: RabbitmqSession, options: LiveOnOptions): Promise<void> {
  for (let session: RabbitmqSession | undefined = first; session !== undefined;) {
    await options.enter(session);
    if (options.signal.aborted) await session.close();
    options.leave(await session.ended);
    await session.gone;
    session = await reconnect(options);
  }
}

async function reconnect(
  { dials, signal, onRetry }: LiveOnOptions,
): Promise<RabbitmqSession | undefined> {
  for (let round = 0; !signal.aborted; round++) {
    await pause(backoff(round, PAUSES), signal).catch(() => {});
    for (const dial of dials) {
      if (signal.aborted) break;
      try {
        return await dial(signal);
      } catch (error) {
        if (signal.aborted) break;
        onRetry(errorText(error));
      }
    }
  }
}
