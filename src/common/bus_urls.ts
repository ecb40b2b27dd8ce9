/**
 * URLs of buses.
 *
 * @module
 */

/** A kind of bus. */
export type BusKind = "NATS" | "RabbitMQ";

const KINDS: Readonly<Record<string, BusKind>> = {
  "nats:": "NATS",
  "tls:": "NATS",
  "amqp:": "RabbitMQ",
  "amqps:": "RabbitMQ",
};

/** The schemes of all buses, such as `nats:`. */
export const busSchemes: readonly string[] = Object.keys(KINDS);

/** The scheme of a URL, such as `nats:`, in lower case; undefined for a text that is not a URL with a host. */
export function schemeOf(url: string): string | undefined {
  return /^[a-z][a-z0-9+.-]*:(?=\/\/)/i.exec(url)?.[0].toLowerCase();
}

/** The kind of bus of a scheme; undefined when there is none. */
export function busOfScheme(scheme: string): BusKind | undefined {
  return Object.hasOwn(KINDS, scheme) ? KINDS[scheme] : undefined;
}
