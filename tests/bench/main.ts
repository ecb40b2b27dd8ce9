/**
 * `deno task bench`: what the proxy costs and how fast it is, between a fake Asterisk and a real
 * broker on loopback, beside a raw pass-through that does the least there is to do.
 *
 *     deno task bench [--bus nats|amqp] [--quick] [--json]
 *
 * @module
 */
import { connectBus } from "../../src/bus/connect.ts";
import { brokers, chosenBroker } from "./brokers.ts";
import { Candidate, programs, type Surroundings } from "./candidate.ts";
import { measureEvents } from "./events.ts";
import { FakeAsterisk } from "./fake_asterisk.ts";
import { memory } from "./process_figures.ts";
import { Report } from "./report.ts";
import { measureRequests } from "./requests.ts";

const quick = Deno.args.includes("--quick");
const rounds = quick ? 2 : 5;
const broker = brokers[chosenBroker(Deno.args)];
const size = quick ? broker.quick : broker.whole;

await using server = await broker.start();
await using asterisk = await FakeAsterisk.start();
await using bus = await connectBus(server.url);
const { httpUrl, websocketUrl } = asterisk;
const surroundings: Surroundings = { httpUrl, websocketUrl, busUrl: server.url, bus };
const report = new Report();

for (let round = 0; round < rounds; round++) {
  for (const program of programs) {
    await using candidate = await Candidate.start(program, surroundings);
    report.add(program.name, { "start to first announcement, ms": candidate.startUp });
  }
}

await using candidates = new AsyncDisposableStack();
const running: Candidate[] = [];
for (const program of programs) {
  const candidate = candidates.use(await Candidate.start(program, surroundings));
  report.add(program.name, { "memory idle, MB": memory(candidate.pid).now });
  running.push(candidate);
}
for (const candidate of running) {
  await measureEvents({ bus, asterisk, candidate }, { count: size.windowed });
  await measureRequests({ bus, candidate }, { count: size.single, inFlight: 64 });
}
for (let round = 0; round < rounds; round++) {
  // Who goes first changes with every round.
  for (const candidate of round % 2 === 0 ? running : running.toReversed()) {
    await measure(candidate);
  }
}
for (const { program, pid } of running) {
  report.add(program.name, { "memory peak, MB": memory(pid).peak });
}
console.log(Deno.args.includes("--json") ? report.json() : report.table());

async function measure(candidate: Candidate): Promise<void> {
  const setting = { bus, asterisk, candidate };
  const { seconds } = size;
  const burst = await measureEvents(setting, { count: size.burst });
  const windowed = await measureEvents(setting, { count: size.windowed, window: 64 });
  const slow = await measureEvents(setting, { count: 2_000 * seconds, rate: 2_000 });
  const brisk = await measureEvents(setting, { count: 5_000 * seconds, rate: 5_000 });
  const single = await measureRequests(setting, { count: size.single, inFlight: 1 });
  const many = await measureRequests(setting, { count: size.many, inFlight: 64 });
  report.add(candidate.program.name, {
    "events/s, full tilt": burst.rate,
    "events lost, full tilt, %": burst.lost,
    "events CPU s/100,000, full tilt": burst.cpu,
    "longest write of Asterisk, full tilt, ms": burst.longestWrite,
    "events/s, 64 unacknowledged": windowed.rate,
    "events lost, 64 unacknowledged, %": windowed.lost,
    "event latency p50, 2,000/s, ms": slow.p50,
    "event latency p99, 2,000/s, ms": slow.p99,
    "event latency p50, 5,000/s, ms": brisk.p50,
    "event latency p99, 5,000/s, ms": brisk.p99,
    "events CPU s/100,000, 5,000/s": brisk.cpu,
    "request latency p50, one by one, ms": single.p50,
    "request latency p99, one by one, ms": single.p99,
    "requests/s, 64 in flight": many.rate,
    "request latency p50, 64 in flight, ms": many.p50,
    "request latency p99, 64 in flight, ms": many.p99,
    "requests CPU s/100,000, 64 in flight": many.cpu,
  });
}
