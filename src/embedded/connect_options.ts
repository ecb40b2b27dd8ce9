/**
 * Reads the options of a `CONNECT`.
 *
 * @module
 */

import { ProtocolError } from "./errors.ts";

/** The options of a `CONNECT`, as far as the embedded bus uses them. */
interface ConnectOptions {
  /** Whether every success is confirmed with `+OK`. */
  readonly verbose: boolean;
  /** Whether the client gets what it publishes itself. */
  readonly echo: boolean;
  /** Whether it understands messages with headers. */
  readonly headers: boolean;
  /** Whether it is notified when its request has no subscriber. */
  readonly noResponders: boolean;
  /** Its token; undefined when it sent none. */
  readonly token: string | undefined;
}

/** The options of a client that has sent none, as with nats-server. */
export const UNSAID: ConnectOptions = {
  verbose: true,
  echo: true,
  headers: false,
  noResponders: false,
  token: undefined,
};

/**
 * Reads the options.
 *
 * @throws {ProtocolError} When they are invalid.
 */
export function readConnectOptions(json: string): ConnectOptions {
  const fields = parseObject(json);
  const flag = (name: string, otherwise: boolean): boolean => {
    const value = fields.get(name) ?? otherwise;
    if (typeof value !== "boolean") throw new ProtocolError("Parser Error");
    return value;
  };
  const token = fields.get("auth_token");
  const options = {
    verbose: flag("verbose", UNSAID.verbose),
    echo: flag("echo", UNSAID.echo),
    headers: flag("headers", UNSAID.headers),
    noResponders: flag("no_responders", UNSAID.noResponders),
    token: typeof token === "string" ? token : undefined,
  };
  if (options.noResponders && !options.headers) {
    throw new ProtocolError("No Responders Requires Headers Support");
  }
  return options;
}

function parseObject(json: string): ReadonlyMap<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new ProtocolError("Parser Error");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ProtocolError("Parser Error");
  }
  return new Map(Object.entries(value));
}
