import { type AsteriskServer, startAsterisk } from "../testing/servers/asterisk.ts";
import type { BusName } from "../testing/servers/bus_server.ts";
import { type NatsServer, startNats } from "../testing/servers/nats.ts";
import { type RabbitmqServer, startRabbitmq } from "../testing/servers/rabbitmq.ts";
import type { Servers } from "./fault_rig.ts";

/** Servers that all tests of a file use. A test that changes one of them leaves it as it was. */
export interface SharedServers {
  readonly asterisk: AsteriskServer;
  readonly NATS: NatsServer;
  readonly RabbitMQ: RabbitmqServer;
}

/**
 * Starts an Asterisk and the buses before the tests of a file, and stops them after it: they take
 * seconds.
 *
 * @returns A function that returns the servers, or those for a test on one of the buses.
 */
export function sharedServers(): {
  (): SharedServers;
  (on: BusName): Servers;
} {
  const stack = new AsyncDisposableStack();
  let all: SharedServers;
  Deno.test.beforeAll(async () => {
    const asterisk = stack.use(await startAsterisk());
    const NATS = stack.use(await startNats());
    all = { asterisk, NATS, RabbitMQ: stack.use(await startRabbitmq()) };
  });
  Deno.test.afterAll(async () => await stack.disposeAsync());
  function servers(): SharedServers;
  function servers(on: BusName): Servers;
  function servers(on?: BusName): SharedServers | Servers {
    return on === undefined ? all : { asterisk: all.asterisk, bus: all[on] };
  }
  return servers;
}
