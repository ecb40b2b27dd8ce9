/**
 * Detects whether a WebSocket on which nothing is received is quiet or dead.
 *
 * A peer that has vanished without closing the connection leaves a WebSocket that looks open for many
 * minutes, because nothing is ever written to it. So after some silence Asterisk is sent a ping,
 * which it answers on the same WebSocket, whatever permissions the ARI user has. A request on another
 * connection proves less: an Asterisk that was restarted responds there as usual.
 *
 * @module
 */
import { pause } from "../../common/pause.ts";

/** Records when something was last received. */
export class Pulse {
  #last = performance.now();

  /** Records that something was received. */
  beat(): void {
    this.#last = performance.now();
  }

  /** Time since something was received, in milliseconds. */
  get silence(): number {
    return performance.now() - this.#last;
  }
}

interface PingOptions {
  /** Sends a ping. Whatever is received has to be recorded by {@linkcode Pulse.beat}. */
  readonly ping: () => void;
  /** Time for the pong, in milliseconds. */
  readonly probeTimeout: number;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

interface SilenceOptions extends PingOptions {
  /** Time without any message after which to ping, in milliseconds. */
  readonly silence: number;
}

/** Number of steps of the wait for a pong. */
const STEPS = 10;

/**
 * Sends a ping, and resolves with whether anything is received after it.
 *
 * @throws The reason of the signal, when it aborts.
 */
export async function answersPing(
  pulse: Pulse,
  { ping, probeTimeout, signal }: PingOptions,
): Promise<boolean> {
  const begun = performance.now();
  const beaten = () => pulse.silence < performance.now() - begun;
  ping();
  // In steps: if this process itself was suspended, the clock has advanced, but what was received
  // meanwhile is read before the next step is over.
  for (let step = 0; step < STEPS && !beaten(); step++) await pause(probeTimeout / STEPS, signal);
  return beaten();
}

/**
 * Resolves when the WebSocket is dead: silent for too long, and then without a response to a ping.
 *
 * @throws The reason of the signal, when it aborts.
 */
export async function awaitSilence(pulse: Pulse, options: SilenceOptions): Promise<void> {
  const { silence, signal } = options;
  do {
    while (pulse.silence < silence) await pause(Math.max(1, silence - pulse.silence), signal);
  } while (await answersPing(pulse, options));
}
