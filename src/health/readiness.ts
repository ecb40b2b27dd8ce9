/**
 * Whether the program can do its work at this moment, and if not, what is missing since when.
 *
 * @module
 */
import { redactUrl } from "../common/redact_url.ts";

/** What a proxy cannot do without. */
export const parts = ["bus", "asterisk"] as const;

/** One of the things that a proxy cannot do without. */
type Part = typeof parts[number];

/** How a part is. */
interface PartReport {
  /** Whether it is there. */
  readonly ready: boolean;
  /** Since when, in ISO 8601. */
  readonly since: string;
  /** Why it is not there; absent when it is. */
  readonly reason?: string;
}

/** How the program is, as `/readyz` tells it. */
interface ReadinessReport extends Readonly<Record<Part, PartReport>> {
  /** Whether everything is there and nobody has asked the program to end. */
  readonly ready: boolean;
  /** Whether the program is about to end. */
  readonly stopping: boolean;
}

interface PartState {
  ready: boolean;
  since: number;
  reason: string;
  connects: number;
}

/** Remembers of each part whether it is there, since when, and how often it came. */
export class Readiness {
  readonly #parts: Readonly<Record<Part, PartState>>;
  readonly #listeners = new Set<() => void>();
  readonly #now: () => number;
  #stopping = false;

  /**
   * Makes the state of a program that has just begun: nothing is there.
   *
   * @param now Tells the time, in milliseconds since 1970.
   */
  constructor(now: () => number = Date.now) {
    this.#now = now;
    const missing = (): PartState => ({
      ready: false,
      since: now(),
      reason: "Not connected yet",
      connects: 0,
    });
    this.#parts = { bus: missing(), asterisk: missing() };
  }

  /** Whether everything is there and nobody has asked the program to end. */
  get ready(): boolean {
    return !this.#stopping && parts.every((part) => this.#parts[part].ready);
  }

  /** Whether a part is there. */
  has(part: Part): boolean {
    return this.#parts[part].ready;
  }

  /** How often a part has come back after its first time. */
  reconnects(part: Part): number {
    return Math.max(0, this.#parts[part].connects - 1);
  }

  /** Notes that a part is there. */
  up(part: Part): void {
    const state = this.#parts[part];
    if (state.ready) return;
    Object.assign(state, { ready: true, since: this.#now(), reason: "" });
    state.connects++;
    this.#tell();
  }

  /** Notes that a part is not there, and why. The time counts from when it went. */
  down(part: Part, reason: string): void {
    const state = this.#parts[part];
    const text = redactUrl(reason);
    if (!state.ready && state.reason === text) return;
    if (state.ready) state.since = this.#now();
    Object.assign(state, { ready: false, reason: text });
    this.#tell();
  }

  /** Notes that the program is about to end. */
  stop(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#tell();
  }

  /** Everything, for programs. */
  report(): ReadinessReport {
    const of = (part: Part): PartReport => {
      const { ready, since, reason } = this.#parts[part];
      return { ready, since: new Date(since).toISOString(), ...(!ready && { reason }) };
    };
    const { ready } = this;
    return { ready, stopping: this.#stopping, bus: of("bus"), asterisk: of("asterisk") };
  }

  /** Calls the listener after each change. Returns a function that stops it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(): void {
    this.#listeners.forEach((listener) => listener());
  }
}
