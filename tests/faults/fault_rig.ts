/**
 * A proxy between a real Asterisk and a real bus, with a network of ours on each of its sides.
 *
 * @module
 */
import { AriError } from "../../src/ari/errors.ts";
import { createRest } from "../../src/ari/rest.ts";
import type { Bus } from "../../src/bus/bus.ts";
import { connectBus, type ConnectBusOptions } from "../../src/bus/connect.ts";
import { Requester } from "../../src/client/requester.ts";
import { busOfScheme, schemeOf } from "../../src/common/bus_urls.ts";
import { pause } from "../../src/common/pause.ts";
import type { Response } from "../../src/protocol/response.ts";
import { type Proxy, startProxy } from "../../src/server/proxy.ts";
import { withDeadline } from "../testing/deadline.ts";
import { type CheckOptions, EventLedger } from "../testing/event_ledger.ts";
import { type FaultProxy, startFaultProxy } from "../testing/fault_proxy.ts";
import { MemoryLog } from "../testing/proxy_fixture.ts";
import type { AsteriskServer } from "../testing/servers/asterisk.ts";
import { type BusName, busNames, type BusServer } from "../testing/servers/bus_server.ts";

/** How long things may take in a test, in milliseconds, where the program would wait longer. */
export const SHORT = {
  checkInterval: 250,
  requestTimeout: 600,
  silence: 400,
  probeTimeout: 400,
  announceInterval: 1_000,
};

/** Time between pings on the bus, in milliseconds; RabbitMQ counts in seconds. */
const PING: Readonly<Record<BusName, number>> = { NATS: 200, RabbitMQ: 1_000 };

/** Time within which a connection to the bus that carries nothing is found out, in milliseconds. */
export const BUS_HALF_OPEN: Readonly<Record<BusName, number>> = {
  NATS: 3 * PING.NATS,
  RabbitMQ: 3 * PING.RabbitMQ,
};

/** Time within which an event socket that carries nothing is found out, in milliseconds. */
export const SOCKET_HALF_OPEN = SHORT.silence + SHORT.probeTimeout;

/** How long a busy machine may take over and above, in milliseconds. */
const SLACK = 1_500;

/** The servers on both sides of a rig. */
export interface Servers {
  readonly asterisk: AsteriskServer;
  readonly bus: BusServer;
}

/** Options of {@linkcode FaultRig.start}. */
export interface FaultRigOptions {
  /** How the proxy connects to the bus, beside the URL. @default pings in short intervals */
  readonly bus?: ConnectBusOptions;
  /** URL of the bus with credentials. @default that of the server */
  readonly busUrl?: string;
  /** URL of Asterisk's REST interface, as the proxy has it. @default that of Asterisk */
  readonly httpUrl?: string;
  /** The ARI user of the proxy. @default the one who may do everything */
  readonly user?: { readonly username: string; readonly password: string };
  /** Times, in milliseconds, that are to be others than those of {@linkcode SHORT}. */
  readonly times?: Partial<typeof SHORT>;
}

/** A proxy, and a network of ours before each of its three connections. */
export class FaultRig implements AsyncDisposable {
  private constructor(
    readonly proxy: Proxy,
    readonly log: MemoryLog,
    /** Between the proxy and the bus. */
    readonly busNetwork: FaultProxy,
    /** Between the proxy and Asterisk's REST interface. */
    readonly restNetwork: FaultProxy,
    /** Between the proxy and Asterisk's event socket. */
    readonly eventNetwork: FaultProxy,
    /** Connected to the bus past the network, as is the ledger. */
    readonly client: Requester,
    readonly ledger: EventLedger,
    /** Events of Asterisk, one after the other until the end of the rig. */
    readonly traffic: Traffic,
    private readonly stack: AsyncDisposableStack,
  ) {}

