import type { BusName, BusServer } from "../testing/servers/bus_server.ts";
import { type NatsServer, startNats } from "../testing/servers/nats.ts";
import type { RabbitmqServer } from "../testing/servers/rabbitmq.ts";
import type { SharedServers } from "./shared_servers.ts";

const user = "anna";

/** A bus that requires a password: at first `geheim`. */
export interface GuardedBus extends AsyncDisposable {
  readonly server: BusServer;
  /** The URL with the first password. */
  readonly url: string;
  /** Requires another password, and disconnects clients with the former one. */
  change(password: string): Promise<void>;
}

/** Makes a bus that requires a password: a server of its own, or a user of a shared one. */
export const guardBus: Readonly<Record<BusName, (servers: SharedServers) => Promise<GuardedBus>>> =
  {
    NATS: guardNats,
    RabbitMQ: ({ RabbitMQ }) => guardRabbitmq(RabbitMQ),
  };

async function guardNats(): Promise<GuardedBus> {
  const args = (password: string) => ["--user", user, "--pass", password];
  let server: NatsServer = await startNats({ args: args("geheim") });
  const { port } = server;
  return {
    server,
    url: `nats://${user}:geheim@127.0.0.1:${port}`,
    async change(password) {
      await server[Symbol.asyncDispose]();
      server = await startNats({ port, args: args(password) });
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function guardRabbitmq(server: RabbitmqServer): Promise<GuardedBus> {
  await server.ctl(["add_user", user, "geheim"]);
  await server.ctl(["set_permissions", user, ".*", ".*", ".*"]);
  return {
    server,
    url: server.url.replace("//", `//${user}:geheim@`),
    async change(password) {
      await server.ctl(["change_password", user, password]);
      await server.ctl(["close_all_user_connections", user, "changed"]);
    },
    [Symbol.asyncDispose]: async () => void await server.ctl(["delete_user", user]),
  };
}
