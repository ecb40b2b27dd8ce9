/**
 * Real Asterisks with a proxy beside each, and a client, on a real nats-server.
 *
 * @module
 */
import type { Bus } from "../../src/bus/bus.ts";
import { connectBus } from "../../src/bus/connect.ts";
import { Requester } from "../../src/client/requester.ts";
import { decodeJson, isObject, type JsonObject } from "../../src/protocol/json.ts";
import { type Proxy, startProxy } from "../../src/server/proxy.ts";
import { MemoryLog } from "./proxy_fixture.ts";
import { Received } from "./received.ts";
import { type AsteriskServer, startAsterisk } from "./servers/asterisk.ts";
import { type BusName, type BusServer, busServers } from "./servers/bus_server.ts";

/** An event as it came over the bus. */
export interface BusEvent {
  readonly subject: string;
  readonly event: JsonObject;
}

/** Events of the bus, kept, to be waited for. */
export class EventLog {
  readonly received = new Received<BusEvent>();

  /** Begins to keep what comes on the subject. */
  constructor(bus: Bus, subject = "ari.event.>") {
    bus.subscribe(subject, ({ subject, data }) => {
      const event = decodeJson(data);
      if (isObject(event)) this.received.add({ subject, event });
    });
  }

  /** The first event of a type that has the members, when it comes or has come. */
  async next(type: string, members: JsonObject = {}): Promise<BusEvent> {
    const test = ({ event }: BusEvent) => event.type === type && contains(event, members);
    const events = await this.received.until((items) => items.some(test));
    return events.find(test)!;
  }
}

function contains(value: unknown, wanted: unknown): boolean {
  if (!isObject(wanted)) return value === wanted;
  return isObject(value) &&
    Object.entries(wanted).every(([name, item]) => contains(value[name], item));
}

/** A separate process, as far as the cluster can see. */
function thisProcess() {
  return { id: crypto.randomUUID(), version: "0.0.0", started: new Date() };
}

/** One node: an Asterisk and its proxy. */
export interface RealNode {
  readonly asterisk: AsteriskServer;
  readonly proxy: Proxy;
  readonly log: MemoryLog;
}

/** A cluster of real servers, in the hands of a test. */
export class RealCluster implements AsyncDisposable {
  private constructor(
    /** The server of the bus. */
    readonly server: BusServer,
    readonly nodes: readonly RealNode[],
    /** A connection of the test's own. */
    readonly bus: Bus,
    readonly client: Requester,
    /** Every event since the start. */
    readonly events: EventLog,
    private readonly stack: AsyncDisposableStack,
  ) {}

  /** Starts the servers, and a proxy for the application beside each Asterisk. */
  static async start(
    entityIds: readonly string[],
    { app, on = "NATS" }: { readonly app: string; readonly on?: BusName },
  ): Promise<RealCluster> {
    await using stack = new AsyncDisposableStack();
    const server = stack.use(await busServers[on]());
    const bus = stack.use(await connectBus(server.url, { name: "test" }));
    const nodes = await Promise.all(entityIds.map(async (entityId) => {
      const asterisk = stack.use(await startAsterisk({ entityId }));
      const proxyBus = stack.use(await connectBus(server.url, { name: `proxy ${entityId}` }));
      const log = new MemoryLog();
      const proxy = stack.use(
        startProxy({ apps: [app], process: thisProcess(), asterisk, bus: proxyBus, log }),
      );
      await log.line("Asterisk is connected");
      return { asterisk, proxy, log };
    }));
    const events = new EventLog(bus);
    const client = stack.use(new Requester(bus, { app }));
    const heard = new Received<unknown>();
    const stop = client.nodes.onAnnouncement(heard.add);
    await heard.until(() => client.nodes.members().length >= entityIds.length);
    stop();
    await client.nodes.settled;
    await bus.flush();
    return new RealCluster(server, nodes, bus, client, events, stack.move());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stack.disposeAsync();
  }
}
