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
