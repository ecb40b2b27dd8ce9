/**
 * Connects to the bus over NATS.
 *
 * @module
 */

import {
  AuthorizationError,
  TimeoutError,
  UserAuthenticationExpiredError,
} from "@nats-io/nats-core/internal";
import type { ConnectionOptions, NatsConnection } from "@nats-io/nats-core";
import { deferred } from "../../common/deferred.ts";
import { type Bus, BusError } from "../bus.ts";
import { NatsBus } from "./bus.ts";
import { natsAuthenticators } from "./credentials.ts";
import { natsConnectionOptions, type NatsOptions } from "./options.ts";
import { NatsReconnects } from "./reconnects.ts";
import { errorText } from "../../common/error_text.ts";

/**
 * Connects to a NATS server. Every server named is tried once.
 *
 * @throws {BusError} With the code `unreachable` or `denied`, for the last server tried, or
 * `invalid` for bad options. A signal that aborts rejects with its reason.
 */
export async function connectNats(options: NatsOptions): Promise<Bus> {
  const { urls, servers, connection } = natsConnectionOptions(options);
  const authenticator = natsAuthenticators(options, urls);
  options.signal?.throwIfAborted();
  const connect = await connector();
  const reconnects = new NatsReconnects();
  // Not every transport of that name supports these; with one that does not, the dial goes on.
  let ended: Error | undefined;
  const dialling = new AbortController();
  const extras = { signal: dialling.signal, onEnd: (reason?: Error) => ended = reason };
  const dial = connect({
    ...connection,
    ...extras,
    authenticator,
    maxReconnectAttempts: -1,
    // Credentials can be put right on the server; until then every attempt is reported as a status.
    ignoreAuthErrorAbort: true,
    reconnectDelayHandler: () => reconnects.pause(),
  });
  const { promise: aborted, reject } = deferred<never>();
  const abort = () => {
    dialling.abort(options.signal?.reason);
    reject(options.signal?.reason);
  };
  // The caller's signal must not reach the connection once that is open.
  options.signal?.addEventListener("abort", abort);
  // It may have aborted while the library was loaded.
  if (options.signal?.aborted) abort();
  try {
    const nats = await Promise.race([dial, aborted]);
    return new NatsBus(nats, { reconnects, maxPending: options.maxPending });
  } catch (error) {
    dial.then((nats) => nats.close(), () => {});
    options.signal?.throwIfAborted();
    throw connectError(servers, error instanceof TimeoutError ? ended ?? error : error);
  } finally {
    options.signal?.removeEventListener("abort", abort);
  }
}

function connectError(servers: string, error: unknown): BusError {
  const reason = errorText(error);
  return error instanceof AuthorizationError || error instanceof UserAuthenticationExpiredError
    ? new BusError("denied", `NATS at ${servers} refused the credentials: ${reason}`)
    : new BusError("unreachable", `Cannot reach NATS at ${servers}: ${reason}`);
}

/**
 * Returns what connects over the sockets of the runtime. The transport for Node would end a process of Deno
 * when a server refuses the credentials, and the one for Deno does not work elsewhere.
 */
async function connector(): Promise<(options: ConnectionOptions) => Promise<NatsConnection>> {
  const { connect } = typeof Deno === "undefined"
    ? await import("@nats-io/transport-node")
    : await import("@nats-io/transport-deno");
  return connect;
}
