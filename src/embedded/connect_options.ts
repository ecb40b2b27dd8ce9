/**
 * Reads what a client says of itself when it connects.
 *
 * @module
 */

import { ProtocolError } from "./errors.ts";

/** The options of a `CONNECT`, as far as the embedded bus heeds them. */
interface ConnectOptions {
  /** Whether everything that goes well is answered with `+OK`. */
  readonly verbose: boolean;
  /** Whether the client wants what it publishes itself. */
  readonly echo: boolean;
  /** Whether it understands messages with headers. */
  readonly headers: boolean;
  /** Whether it wants to be told when nobody listens to its request. */
  readonly noResponders: boolean;
  /** What it shows to be let in. */
  readonly token: string | undefined;
}

/** What holds for a client that has not said anything, as with nats-server. */
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
 * @throws {ProtocolError} When they are none.
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
