/**
 * A proxy between a fake Asterisk and an in-process bus, as the golden vectors have it.
 *
 * @module
 */
import type { BusMessage } from "../../src/bus/bus.ts";
import { InProcessBroker, type InProcessBus } from "../../src/bus/in_process.ts";
import type { Log } from "../../src/server/log.ts";
import { type Proxy, type ProxyOptions, startProxy } from "../../src/server/proxy.ts";
import { type FakeAsterisk, startFakeAsterisk } from "./fake_asterisk.ts";

/** A line of the log. */
export interface LogLine {
  readonly level: keyof Log;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** A log that keeps its lines. */
export class MemoryLog implements Log {
  readonly lines: LogLine[] = [];
  readonly #waiting: { test: (line: LogLine) => boolean; resolve: (line: LogLine) => void }[] = [];

  debug = this.#keep("debug");
  info = this.#keep("info");
  warn = this.#keep("warn");
  error = this.#keep("error");

  /** The first line with the text, when it comes or has come. */
  line(text: string): Promise<LogLine> {
    const test = ({ message }: LogLine) => message.includes(text);
    const found = this.lines.find(test);
    if (found) return Promise.resolve(found);
    const { promise, resolve } = Promise.withResolvers<LogLine>();
    this.#waiting.push({ test, resolve });
    return promise;
  }

  #keep(level: keyof Log) {
    return (message: string, details: Readonly<Record<string, unknown>> = {}) => {
      const line = { level, message, details };
      this.lines.push(line);
      this.#waiting.filter(({ test }) => test(line)).forEach(({ resolve }) => resolve(line));
    };
  }
}

/** The node of the vectors. */
export const node = "02:42:ac:11:00:0a";

/** The application of the vectors. */
export const app = "calls";

/** A proxy with both of its sides in the hands of a test. */
export class ProxyFixture implements AsyncDisposable {
  private constructor(
    readonly asterisk: FakeAsterisk,
    /** The proxy's connection to the bus. */
    readonly proxyBus: InProcessBus,
    /** A connection of the test's own. */
    readonly bus: InProcessBus,
    readonly proxy: Proxy,
    readonly log: MemoryLog,
  ) {}

  /** Starts everything and waits until the proxy serves. */
  static async start(
    options: Partial<ProxyOptions> & {
      readonly broker?: InProcessBroker;
      readonly node?: string;
      readonly app?: string;
    } = {},
  ): Promise<ProxyFixture> {
    const { broker = new InProcessBroker(), ...rest } = options;
    const asterisk = await startFakeAsterisk({
      entityId: options.node ?? node,
      username: "proxy",
      password: "secret",
      apart: false,
    });
    const proxyBus = broker.connect();
    const log = new MemoryLog();
    const proxy = startProxy({
      apps: [options.app ?? app],
      process: { id: crypto.randomUUID(), version: "0.0.0", started: new Date(0) },
      bus: proxyBus,
      log,
      asterisk: {
        httpUrl: asterisk.httpUrl,
        websocketUrl: asterisk.websocketUrl,
        username: "proxy",
        password: "secret",
      },
      ...rest,
    });
    await log.line("Asterisk is connected");
    return new ProxyFixture(asterisk, proxyBus, broker.connect(), proxy, log);
  }

  /** Sends a request and returns the first answer, as text. */
  async request(subject: string, payload: string): Promise<string> {
    const data = new TextEncoder().encode(payload);
    const answer = await this.bus.request(subject, data, { timeout: 5_000 });
    return new TextDecoder().decode(answer.data);
  }

  /** Sends an event and returns what the proxy published for it. */
  async event(text: string): Promise<{ subject: string; payload: string }[]> {
    const published: { subject: string; payload: string }[] = [];
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const take = ({ subject, data }: BusMessage) => {
      const payload = new TextDecoder().decode(data);
      if (payload.includes('"type":"EndOfVector"')) resolve();
      else published.push({ subject, payload });
    };
    const subscription = this.bus.subscribe("ari.>", take);
    this.asterisk.sendEvent(text);
    this.asterisk.sendEvent({ type: "EndOfVector", application: app });
    // After some events the proxy gives its event socket up.
    await Promise.race([over, this.log.line("Asterisk is gone")]);
    await this.proxyBus.flush();
    subscription.close();
    return published;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.proxy.close();
    await this.bus.close();
    await this.proxyBus.close();
    await this.asterisk[Symbol.asyncDispose]();
  }
}
