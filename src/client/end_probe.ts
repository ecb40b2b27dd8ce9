import { deferred } from "../common/deferred.ts";
import { pause } from "../common/pause.ts";
import { AriProxyError } from "../protocol/errors.ts";
import type { Key } from "../protocol/key.ts";
import type { AriEvent } from "./events/model.ts";
import { anySignal } from "./lifetime.ts";
import type { NodeChange } from "./nodes.ts";

/** Options of {@linkcode EndProbe}. */
interface EndProbeOptions {
  /** Asks whether it is there. @throws {AriProxyError} With the code `not_found` when it is not. */
  readonly look: () => Promise<unknown>;
  /** Is called once, when it is not there any more, with the error of the look. */
  readonly onGone: (error: AriProxyError) => void;
  /** Ends the looking. */
  readonly signal: AbortSignal;
  /**
   * How long after the beginning to look although nothing hints at the end, in milliseconds; then after
   * twice that time, and so on up to 30 s.
   *
   * @default only after hints
   */
  readonly first?: number;
}

/** How long an event may be on its way when the one who is asked knows of its cause, in milliseconds. */
const underWay = 500;

/** How long to wait after a look that a hint caused, or that failed, in milliseconds. */
const shortPause = 1_000;

/** The longest pause between two looks, in milliseconds. */
const longestPause = 30_000;

/**
 * Looks whether something is still there, for what depends on the event that tells its end: at each
 * hint that the event may be missing, and now and then where Asterisk may not send it at all.
 */
export class EndProbe {
  readonly #options: EndProbeOptions;
  #hint = new AbortController();
  #begun = false;

  constructor(options: EndProbeOptions) {
    this.#options = options;
  }

  /** Begins. What is not there yet has missed nothing, so that hints before do not count. */
  begin(): void {
    this.#begun = true;
    // Its end by the signal is no error.
    this.#run().catch(() => {});
  }

  /** Looks at once, or once more if it is looking. */
  hint(): void {
    if (this.#begun) this.#hint.abort();
  }

  async #run(): Promise<void> {
    const { first, onGone, signal } = this.#options;
    let wait = first;
    for (;;) {
      const hinted = await this.#wait(wait);
      let error = await this.#look();
      if (isGone(error)) {
        // An event that tells more may be on its way; or what is looked for, which is just being made.
        await pause(underWay, signal);
        error = await this.#look();
        if (isGone(error)) return onGone(error);
      }
      const longer = Math.min(2 * (wait ?? shortPause / 2), longestPause);
      const again = first !== undefined || error !== undefined;
      wait = !again ? undefined : hinted ? shortPause : longer;
    }
  }

  /** Waits for a hint, or for so long. Returns whether there was a hint. */
  async #wait(milliseconds: number | undefined): Promise<boolean> {
    const { signal } = this.#options;
    const either = anySignal([signal, this.#hint.signal]);
    try {
      if (milliseconds === undefined) await aborted(either.signal);
      else await pause(milliseconds, either.signal);
    } catch {
      signal.throwIfAborted();
    } finally {
      either.release();
    }
    const hinted = this.#hint.signal.aborted;
    this.#hint = new AbortController();
    return hinted;
  }

  /** The error of a look; undefined when it is there. */
  async #look(): Promise<unknown> {
    const { look, signal } = this.#options;
    const error = await look().then(() => undefined, (error: unknown) => error);
    signal.throwIfAborted();
    return error;
  }
}

function isGone(error: unknown): error is AriProxyError {
  return error instanceof AriProxyError && error.code === "not_found";
}

/** Rejects when the signal aborts. */
function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = deferred<never>();
  if (signal.aborted) reject(signal.reason);
  else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  return promise;
}

/**
 * Whether a channel or bridge has come to its end in its application with an event. A channel has as soon
 * as it leaves the application: of one that came from the dialplan Asterisk tells nothing after that.
 */
export function isEndOf(event: AriEvent, { kind, id }: Key): boolean {
  switch (event.type) {
    case "ChannelDestroyed":
    case "StasisEnd":
      return kind === "channel" && event.channel.id === id;
    case "BridgeDestroyed":
      return kind === "bridge" && event.bridge.id === id;
    default:
      return false;
  }
}

/**
 * Whether an event may be the last one that is heard of a channel or bridge, or of what is done to it:
 * that a bridge is destroyed is only told while channels of the application are in it.
 */
export function mayEnd(event: AriEvent, target: Key): boolean {
  return isEndOf(event, target) ||
    event.type === "ChannelLeftBridge" && target.kind === "bridge" && event.bridge.id === target.id;
}

/**
 * Calls the listener when the node of something goes. Returns a function that stops it.
 *
 * @param place Tells the coordinates, as far as they are known by then.
 */
export function onNodeEnd(
  client: { onNode(listener: (change: NodeChange) => void): () => void },
  place: () => Key,
  listener: () => void,
): () => void {
  return client.onNode(({ type, node: { app, node } }) => {
    const own = place();
    if (type !== "join" && own.node === node && own.app === app) listener();
  });
}
