/**
 * A proxy between a fake Asterisk and an in-process bus, as the golden vectors have it.
 *
 * @module
 */
import type { BusMessage } from "../../src/bus/bus.ts";
import { InProcessBroker, type InProcessBus } from "../../src/bus/memory.ts";
import type { Log } from "../../src/common/log.ts";
import { type Proxy, type ProxyOptions, startProxy } from "../../src/server/proxy.ts";
import { type FakeAsterisk, startFakeAsterisk } from "./fake_asterisk.ts";
import { Received } from "./received.ts";

/** A line of the log. */
export interface LogLine {
  readonly level: keyof Log;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** A log that keeps its lines. */
export class MemoryLog implements Log {
  readonly #received = new Received<LogLine>();
  readonly #listeners = new Set<(line: LogLine) => void>();

  debug = this.#keep("debug");
  info = this.#keep("info");
  warn = this.#keep("warn");
  error = this.#keep("error");

  /** The lines so far. */
  get lines(): readonly LogLine[] {
    return this.#received.items;
  }

  /** Calls the listener with each line. Returns a function that stops it. */
  onLine(listener: (line: LogLine) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The first line with the text, when it comes or has come. */
  async line(text: string): Promise<LogLine> {
    const [line] = await this.count(text, 1);
    return line;
  }

  /** The first lines with the text, as soon as there are so many. */
  async count(text: string, count: number): Promise<readonly LogLine[]> {
    const found = () => this.lines.filter(({ message }) => message.includes(text));
    await this.#received.until(() => found().length >= count);
    return found().slice(0, count);
  }

  #keep(level: keyof Log) {
    return (message: string, details: Readonly<Record<string, unknown>> = {}) => {
      const line = { level, message, details };
      this.#received.add(line);
      this.#listeners.forEach((listener) => listener(line));
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
    const stop = this.log.onLine(({ message }) => {
      if (message.startsWith("Asterisk is disconnected")) resolve();
    });
    await over;
    stop();
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
