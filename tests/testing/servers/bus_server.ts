/**
 * The servers of buses, by name, for what has to work on each of them alike.
 *
 * @module
 */
import { startNats } from "./nats.ts";
import { startRabbitmq } from "./rabbitmq.ts";

/** A server of a bus. */
export interface BusServer extends AsyncDisposable {
  readonly url: string;
  /** The port it listens on; it stays the same. */
  readonly port: number;
  kill(): Promise<void>;
  restart(): Promise<void>;
}

/** How to start the server of each bus. */
export const busServers = {
  NATS: startNats,
  RabbitMQ: startRabbitmq,
} as const satisfies Readonly<Record<string, () => Promise<BusServer>>>;

/** A bus that has a server. */
export type BusName = keyof typeof busServers;

/** The buses that have a server. */
export const busNames = Object.keys(busServers) as BusName[];

/**
 * Starts a server of a bus; or returns the one that `ARI_PROXY_TEST_BUS_URL` names, for tests which
 * leave nothing behind and so can share one that is slow to start. It cannot be killed.
 */
export function ownOrSharedServer(name: BusName): Promise<BusServer> {
  const url = Deno.env.get("ARI_PROXY_TEST_BUS_URL");
  if (!url || name !== chosenBus()) return busServers[name]();
  const refuse = () => Promise.reject(new Error("The server of the bus is shared"));
  return Promise.resolve({
    url,
    port: Number(new URL(url).port),
    kill: refuse,
    restart: refuse,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
}

/** The bus that `ARI_PROXY_TEST_BUS` names; NATS without it. */
export function chosenBus(): BusName {
  const wanted = Deno.env.get("ARI_PROXY_TEST_BUS") || "NATS";
  const name = busNames.find((name) => name === wanted);
  if (!name) throw new Error(`ARI_PROXY_TEST_BUS has to be one of ${busNames.join(", ")}`);
  return name;
}
