/**
 * A real Asterisk, a real bus and the program as a process, with calls, clients that come and go, and
 * disturbances, for as long as one likes.
 *
 * @module
 */
import { connect } from "../../src/client/connect.ts";
import { pause } from "../../src/common/pause.ts";
import { startFaultProxy } from "../testing/fault_proxy.ts";
import { type CliProcess, startCli } from "../testing/run_cli.ts";
import { type AsteriskServer, startAsterisk } from "../testing/servers/asterisk.ts";
import { type BusName, type BusServer, busServers } from "../testing/servers/bus_server.ts";
import { freePort } from "../testing/servers/free_port.ts";
import { placeCall, Tally, work } from "./call_traffic.ts";
import { disturbances } from "./disturbances.ts";
import { type NumberedEvents, NumberedTraffic } from "./numbered_events.ts";
import { readLevels, readProcess, type Sample } from "./samples.ts";

/** Options of {@linkcode soak}. */
export interface SoakOptions {
  /** How long to continue, in seconds. */
  readonly seconds: number;
  /** The bus. @default "NATS" */
  readonly bus?: BusName;
  /** Time between disturbances, in seconds. @default 20 */
  readonly calm?: number;
  /** Time between samples, in seconds. @default 5 */
  readonly interval?: number;
  /** Receives what happens, a line each. @default none */
  readonly tell?: (line: string) => void;
}

/** What came of it. */
export interface SoakReport {
  /** The program's process over time. */
  readonly samples: readonly Sample[];
  /** The process before there was traffic. */
  readonly before: Sample;
  /** The process when all was quiet again. */
  readonly after: Sample;
  /** Requests and calls. */
  readonly tally: Tally;
  /** Numbered events. */
  readonly events: NumberedEvents;
  /** How often the program was disturbed. */
  readonly disturbed: number;
}

const app = "soak";
const entityId = "02:00:00:00:00:5a";
/** How long the program may take to be as quiet as before, in milliseconds. */
const SETTLING = 45_000;

/** What a soak consists of. */
export interface Scene {
  /** The Asterisk. */
  readonly asterisk: AsteriskServer;
  /** The server of the bus. */
  readonly bus: BusServer;
  /** Breaks the connections between the program and Asterisk. */
  cutAsterisk(): void;
  /** Kills the client in a separate process, and starts another one. */
  replaceClient(): Promise<void>;
}

/** Runs a soak to its end. @throws {Error} When the servers do not start, or the program ends. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const { seconds, bus: busName = "NATS", calm = 20, interval = 5, tell = () => {} } = options;
  await using stack = new AsyncDisposableStack();
  const bus = stack.use(await busServers[busName]());
  const asterisk = stack.use(await startAsterisk({ entityId }));
  const network = stack.use(await startFaultProxy(Number(new URL(asterisk.httpUrl).port)));
  const program = stack.use(await startProgram({ asterisk, url: bus.url, port: network.port }));
  const listener = stack.use(await connect({ url: bus.url, app }));
  await listener.settled;
  const clients = stack.use(new ClientProcess(bus.url));
  const scene: Scene = {
    asterisk,
    bus,
    cutAsterisk: () => network.cut(),
    replaceClient: () => clients.replace(),
  };

  const begun = performance.now();
  const look = () => program.sample((performance.now() - begun) / 1_000);
  const before = await look();
  const samples: Sample[] = [before];
  const tally = new Tally();
  const numbered = new NumberedTraffic();
  const over = new AbortController();
  const leaving = new AbortController();
  const listening = await numbered.listen(listener, leaving.signal);
  await clients.replace();

  const every = (milliseconds: number, act: () => Promise<void>) =>
    repeat(act, { milliseconds, signal: over.signal });
  const traffic = [
    every(1_000 * interval, async () => void samples.push(await look())),
    every(50, () => numbered.send(listener, app, tally)),
    ...[1, 2, 3].map(() => every(300, () => visit(bus.url, tally))),
    every(1_000, () => workAWhile(bus.url, tally, over.signal)),
  ];
  let disturbed = 0;
  const disturbing = every(1_000 * calm, async () => {
    const [name, disturb] = disturbances[disturbed++ % disturbances.length];
    tell(`${((performance.now() - begun) / 1_000).toFixed(0)} s: ${name}`);
    await disturb(scene);
  });
  const all = Promise.all([disturbing, ...traffic]);
  try {
    await Promise.race([pause(1_000 * seconds), all]);
  } finally {
    over.abort();
    await Promise.allSettled([disturbing, ...traffic]);
  }
  await all;

  tell("Waiting until all is quiet");
  await clients[Symbol.asyncDispose]();
  await until(() => Promise.resolve(numbered.complete));
  const isQuiet = ({ files, levels }: Sample) =>
    files <= before.files && !levels.requests_under_way && !levels.outbox_messages;
  let after = await look();
  await until(async () => isQuiet(after = await look()));
  leaving.abort();
  await listening.over;
  return { samples, before, after, tally, events: numbered.outcome, disturbed };
}

/** The program, sampled. */
class Program implements AsyncDisposable {
  constructor(readonly process: CliProcess, readonly healthUrl: string) {}

