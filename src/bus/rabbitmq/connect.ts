/**
 * Connects to the bus over RabbitMQ.
 *
 * @module
 */

import { type Bus, BusError } from "../bus.ts";
import { RabbitmqBus } from "./bus.ts";
import { type RabbitmqOptions, rabbitmqTargets } from "./options.ts";
import { openSession } from "./session.ts";

/**
 * Connects to a RabbitMQ server. Every server named is tried once.
 *
 * @throws {BusError} With the code `unreachable` or `denied`, for the last server tried, or
 * `invalid` for bad options. A signal that aborts rejects with its reason.
 */
export async function connectRabbitmq(options: RabbitmqOptions): Promise<Bus> {
  const { signal, ...settings } = options;
  // They are made anew for each attempt, because the password may change.
  const dials = rabbitmqTargets(options).map((_, index) => async (signal?: AbortSignal) =>
    await openSession(rabbitmqTargets(options)[index], { ...settings, signal })
  );
  let failure: unknown;
  for (const dial of dials) {
    try {
      const bus = new RabbitmqBus(await dial(signal), { dials, maxPending: options.maxPending });
      await bus.started;
      return bus;
    } catch (error) {
      signal?.throwIfAborted();
      failure = error;
    }
  }
  throw failure ?? new BusError("unreachable", "Cannot reach RabbitMQ: no server was tried");
}
