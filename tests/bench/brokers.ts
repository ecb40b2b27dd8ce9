/**
 * The brokers that the bench can run on, and how much of everything it measures there.
 *
 * @module
 */
import { startNats } from "../testing/servers/nats.ts";
import { startRabbitmq } from "../testing/servers/rabbitmq.ts";

/** Numbers of events and requests of one round. */
export interface Size {
  /** Events at full tilt. */
  readonly burst: number;
  /** Events of which few are unacknowledged at a time. */
  readonly windowed: number;
  /** How long events come at a fixed rate, in seconds. */
  readonly seconds: number;
  /** Requests one by one. */
  readonly single: number;
  /** Requests of which many are under way at a time. */
  readonly many: number;
}

/** A broker. */
export interface Broker {
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
    start: () => startNats(),
    quick: { burst: 60_000, windowed: 20_000, seconds: 0.5, single: 500, many: 8_000 },
    whole: { burst: 200_000, windowed: 50_000, seconds: 1.5, single: 1_500, many: 20_000 },
  },
  amqp: {
    start: () => startRabbitmq(),
    quick: { burst: 20_000, windowed: 8_000, seconds: 0.5, single: 300, many: 2_000 },
    whole: { burst: 60_000, windowed: 20_000, seconds: 1.5, single: 1_000, many: 8_000 },
  },
} as const satisfies Readonly<Record<string, Broker>>;

/**
 * The broker that the command line names with `--bus`; nats unless it names one.
 *
 * @throws {Error} When there is none of that name.
 */
export function chosenBroker(args: readonly string[]): keyof typeof brokers {
  const at = args.indexOf("--bus");
  const name = at < 0 ? "nats" : args[at + 1];
  if (name === "nats" || name === "amqp") return name;
  throw new Error(`Cannot measure on ${name}: --bus takes nats or amqp`);
}
