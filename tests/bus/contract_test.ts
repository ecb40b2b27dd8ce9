import { InProcessBroker, type InProcessBus } from "../../src/bus/memory.ts";
import type { Bus } from "../../src/bus/bus.ts";
import { connectNats } from "../../src/bus/nats/connect.ts";
import { connectRabbitmq } from "../../src/bus/rabbitmq/connect.ts";
import { startFaultProxy } from "../testing/fault_proxy.ts";
import { startNats } from "../testing/servers/nats.ts";
import { type RabbitmqServer, startRabbitmq } from "../testing/servers/rabbitmq.ts";
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

// It takes three seconds to start, so all tests share it. What a test cuts is a network in between.
let rabbitmq: RabbitmqServer;
Deno.test.beforeAll(async () => {
  rabbitmq = await startRabbitmq();
});
Deno.test.afterAll(async () => await rabbitmq[Symbol.asyncDispose]());

testBusContract("RabbitMQ", async () => {
  const network = await startFaultProxy(rabbitmq.port);
  const url = `amqp://127.0.0.1:${network.port}`;
  const buses: Bus[] = [];
  return {
    async connect() {
      const bus = await connectRabbitmq({ urls: [url], name: `test ${buses.length}` });
      buses.push(bus);
      return bus;
    },
    cut() {
      // Reconnecting clients have to wait.
      network.stall();
      network.cut();
      return Promise.resolve();
    },
    restore() {
      network.resume();
      return Promise.resolve();
    },
    async [Symbol.asyncDispose]() {
      for (const bus of buses) await bus.close();
      await network[Symbol.asyncDispose]();
    },
  };
});