  /** Starts everything but the servers, and waits until events arrive. */
  static async start(servers: Servers, options: FaultRigOptions = {}): Promise<FaultRig> {
    const { asterisk } = servers;
    await using stack = new AsyncDisposableStack();
    const app = `fault-${crypto.randomUUID()}`;
    const between = async (url: string) => {
      const network = stack.use(await startFaultProxy(Number(new URL(url).port)));
      return { network, url: url.replace(/:\d+/, `:${network.port}`) };
    };
    const { busUrl = servers.bus.url, httpUrl = asterisk.httpUrl } = options;
    const rest = await between(httpUrl);
    const events = await between(asterisk.websocketUrl);
    const path = await between(busUrl);
    const own = stack.use(await connectBus(busUrl, { name: "test" }));
    const kind = busOfScheme(schemeOf(busUrl) ?? "");
    const busName = busNames.find((name) => name === kind);
    const ledger = new EventLedger(own, app);
    await own.flush();
    const bus: Bus = stack.use(
      await connectBus(path.url, {
        name: "proxy",
        ...(busName && { pingInterval: PING[busName] }),
        timeout: 1_000,
        ...options.bus,
      }),
    );
    const { username, password } = options.user ?? asterisk;
    const log = new MemoryLog();
    const proxy = stack.use(startProxy({
      ...SHORT,
      ...options.times,
      apps: [app],
      process: { id: crypto.randomUUID(), version: "0.0.0", started: new Date() },
      asterisk: { httpUrl: rest.url, websocketUrl: events.url, username, password },
      bus,
      log,
    }));
    await withDeadline(log.line("Asterisk is connected"), { what: "the proxy to serve" });
    const client = stack.use(new Requester(own, { app, timeout: 3_000 }));
    const traffic = stack.use(new Traffic(asterisk, { app, ledger }));
    await ledger.arrived(0);
    return new FaultRig(
      proxy,
      log,
      path.network,
      rest.network,
      events.network,
      client,
      ledger,
      traffic,
      stack.move(),
    );
  }

  /** Asks the proxy for something that it asks Asterisk for. */
  request(node?: string): Promise<Response> {
    return this.client.request("AsteriskInfo", node === undefined ? {} : { node });
  }

  /** Resolves when Asterisk has sent so many events more. */
  async sends(count: number): Promise<void> {
    const { traffic } = this;
    const goal = traffic.next + count;
    await withDeadline(traffic.until((next) => next >= goal), { what: "more events of Asterisk" });
  }

  /**
   * Resolves with the reason when the proxy has found out that something is gone.
   *
   * @param within The time that it may take by the times of the rig, in milliseconds.
   */
  async misses(what: "Asterisk" | "The bus", within: number): Promise<unknown> {
    const timeout = within + SLACK;
    const line = this.log.line(`${what} is disconnected`);
    const { details } = await withDeadline(line, { what: `${what} to be missed`, timeout });
    return details.reason;
  }

  /** Why the proxy says that events may be missing, but for its start. */
  get reasons(): readonly string[] {
    return this.ledger.notices.map(({ reason }) => reason).filter((it) => it !== "started");
  }

  /**
   * Resolves when a newly sent event has arrived, and a request got a response.
   *
   * @param within The time that is promised, in milliseconds.
   */
  async recovers(within: number): Promise<void> {
    const deadline = performance.now() + within;
    await withDeadline(this.ledger.arrived(this.traffic.next), {
      what: "events to arrive again",
      timeout: within,
    });
    for (;;) {
      try {
        return void await this.request();
      } catch (error) {
        if (performance.now() > deadline) throw error;
        await pause(20);
      }
    }
  }

  /** Lets the traffic end, and asserts that every event came in order or is accounted for. */
  async settle(options: CheckOptions = {}): Promise<void> {
    const last = await this.traffic.stop();
    await this.ledger.arrived(last);
    this.ledger.check(options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stack.disposeAsync();
  }
}

/** Lets Asterisk send events with rising marks, a moment apart. */
class Traffic implements AsyncDisposable {
  /** The mark of the next event. */
  next = 0;
  readonly #stop = new AbortController();
  readonly #running: Promise<number>;

  constructor(
    private readonly asterisk: AsteriskServer,
    private readonly options: { readonly app: string; readonly ledger: EventLedger },
  ) {
    this.#running = this.#run();
  }

  /** Resolves when the mark of the next event is such. */
  async until(condition: (next: number) => boolean): Promise<void> {
    while (!condition(this.next)) await pause(5);
  }

  /** Ends with an event that Asterisk certainly sent, and returns its mark. */
  stop(): Promise<number> {
    this.#stop.abort();
    return this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop().catch(() => {});
  }

  async #run(): Promise<number> {
    using rest = createRest({ url: this.asterisk.httpUrl, ...this.asterisk, timeout: 1_000 });
    for (let last = -1;;) {
      const { ledger, app } = this.options;
      const mark = this.next++;
      const begun = Date.now();
      try {
        const { status } = await rest.send({
          method: "POST",
          path: "/events/user/Fault",
          query: `application=${app}`,
          body: JSON.stringify({ variables: { mark: `${mark}` } }),
        });
        if (status < 300) ledger.sent(last = mark, { begun, over: Date.now() });
      } catch (error) {
        // Asterisk is down, and it is unknown whether it sent the event.
        if (!(error instanceof AriError)) throw error;
      }
      if (this.#stop.signal.aborted) return last;
      await pause(5, this.#stop.signal).catch(() => {});
    }
  }
}
