import { deferred } from "../common/deferred.ts";
import { pause } from "../common/pause.ts";
import { AriProxyError } from "../protocol/errors.ts";
import type { Key } from "../protocol/key.ts";
import type { AriEvent } from "./events/model.ts";
import { anySignal } from "./lifetime.ts";
import type { NodeChange } from "./nodes.ts";

/** Options of {@linkcode EndProbe}. */
interface EndProbeOptions {
  /** Looks for it. @throws {AriProxyError} With the code `not_found` when it is not there. */
  readonly look: () => Promise<unknown>;
  /** Called once, when it is not there any more, with the error of the look. */
  readonly onGone: (error: AriProxyError) => void;
  /** Ends the looking. */
  readonly signal: AbortSignal;
  /**
   * How long after the beginning to look without a hint, in milliseconds; then after twice that time,
   * and so on up to 30 s.
   *
   * @default only after hints
   */
  readonly first?: number;
}

/** How much later than a response that shows its cause an event may arrive, in milliseconds. */
const eventDelay = 500;

/** How long to wait after a look that a hint caused, or that failed, in milliseconds. */
const shortPause = 1_000;

/** The longest pause between two looks, in milliseconds. */
const longestPause = 30_000;

/**
 * Looks whether an entity is still there, since the event of its end may be lost: at each hint that it
 * may be, and at growing intervals where Asterisk may not send it at all.
 */
export class EndProbe {
  readonly #options: EndProbeOptions;
  #hint = new AbortController();
  #begun = false;

  constructor(options: EndProbeOptions) {
    this.#options = options;
  }

  /** Begins. Hints before that are ignored: no event of an entity that is not there yet is lost. */
  begin(): void {
    this.#begun = true;
    // Ending it by the signal is not an error.
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
        // The event may still arrive; or the entity is just being created.
        await pause(eventDelay, signal);
        error = await this.#look();
        if (isGone(error)) return onGone(error);
      }
      const longer = Math.min(2 * (wait ?? shortPause / 2), longestPause);
      const again = first !== undefined || error !== undefined;
      wait = !again ? undefined : hinted ? shortPause : longer;
    }
  }

  /** Waits for a hint, or for the time to pass. Returns whether there was a hint. */
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
 * Whether an event is the end of a channel or bridge in its application. For a channel that is when it
 * leaves the application: of one from the dialplan Asterisk sends no event after that.
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
 * Whether an event may be the last one about a channel or bridge, or about what is done to it: Asterisk
 * sends the end of a bridge only while channels of the application are in it.
 */
export function mayEnd(event: AriEvent, target: Key): boolean {
  return isEndOf(event, target) ||
    event.type === "ChannelLeftBridge" && target.kind === "bridge" && event.bridge.id === target.id;
}

/**
 * Calls the listener when the node of an entity goes. Returns a function that stops it.
 *
 * @param place Returns the coordinates, as far as they are known by then.
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
