import { type AsteriskServer, startAsterisk } from "../testing/servers/asterisk.ts";
import type { BusName, busServers } from "../testing/servers/bus_server.ts";
import { startNats } from "../testing/servers/nats.ts";
import { startRabbitmq } from "../testing/servers/rabbitmq.ts";
import type { Servers } from "./fault_rig.ts";

/** The server of each bus. */
type BusServers = { readonly [N in BusName]: Awaited<ReturnType<typeof busServers[N]>> };

/** Servers that all tests of a file use. A test that changes one of them leaves it as it was. */
export interface SharedServers extends BusServers {
  readonly asterisk: AsteriskServer;
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