  /** @throws {Deno.errors.NotFound} When it has ended. */
  async sample(at: number): Promise<Sample> {
    const metrics = await fetch(`${this.healthUrl}/metrics`).then(
      (answer) => answer.text(),
      () => "",
    );
    return { at, ...readProcess(this.process.pid), levels: readLevels(metrics) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process[Symbol.asyncDispose]();
  }
}

async function startProgram(
  { asterisk, url, port }: { asterisk: AsteriskServer; url: string; port: number },
): Promise<Program> {
  const health = `127.0.0.1:${await freePort()}`;
  const process = startCli(["serve", "--health", health], {
    env: {
      ARI_APPLICATION: app,
      ARI_USERNAME: asterisk.username,
      ARI_PASSWORD: asterisk.password,
      ARI_HTTP_URL: `http://127.0.0.1:${port}/ari`,
      MESSAGEBUS_URL: url,
    },
  });
  await process.until(/Asterisk is connected/);
  return new Program(process, `http://${health}`);
}

/** A client in a separate process. */
class ClientProcess implements AsyncDisposable {
  #child: Deno.ChildProcess | undefined;

  constructor(readonly url: string) {}

  async replace(): Promise<void> {
    await this[Symbol.asyncDispose]();
    const script = new URL("client_process.ts", import.meta.url).pathname;
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "-A", "--no-check", script, this.url, app],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child) return;
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended by itself, as it does when it finds no bus.
    }
    await child.status;
  }
}

/** A client comes, places calls, and goes. */
async function visit(url: string, tally: Tally): Promise<void> {
  const client = await connect({ url, app }).catch(() => undefined);
  if (!client) return;
  try {
    for (let call = 0; call < 3; call++) await placeCall(client, tally);
    await tally.count(client.channels.list());
  } finally {
    await client.close();
  }
}

/** A client comes, takes calls for some seconds, and goes. */
async function workAWhile(url: string, tally: Tally, signal: AbortSignal): Promise<void> {
  const client = await connect({ url, app }).catch(() => undefined);
  if (!client) return;
  const leave = new AbortController();
  const timer = pause(7_000, signal).catch(() => {}).then(() => leave.abort());
  await work(client, tally, leave.signal).catch(() => {});
  await client.close();
  await timer;
}

async function repeat(
  act: () => Promise<void>,
  { milliseconds, signal }: { readonly milliseconds: number; readonly signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    await pause(milliseconds, signal).catch(() => {});
    if (!signal.aborted) await act();
  }
}

/** Waits for a condition, at most for the time that all may take to settle: the report has the rest. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + SETTLING;
  while (performance.now() < end && !await condition()) await pause(250);
}
