/**
 * Connects to the bus that a URL names.
 *
 * @module
 */

import { backoff } from "../common/backoff.ts";
import { pause } from "../common/pause.ts";
import { redactInvalidUrl } from "../common/redact_url.ts";
import { type Bus, BusError } from "./bus.ts";
import { type BusKind, busOfScheme, schemeOf } from "../common/bus_urls.ts";
import { splitUrls } from "../common/split_urls.ts";
import type { NatsSettings } from "./nats/options.ts";

export type { ChangingText } from "./base.ts";

/** Pauses between attempts, in milliseconds. */
const PAUSES = { first: 250, max: 10_000 };

/** Options of {@linkcode connectBus}; what concerns NATS alone is ignored for another bus. */
export interface ConnectBusOptions extends NatsSettings {
  /**
   * Keeps trying until it succeeds or the signal aborts. What a retry cannot change, such as a bad URL,
   * rejects all the same.
   *
   * @default false
   */
  readonly patience?: boolean;
  /**
   * Called for each failed attempt with the reason and the milliseconds before the next one, with
   * `patience`.
   *
   * @default none
   */
  readonly onRetry?: (reason: string, nextDelayMs: number) => void;
  /**
   * Source of chance for the pauses, from 0 up to but not including 1.
   *
   * @default Math.random
   */
  readonly random?: () => number;
}

type Adapter = (urls: readonly string[], options: NatsSettings) => Promise<Bus>;

// Adapters are loaded when they are used, so that a program without a bus starts quickly.
const ADAPTERS: Readonly<Record<BusKind, Adapter>> = {
  NATS: viaNats,
  RabbitMQ: viaRabbitmq,
};

/**
 * Connects to a bus.
 *
 * @param url A URL, several separated by commas, or a list: servers of one bus, to fail over between.
 * @throws {BusError} With the code `unreachable`, `denied` or `invalid`. A signal that aborts rejects
 * with its reason.
 */
export async function connectBus(
  url: string | readonly string[],
  options: ConnectBusOptions = {},
): Promise<Bus> {
  const urls = [url].flat().flatMap(splitUrls);
  const adapter = adapterFor(urls);
  for (let attempt = 0;; attempt++) {
    try {
      return await adapter(urls, options);
    } catch (error) {
      const hopeless = !(error instanceof BusError) || error.code === "invalid";
      if (!options.patience || hopeless || options.signal?.aborted) throw error;
      const delay = backoff(attempt, { ...PAUSES, random: options.random });
      options.onRetry?.(error.message, delay);
      await pause(delay, options.signal);
    }
  }
}

function adapterFor(urls: readonly string[]): Adapter {
  if (urls.length === 0) throw new BusError("invalid", "Cannot connect to a bus: no URL is given");
  const kinds = urls.map((url) => {
    const scheme = schemeOf(url);
    if (scheme === undefined) {
      throw new BusError(
        "invalid",
        `Cannot connect to a bus: ${redactInvalidUrl(url)} is not a URL`,
      );
    }
    const kind = busOfScheme(scheme);
    if (kind === undefined) {
      throw new BusError("invalid", `Cannot connect to a bus: no bus has the scheme ${scheme}//`);
    }
    return kind;
  });
  if (new Set(kinds).size > 1) {
    throw new BusError("invalid", "Cannot connect to a bus: the URLs name buses of several kinds");
  }
  return ADAPTERS[kinds[0]];
}

async function viaNats(urls: readonly string[], options: NatsSettings): Promise<Bus> {
  const { connectNats } = await import("./nats/connect.ts");
  return await connectNats({ ...options, urls });
}

async function viaRabbitmq(urls: readonly string[], options: NatsSettings): Promise<Bus> {
  const { connectRabbitmq } = await import("./rabbitmq/connect.ts");
  return await connectRabbitmq({ ...options, urls });
}
