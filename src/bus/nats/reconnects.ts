/**
 * The pauses between attempts to reconnect to NATS, and why the attempts failed.
 *
 * @module
 */

import type { NatsConnection } from "@nats-io/nats-core";
import { NatsConnectionImpl } from "@nats-io/nats-core/internal";
import { backoff } from "../../common/backoff.ts";

/** Pauses before one server is tried again, in milliseconds. */
const PAUSES = { first: 100, max: 5_000 };
const UNKNOWN = "the connection was closed";

/**
 * Returns the pauses that the library asks for. That is the only place where it shows that an attempt
 * has failed, and with what error.
 */
export class NatsReconnects {
  #nats: NatsConnection | undefined;
  #onFailure: (reason: string) => void = () => {};
  #reason = UNKNOWN;
  /** Failures of all servers when the connection was lost; undefined while connected. */
  #before: number | undefined;
  #failures = 0;
  #pause = 0;

  /** Why the connection ended, or the last attempt to restore it failed. */
  get reason(): string {
    return this.#reason;
  }

  /**
   * Watches a connection, once there is one.
   *
   * @param onFailure Is called with the reason for which an attempt failed.
   */
  watch(nats: NatsConnection, onFailure: (reason: string) => void): void {
    this.#nats = nats;
    this.#onFailure = onFailure;
  }

  /** Records the reason in case the connection ends, or the attempt to restore it fails. */
  recordReason(reason: string): void {
    this.#reason = reason;
  }

  /**
   * Milliseconds that lie between two attempts at one server. The library asks whenever it looks for
   * the next server, so several times for one attempt.
   */
  pause(): number {
    if (!(this.#nats instanceof NatsConnectionImpl)) return 0;
    const servers = this.#nats.getServers();
    // The library drops its list of servers when it is closed.
    if (servers.length === 0) return 0;
    const sum = servers.reduce((sum, server) => sum + server.reconnects, 0);
    const lost = this.#before === undefined;
    const failures = sum - (this.#before ??= sum);
    if (lost || failures !== this.#failures) {
      this.#reason = this.#nats.protocol.transport.closeError?.message ?? this.#reason;
      const rounds = Math.floor((failures - 1) / servers.length);
      this.#pause = backoff(Math.max(0, rounds), PAUSES);
      this.#failures = failures;
      if (!lost) this.#onFailure(this.#reason);
    }
    return this.#pause;
  }

  /** The connection is restored. */
  succeeded(): void {
    this.#before = undefined;
    this.#failures = 0;
    this.#reason = UNKNOWN;
  }
}
