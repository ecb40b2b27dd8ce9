import { InProcessBroker, type InProcessBus } from "../../src/bus/in_process.ts";
import type { Bus } from "../../src/bus/bus.ts";
import { connectNats } from "../../src/bus/nats.ts";
import { startNats } from "../testing/servers/nats.ts";
import { testBusContract } from "./contract.ts";

testBusContract("In-process", () => {
  const broker = new InProcessBroker();
  const buses: InProcessBus[] = [];
  return Promise.resolve({
    connect() {
      const bus = broker.connect();
      buses.push(bus);
      return Promise.resolve(bus);
    },
    cut() {
      for (const bus of buses) bus.disconnect();
      return Promise.resolve();
    },
    restore() {
      for (const bus of buses) bus.reconnect();
      return Promise.resolve();
    },
    async [Symbol.asyncDispose]() {
      for (const bus of buses) await bus.close();
    },
  });
});

testBusContract("NATS", async () => {
  const server = await startNats();
  const buses: Bus[] = [];
  return {
    async connect() {
      const bus = await connectNats({ urls: [server.url], name: `test ${buses.length}` });
      buses.push(bus);
      return bus;
    },
    cut: () => server.kill(),
    restore: () => server.restart(),
    async [Symbol.asyncDispose]() {
      for (const bus of buses) await bus.close();
      await server[Symbol.asyncDispose]();
    },
  };
});
