/**
 * Whether the program can serve requests and events at this moment, and if not, what is missing since when.
 *
 * @module
 */
import { redactUrl } from "../common/redact_url.ts";

/** The connections that a proxy needs. */
export const connections = ["bus", "asterisk"] as const;

type Connection = typeof connections[number];

interface ConnectionReport {
  /** Whether it is open. */
  readonly ready: boolean;
  /** Since when it is open or not, in ISO 8601. */
  readonly since: string;
  /** Why it is not open; absent when it is. */
  readonly reason?: string;
}

/** The response of `/readyz`. */
interface ReadinessReport extends Readonly<Record<Connection, ConnectionReport>> {
  /** Whether all connections are open and the program is not shutting down. */
  readonly ready: boolean;
  /** Whether the program is shutting down. */
  readonly stopping: boolean;
}

interface ConnectionState {
  ready: boolean;
  since: number;
  reason: string;
  connects: number;
}

/** Records of each connection whether it is open, since when, and how often it was opened. */
export class Readiness {
  readonly #states: Readonly<Record<Connection, ConnectionState>>;
  readonly #listeners = new Set<() => void>();
  readonly #now: () => number;
  #stopping = false;

  /**
   * Starts without connections.
   *
   * @param now Returns the time, in milliseconds since 1970.
   */
  constructor(now: () => number = Date.now) {
    this.#now = now;
    const missing = (): ConnectionState => ({
      ready: false,
      since: now(),
      reason: "Not connected yet",
      connects: 0,
    });
    this.#states = { bus: missing(), asterisk: missing() };
  }

  /** Whether all connections are open and the program is not shutting down. */
  get ready(): boolean {
    return !this.#stopping && connections.every((name) => this.#states[name].ready);
  }

  /** Whether a connection is open. */
  isConnected(name: Connection): boolean {
    return this.#states[name].ready;
  }

  /** How often a connection was opened again after its first time. */
  reconnects(name: Connection): number {
    return Math.max(0, this.#states[name].connects - 1);
  }

  /** Records that a connection is open. */
  up(name: Connection): void {
    const state = this.#states[name];
    if (state.ready) return;
    Object.assign(state, { ready: true, since: this.#now(), reason: "" });
    state.connects++;
    this.#notify();
  }

  /** Records that a connection is not open, and why. The time counts from when it was closed. */
  down(name: Connection, reason: string): void {
    const state = this.#states[name];
    const text = redactUrl(reason);
    if (!state.ready && state.reason === text) return;
    if (state.ready) state.since = this.#now();
    Object.assign(state, { ready: false, reason: text });
    this.#notify();
  }

  /** Records that the program is shutting down. */
  stop(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#notify();
  }

  /** Everything, for programs. */
  report(): ReadinessReport {
    const of = (name: Connection): ConnectionReport => {
      const { ready, since, reason } = this.#states[name];
      return { ready, since: new Date(since).toISOString(), ...(!ready && { reason }) };
    };
    const { ready } = this;
    return { ready, stopping: this.#stopping, bus: of("bus"), asterisk: of("asterisk") };
  }

  /** Calls the listener after each change. Returns a function that removes it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #notify(): void {
    this.#listeners.forEach((listener) => listener());
  }
}
