import type { Bus } from "../../src/bus/bus.ts";
import { connectNats } from "../../src/bus/nats/connect.ts";
import { startEmbeddedBus } from "../../src/embedded/server.ts";
import { testBusContract } from "../bus/contract.ts";

testBusContract("Embedded", async () => {
  let server = await startEmbeddedBus({ port: 0 });
  const { port, url } = server;
  const buses: Bus[] = [];
  return {
    async connect() {
      const bus = await connectNats({ urls: [url], name: `test ${buses.length}` });
      buses.push(bus);
      return bus;
    },
    async cut() {
      await server[Symbol.asyncDispose]();
    },
    async restore() {
      server = await startEmbeddedBus({ port });
    },
    async [Symbol.asyncDispose]() {
      for (const bus of buses) await bus.close();
      await server[Symbol.asyncDispose]();
    },
  };
});
