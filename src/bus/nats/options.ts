/**
 * How to connect to NATS, in our words and in the library's.
 *
 * @module
 */

import type { ConnectionOptions, TlsOptions } from "@nats-io/nats-core";
import { redactInvalidUrl } from "../../common/redact_url.ts";
import { BusError } from "../bus.ts";
import { type ChangingText, currentText } from "../base.ts";

/** Certificates for TLS, each as PEM text, which may change from one connection to the next. */
export interface NatsTls {
  /**
   * Certificates of the authorities to trust, besides those that Deno trusts.
   *
   * @default none
   */
  readonly ca?: ChangingText;
  /**
   * The client's own certificate, with its chain.
   *
   * @default none
   */
  readonly cert?: ChangingText;
  /**
   * The private key of the client's certificate.
   *
   * @default none
   */
  readonly key?: ChangingText;
  /**
   * Do the TLS handshake before the server sends anything, for servers configured so.
   *
   * @default false
   */
  readonly handshakeFirst?: boolean;
}

/** Options of `connectNats` beside the servers. */
export interface NatsSettings {
  /**
   * Name of the connection, for the server's operator.
   *
   * @default none
   */
  readonly name?: string;
  /**
   * How long one attempt to connect may take, in milliseconds.
   *
   * @default 5000
   */
  readonly timeout?: number;
  /** Aborts connecting. An open connection is closed with its `close`. */
  readonly signal?: AbortSignal;
  /**
   * Bytes sent and not acknowledged by the server from which on `publish` refuses.
   *
   * @default 67108864
   */
  readonly maxPending?: number;
  /**
   * Pause between pings, in milliseconds. A server that does not answer two is taken for dead.
   *
   * @default 10000
   */
  readonly pingInterval?: number;
  /**
   * Keeps what this connection publishes from its own subscriptions.
   *
   * @default false
   */
  readonly noEcho?: boolean;
  /**
   * Token to send; overrides the one of the URLs, as `user` does.
   *
   * @default none
   */
  readonly token?: ChangingText;
  /**
   * User name to send.
   *
   * @default none
   */
  readonly user?: string;
  /**
   * Password of the user.
   *
   * @default none
   */
  readonly pass?: ChangingText;
  /**
   * Seed of an nkey to sign with.
   *
   * @default none
   */
  readonly nkey?: ChangingText;
  /**
   * Content of a credentials file: a JWT and a seed.
   *
   * @default none
   */
  readonly creds?: ChangingText;
  /**
   * Certificates; given, the connection is encrypted regardless of the URLs.
   *
   * @default none
   */
  readonly tls?: NatsTls;
}

/** Options of `connectNats`. */
export interface NatsOptions extends NatsSettings {
  /**
   * Servers to fail over between: `nats://` or `tls://`, host, and port (4222 by default). Each may
   * carry `user:password@` or `token@`, the same in all that carry any.
   */
  readonly urls: readonly string[];
}

/**
 * Turns our options into the library's, except credentials and what concerns reconnecting.
 *
 * @returns The URLs, the servers as `host:port` for people, and the options for the library.
 * @throws {BusError} With the code `invalid`.
 */
export function natsConnectionOptions(options: NatsOptions): {
  readonly urls: readonly URL[];
  readonly servers: string;
  readonly connection: ConnectionOptions;
} {
  const urls = options.urls.map(parseUrl);
  if (urls.length === 0) throw new BusError("invalid", "Cannot connect to NATS: no URL is given");
  const encrypted = options.tls !== undefined || urls.some((url) => url.protocol === "tls:");
  // The library is given no credentials in URLs, because it repeats those in its own texts.
  const servers = urls.map((url) => `${url.hostname}:${url.port || "4222"}`);
  return {
    urls,
    servers: servers.join(", "),
    connection: {
      servers,
      ...(options.name === undefined ? {} : { name: options.name }),
      ...(encrypted ? { tls: tlsOptions(options.tls) } : {}),
      noEcho: options.noEcho ?? false,
      timeout: options.timeout ?? 5_000,
      pingInterval: options.pingInterval ?? 10_000,
      maxPingOut: 2,
      noAsyncTraces: true,
    },
  };
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "nats:" && url.protocol !== "tls:") || !url.hostname) {
    const shown = redactInvalidUrl(text);
    throw new BusError(
      "invalid",
      `Cannot connect to NATS: ${shown} is not a nats:// or tls:// URL`,
    );
  }
  return url;
}

/** The library reads the members anew for each connection. */
function tlsOptions({ ca, cert, key, handshakeFirst }: NatsTls = {}): TlsOptions {
  const member = (name: keyof TlsOptions, source: ChangingText | undefined) =>
    source !== undefined && { [name]: { enumerable: true, get: () => currentText(source) } };
  return Object.defineProperties<TlsOptions>(
    handshakeFirst === undefined ? {} : { handshakeFirst },
    { ...member("ca", ca), ...member("cert", cert), ...member("key", key) },
  );
}
