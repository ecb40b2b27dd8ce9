/**
 * Finds out whether an event socket that brings nothing is quiet or dead.
 *
 * A peer that vanished without closing the connection leaves a socket that looks open for many
 * minutes, because nothing is ever written to it. So after some silence Asterisk is asked, over
 * REST, to send a user event; it comes back on the socket if the socket lives.
 *
 * @module
 */
import { pause } from "../common/pause.ts";
import { AriError } from "./ari_error.ts";
import { parseObject } from "./parse_object.ts";
import type { AriRest } from "./rest.ts";

/** Name of the user event that serves as the probe. */
export const PROBE = "AriProxyProbe";

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

/** Options of {@linkcode awaitSilence}. */
export interface SilenceOptions {
  /** Where to send the probe. */
  readonly rest: AriRest;
  /** The application whose socket is probed. */
  readonly application: string;
  /** Silence after which to probe, in milliseconds. */
  readonly silence: number;
  /** How long the probe may take to come back, in milliseconds. */
  readonly probeTimeout: number;
  /** Ends the watch. */
  readonly signal: AbortSignal;
}

/**
 * Resolves with true when the socket does not bring a probe that Asterisk accepted, and with false
 * as soon as Asterisk refuses a probe (to a read-only user, for instance), since nothing can be
 * learned then.
 *
 * @throws The reason of the signal, when it aborts.
 */
export async function awaitSilence(pulse: Pulse, options: SilenceOptions): Promise<boolean> {
  const { silence, probeTimeout, signal } = options;
  while (true) {
    if (pulse.silence < silence) {
      await pause(Math.max(1, silence - pulse.silence), signal);
      continue;
    }
    const begun = performance.now();
    const beaten = () => pulse.silence < performance.now() - begun;
    const outcome = await sendProbe(options);
    if (outcome === "refused") return false;
    if (outcome === "failed") {
      await pause(silence, signal);
      continue;
    }
    // In halves: if this process itself stood still, the clock has run on, but what arrived
    // meanwhile is read before the second half is over.
    if (!beaten()) await pause(probeTimeout / 2, signal);
    if (!beaten()) await pause(probeTimeout / 2, signal);
    if (!beaten()) return true;
  }
}

/** Whether a text from the socket is a probe that came back. */
export function isProbe(text: string): boolean {
  // A cheap test first: this runs for every event.
  if (!text.includes(PROBE)) return false;
  const event = parseObject(text);
  return event?.type === "ChannelUserevent" && event.eventname === PROBE;
}

/** The application that another program took, if the text from the socket tells so. */
export function replacedApplication(text: string): string | undefined {
  if (!text.includes("ApplicationReplaced")) return undefined;
  const event = parseObject(text);
  if (event?.type !== "ApplicationReplaced") return undefined;
  return typeof event.application === "string" ? event.application : "";
}

async function sendProbe(
  { rest, application, signal }: SilenceOptions,
): Promise<"sent" | "refused" | "failed"> {
  try {
    const { status } = await rest.send({
      method: "POST",
      path: `/events/user/${PROBE}`,
      query: `application=${encodeURIComponent(application)}`,
    }, { signal });
    if (status >= 200 && status <= 299) return "sent";
    return status < 500 ? "refused" : "failed";
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AriError) return "failed";
    throw error;
  }
}
