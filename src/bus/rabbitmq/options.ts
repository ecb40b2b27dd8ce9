/**
 * How to connect to RabbitMQ, in our words and in the library's.
 *
 * @module
 */

import type { ConnectionOptions } from "node:tls";
import type { Options } from "amqplib";
import { redactInvalidUrl } from "../../common/redact_url.ts";
import { BusError } from "../bus.ts";
import { type ChangingText, currentText } from "../base.ts";
import { trustedContext } from "../trusted_context.ts";
import { percentDecode } from "../../common/percent_decode.ts";

/** Certificates for TLS, each as PEM text, which may change from one connection to the next. */
interface RabbitmqTls {
  /**
   * Certificates of the authorities to trust, besides those that Node trusts.
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
}

/** Options of `connectRabbitmq` beside the servers. */
export interface RabbitmqSettings {
  /**
   * Name of the connection, for the broker's operator.
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
   * Bytes sent and not known to have reached the broker from which on `publish` refuses.
   *
   * @default 67108864
   */
  readonly maxPending?: number;
  /**
   * Time between heartbeats, in milliseconds, rounded to seconds. A broker that leaves out two
   * is taken for dead.
   *
   * @default 10000
   */
  readonly pingInterval?: number;
  /**
   * User name to send; overrides the one of the URLs.
   *
   * @default guest
   */
  readonly user?: string;
  /**
   * Password of the user.
   *
   * @default none
   */
  readonly pass?: ChangingText;
  /**
   * Certificates; given, the connection is encrypted regardless of the URLs.
   *
   * @default none
   */
  readonly tls?: RabbitmqTls;
}

/** Options of `connectRabbitmq`. */
export interface RabbitmqOptions extends RabbitmqSettings {
  /**
   * Servers to fail over between: `amqp://` or `amqps://`, optional `user:password@`, host, port
   * (by default 5672, or 5671 with TLS) and virtual host (by default `/`).
   */
  readonly urls: readonly string[];
}

/** A server to connect to. */
export interface RabbitmqTarget {
  /** Host and port, for people. */
  readonly address: string;
  /** For the library. */
  readonly connect: Options.Connect;
}

/**
 * Turns the URLs and options into the library's, with the present password.
 *
 * @throws {BusError} With the code `invalid`.
 */
export function rabbitmqTargets(options: RabbitmqOptions): RabbitmqTarget[] {
  if (options.urls.length === 0) {
    throw new BusError("invalid", "Cannot connect to RabbitMQ: no URL is given");
  }
  const heartbeat = Math.max(1, Math.round((options.pingInterval ?? 10_000) / 1000));
  return options.urls.map((text) => {
    const url = URL.parse(text);
    if (url === null || !["amqp:", "amqps:"].includes(url.protocol) || !url.hostname) {
      throw refusal(`${redactInvalidUrl(text)} is not an amqp:// or amqps:// URL`);
    }
    const encrypted = options.tls !== undefined || url.protocol === "amqps:";
    const port = Number(url.port) || (encrypted ? 5671 : 5672);
    const anonymous = url.username === "" && url.password === "";
    return {
      address: `${url.hostname}:${port}`,
      connect: {
        protocol: encrypted ? "amqps" : "amqp",
        hostname: url.hostname.replace(/^\[(.*)\]$/, "$1"),
        port,
        username: options.user ?? (anonymous ? "guest" : percentDecode(url.username)),
        password: options.user !== undefined
          ? currentText(options.pass ?? "")
          : anonymous
          ? "guest"
          : percentDecode(url.password),
        // The library decodes it.
        vhost: url.pathname.slice(1),
        heartbeat,
      },
    };
  });
}

function refusal(problem: string): BusError {
  return new BusError("invalid", `Cannot connect to RabbitMQ: ${problem}`);
}

/**
 * Options of a socket of Node, with the present certificates; those of TLS apply where the
 * connection is encrypted.
 */
export function socketOptions(tls: RabbitmqTls | undefined): ConnectionOptions {
  const { ca, cert, key } = tls ?? {};
  return {
    // Explicit, since otherwise the variable NODE_TLS_REJECT_UNAUTHORIZED can switch it off.
    rejectUnauthorized: true,
    ...trustedContext({
      ...(ca === undefined ? {} : { ca: currentText(ca) }),
      ...(cert === undefined ? {} : { cert: currentText(cert) }),
      ...(key === undefined ? {} : { key: currentText(key) }),
    }),
  };
}
