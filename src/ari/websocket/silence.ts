/**
 * Finds out whether a WebSocket that brings nothing is quiet or dead.
 *
 * A peer that vanished without closing the connection leaves a socket that looks open for many
 * minutes, because nothing is ever written to it. So after some silence Asterisk is sent a ping,
 * which it answers on the same socket, whatever its user may do. Nothing that is asked over another
 * connection proves as much: an Asterisk that has restarted answers there as if nothing were wrong.
 *
 * @module
 */
import { pause } from "../../common/pause.ts";

/** Notes when something came from the socket. */
export class Pulse {
  #last = performance.now();

  /** Something came. */
  beat(): void {
    this.#last = performance.now();
  }

  /** Milliseconds since something came. */
  get silence(): number {
    return performance.now() - this.#last;
  }
}

/** Options of {@linkcode answersPing}. */
interface PingOptions {
  /** Sends a ping. Whatever comes from the socket then has to beat the pulse. */
  readonly ping: () => void;
  /** How long the answer may take, in milliseconds. */
  readonly probeTimeout: number;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

/** Options of {@linkcode awaitSilence}. */
interface SilenceOptions extends PingOptions {
  /** Silence after which to ping, in milliseconds. */
  readonly silence: number;
}

/** Steps in which an answer is waited for. */
const STEPS = 10;

/**
 * Resolves with whether something comes from the socket after a ping.
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
  // In steps: if this process itself stood still, the clock has run on, but what arrived meanwhile
  // is read before the next step is over.
  for (let step = 0; step < STEPS && !beaten(); step++) await pause(probeTimeout / STEPS, signal);
  return beaten();
}

/**
 * Resolves when the socket is dead: it brought nothing for long, and then no answer to a ping.
 *
 * @throws The reason of the signal, when it aborts.
 */
export async function awaitSilence(pulse: Pulse, options: SilenceOptions): Promise<void> {
  const { silence, signal } = options;
  do {
    while (pulse.silence < silence) await pause(Math.max(1, silence - pulse.silence), signal);
  } while (await answersPing(pulse, options));
}
