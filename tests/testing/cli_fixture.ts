/**
 * What the command line program talks to: a real bus, and a proxy of ours with a fake Asterisk.
 *
 * @module
 */
import type { Bus } from "../../src/bus/bus.ts";
import { connectBus } from "../../src/bus/connect.ts";
import { main } from "../../src/cli/main.ts";
import { type Proxy, startProxy } from "../../src/server/proxy.ts";
import { withDeadline } from "./deadline.ts";
import { type FakeAsterisk, type FakeAsteriskOptions, startFakeAsterisk } from "./fake_asterisk.ts";
import { createFakeIo, type FakeIo, type FakeIoOptions } from "./fake_io.ts";
import { MemoryLog } from "./proxy_fixture.ts";
import {
  type BusName,
  type BusServer,
  busServers,
  chosenBus,
  ownOrSharedServer,
} from "./servers/bus_server.ts";

/** What a run of the program came to. */
export interface Outcome {
  /** Exit code. */
  readonly code: number;
  /** What it wrote to standard output. */
  readonly out: string;
  /** What it wrote to standard error. */
  readonly err: string;
}

/** Runs the program within this process, to its end. */
export async function runMain(
  args: readonly string[],
  options: FakeIoOptions = {},
): Promise<Outcome> {
  const { code, io } = startMain(args, options);
  return {
    code: await withDeadline(code, { what: `end of ${args.join(" ")}` }),
    out: io.stdout.text,
    err: io.stderr.text,
  };
}

/** Runs the program within this process. */
export function startMain(
  args: readonly string[],
  options: FakeIoOptions = {},
): { code: Promise<number>; io: FakeIo } {
  const io = createFakeIo(options);
  return { code: main(args, io), io };
}

/** A node of the fixture. */
export interface FixtureNode {
  readonly asterisk: FakeAsterisk;
  readonly proxy: Proxy;
}

/** A bus, a connection to it, and any number of nodes. */
export class CliFixture implements AsyncDisposable {
  readonly server: BusServer;
  /** A connection of the test's own. */
  readonly bus: Bus;
  /** Environment with the bus in it. */
  readonly env: Readonly<Record<string, string>>;
  readonly #stack: AsyncDisposableStack;

  private constructor(stack: AsyncDisposableStack, server: BusServer, bus: Bus) {
    this.#stack = stack;
    this.server = server;
    this.bus = bus;
    this.env = { MESSAGEBUS_URL: server.url };
  }

  /** Starts a bus: without a name the one that `ARI_PROXY_TEST_BUS` names, or else a nats-server. */
  static start(name: BusName = chosenBus()): Promise<CliFixture> {
    return CliFixture.#on(ownOrSharedServer(name));
  }

  /** Starts a bus that no other test uses, so that it can be killed. */
  static startOwn(): Promise<CliFixture> {
    return CliFixture.#on(busServers[chosenBus()]());
  }

  static async #on(starting: Promise<BusServer>): Promise<CliFixture> {
    await using stack = new AsyncDisposableStack();
    const server = stack.use(await starting);
    const bus = stack.use(await connectBus(server.url));
    return new CliFixture(stack.move(), server, bus);
  }

  /** Starts a proxy with a fake Asterisk and waits until it serves. */
  async node(app: string, options: FakeAsteriskOptions = {}): Promise<FixtureNode> {
    const asterisk = this.#stack.use(await startFakeAsterisk(options));
    const bus = this.#stack.use(await connectBus(this.server.url));
    const log = new MemoryLog();
    const { httpUrl, websocketUrl, username, password } = asterisk;
    const address = { httpUrl, websocketUrl, username, password };
    const proxy = this.#stack.use(startProxy({
      apps: [app],
      process: { id: crypto.randomUUID(), version: "0.0.0", started: new Date(0) },
      asterisk: address,
      bus,
      log,
    }));
    await withDeadline(log.line("Asterisk is connected"), { what: "a proxy that serves" });
    await bus.flush();
    return { asterisk, proxy };
  }

  /** Runs the program with this bus. */
  run(args: readonly string[], options: FakeIoOptions = {}): Promise<Outcome> {
    return runMain(args, { ...options, env: { ...this.env, ...options.env } });
  }

  /** Starts the program with this bus. */
  begin(
    args: readonly string[],
    options: FakeIoOptions = {},
  ): { code: Promise<number>; io: FakeIo } {
    return startMain(args, { ...options, env: { ...this.env, ...options.env } });
  }

  /** Resolves when the test's own connection is open. */
  async connected(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const stopListening = this.bus.onStatus(({ type }) => type === "connected" && resolve());
    if (this.bus.connected) resolve();
    await withDeadline(promise, { what: "the bus to be back" });
    stopListening();
  }

  /** Publishes a text. */
  publish(subject: string, text: string): void {
    this.bus.publish(subject, new TextEncoder().encode(text));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}
