/** Floods of requests and of events: neither holds up the other, and nothing piles up. */
import assert from "node:assert/strict";
import { setImmediate } from "node:timers";
import type { Bus, BusMessage } from "../../src/bus/bus.ts";
import { connectBus } from "../../src/bus/connect.ts";
import { gapType } from "../../src/protocol/notice.ts";
import { decodeJson, isObject } from "../../src/protocol/json.ts";
import { withDeadline } from "../testing/deadline.ts";
import { type FakeAsterisk, startFakeAsterisk } from "../testing/fake_asterisk.ts";
import { Received } from "../testing/received.ts";
import { type CliProcess, startCli } from "../testing/run_cli.ts";
import { startNats } from "../testing/servers/nats.ts";

const app = "load";
const entityId = "02:00:00:00:00:0f";

/** A proxy as its own process, a real nats-server, and a fake Asterisk. */
class Load implements AsyncDisposable {
  private constructor(
    readonly asterisk: FakeAsterisk,
    readonly bus: Bus,
    readonly process: CliProcess,
    private readonly stack: AsyncDisposableStack,
  ) {}

  static async start(): Promise<Load> {
    await using stack = new AsyncDisposableStack();
    const nats = stack.use(await startNats());
    const asterisk = stack.use(await startFakeAsterisk({ entityId }));
    const bus = stack.use(await connectBus(nats.url));
    const process = stack.use(startCli(["serve"], {
      env: {
        ARI_APPLICATION: app,
        ARI_USERNAME: asterisk.username,
        ARI_PASSWORD: asterisk.password,
        ARI_HTTP_URL: asterisk.httpUrl,
        MESSAGEBUS_URL: nats.url,
      },
    }));
    await process.until(/Asterisk is connected/);
    const load = new Load(asterisk, bus, process, stack.move());
    // It serves when it answers.
    while (await load.ask({ kind: "AsteriskInfo" }) === undefined);
    return load;
  }

  /** Resident memory of the proxy, in MiB. */
  get memory(): number {
    const status = Deno.readTextFileSync(`/proc/${this.process.pid}/status`);
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
  }

  /** Sends a request; its error text, or undefined without a response. */
  async ask(request: object, timeout = 30_000): Promise<string | undefined> {
    const data = new TextEncoder().encode(JSON.stringify(request));
    try {
      const answer = await this.bus.request(`ari.command.${app}`, data, { timeout });
      const value = decodeJson(answer.data);
      assert.ok(isObject(value));
      return typeof value.error === "string" ? value.error : "";
    } catch {
      return undefined;
    }
  }

  /** Listens to the numbered events of a test. */
  async listen(): Promise<Numbers> {
    const numbers = new Numbers();
    this.bus.subscribe(`ari.event.${app}.>`, numbers.take);
    await this.bus.flush();
    return numbers;
  }

  /** Sends a numbered event. */
  send(number: number): void {
    this.asterisk.sendEvent(
      `{"type":"ChannelVarset","timestamp":"2026-11-23T03:00:00.000+0000","variable":"N",` +
        `"value":"${number}","at":${performance.now()},"filler":"${"x".repeat(400)}",` +
        `"asterisk_id":"${entityId}","application":"${app}"}`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stack.disposeAsync();
  }
}

/** The numbers of events as they came, and how long they took. */
class Numbers {
  readonly received = new Received<number>();
  readonly latencies: number[] = [];
  readonly gaps: unknown[] = [];

  readonly take = ({ data }: BusMessage): void => {
    const event = decodeJson(data);
    assert.ok(isObject(event));
    if (event.type === gapType && event.reason !== "started") this.gaps.push(event);
    if (event.type !== "ChannelVarset") return;
    this.latencies.push(performance.now() - Number(event.at));
    this.received.add(Number(event.value));
  };

