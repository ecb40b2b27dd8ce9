/**
 * The brokers that the bench can run on, and how much of everything it measures there.
 *
 * @module
 */
import { startNats } from "../testing/servers/nats.ts";
import { startRabbitmq } from "../testing/servers/rabbitmq.ts";

/** Numbers of events and requests of one round. */
export interface Size {
  /** Rounds. */
  readonly rounds: number;
  /** Events at full tilt. */
  readonly burst: number;
  /** Events of which few are unacknowledged at a time. */
  readonly windowed: number;
  /** How long events come at a fixed rate, in seconds. */
  readonly seconds: number;
  /** Requests one by one. */
  readonly single: number;
  /** Requests of which many are in flight at a time. */
  readonly many: number;
  /** Messages of which each step of the growth consists: events and their copies for dialogs. */
  readonly grown: number;
}

/** A broker. */
export interface Broker {
  /** Name for people. */
  readonly title: string;
  /** Starts it. */
  start(): Promise<AsyncDisposable & { readonly url: string }>;
  /** For a look. */
  readonly quick: Size;
  /** For figures. */
  readonly whole: Size;
}

/** All of them, by the name that `--bus` takes; those that are slower get less to do. */
export const brokers = {
  nats: {
    title: "NATS",
    start: () => startNats(),
    quick: {
      ...{ rounds: 2, burst: 60_000, windowed: 20_000, seconds: 0.5 },
      ...{ single: 500, many: 8_000, grown: 20_000 },
    },
    whole: {
      ...{ rounds: 7, burst: 200_000, windowed: 50_000, seconds: 2 },
      ...{ single: 1_500, many: 20_000, grown: 100_000 },
    },
  },
  amqp: {
    title: "RabbitMQ",
    start: () => startRabbitmq(),
    quick: {
      ...{ rounds: 2, burst: 20_000, windowed: 8_000, seconds: 0.5 },
      ...{ single: 300, many: 2_000, grown: 8_000 },
    },
    whole: {
      ...{ rounds: 7, burst: 60_000, windowed: 20_000, seconds: 2 },
      ...{ single: 1_000, many: 8_000, grown: 40_000 },
    },
  },
} as const satisfies Readonly<Record<string, Broker>>;