  /** Waits until all have come, and asserts that they did once and in order. */
  async all(count: number): Promise<void> {
    await withDeadline(this.received.until((items) => items.length >= count), {
      what: `${count} events`,
      timeout: 60_000,
    });
    assert.equal(this.received.items.length, count);
    this.received.items.forEach((number, index) => assert.equal(number, index));
    assert.deepEqual(this.gaps, []);
  }

  /** Latencies in milliseconds, for people. */
  get summary(): string {
    const sorted = [...this.latencies].sort((a, b) => a - b);
    const at = (part: number) => Math.round(sorted[Math.floor((sorted.length - 1) * part)]);
    return `latency p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`;
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

Deno.test("a flood of requests is refused beyond the limit, and does not delay events", async () => {
  await using load = await Load.start();
  const flood = 20_000;
  const limit = 1_000;
  const held = Promise.withResolvers<void>();
  load.asterisk.answer(async () => {
    await held.promise;
    return { status: 204 };
  });
  const numbers = await load.listen();
  const before = load.memory;

  const outcomes = new Map<string, number>();
  const refused = Promise.withResolvers<void>();
  const count = (outcome: string) => {
    const times = (outcomes.get(outcome) ?? 0) + 1;
    outcomes.set(outcome, times);
    if (outcome.startsWith("Busy") && times === flood - limit) refused.resolve();
  };
  const asked: Promise<void>[] = [];
  let events = 0;
  for (let index = 0; index < flood; index++) {
    const request = { kind: "ChannelAnswer", key: { id: `c${index}` } };
    asked.push(load.ask(request).then((error) => count(error ?? "no answer")));
    if (index % 10 === 0) load.send(events++);
    if (index % 200 === 0) await turn();
  }
  await withDeadline(refused.promise, { what: "19,000 refusals", timeout: 60_000 });
  // All the while 1,000 wait for Asterisk, events continue.
  for (let rest = 0; rest < 500; rest++) {
    load.send(events++);
    await turn();
  }
  await numbers.all(events);
  assert.deepEqual([...outcomes], [[`Busy: ${limit} requests are under way`, flood - limit]]);
  const peak = load.memory;
  held.resolve();
  await withDeadline(Promise.all(asked), { what: "all answers", timeout: 60_000 });
  assert.equal(outcomes.get(""), limit);
  assert.equal(await load.ask({ kind: "ChannelAnswer", key: { id: "after" } }), "");
  assert.ok(peak - before < 200, `Memory grew from ${before} to ${peak} MiB`);
  console.log(
    `load: ${flood} requests held up ${events} events not: ${numbers.summary}; ` +
      `memory ${Math.round(before)} MiB before, ${Math.round(peak)} MiB with ${limit} under way`,
  );
});

Deno.test("requests are answered in a flood of events, none of which is lost", async () => {
  await using load = await Load.start();
  load.asterisk.answer(() => ({ status: 204 }));
  const numbers = await load.listen();
  const flood = 30_000;
  let events = 0;
  const flooding = (async () => {
    while (events < flood) {
      for (let burst = 0; burst < 100; burst++) load.send(events++);
      // So many are in flight at a time, all the time.
      do await turn(); while (events - numbers.received.items.length > 2_000);
    }
  })();
  const durations: number[] = [];
  const asking = Array.from({ length: 8 }, async (_, asker) => {
    do {
      const begun = performance.now();
      const error = await load.ask({ kind: "ChannelAnswer", key: { id: `c${asker}` } });
      assert.equal(error, "");
      durations.push(performance.now() - begun);
    } while (numbers.received.items.length < flood);
  });
  await flooding;
  await numbers.all(flood);
  await Promise.all(asking);
  durations.sort((a, b) => a - b);
  const p99 = Math.round(durations[Math.floor(durations.length * 0.99)]);
  // Requests that had to wait for the end of the flood would take far longer.
  assert.ok(p99 < 5_000, `${p99}`);
  console.log(
    `load: ${flood} events held up ${durations.length} requests not: p99 ${p99} ms; ` +
      `${numbers.summary}; memory ${Math.round(load.memory)} MiB`,
  );
});
