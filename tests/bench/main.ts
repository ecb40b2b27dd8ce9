/**
 * `deno task bench`: what the proxy costs and how fast it is, between a fake Asterisk and a real
 * broker on loopback, beside the original in Go and a raw pass-through that does the least there is
 * to do.
 *
 *     deno task bench [--bus nats|amqp|both] [--only start,events,requests,growth]
 *         [--without original,pass-through] [--quick] [--json]
 *
 * @module
 */
import { bundle } from "../../scripts/compile.ts";
import { brokers } from "./brokers.ts";
import { compareStarts, compareWork } from "./compare.ts";
import { measureGrowth } from "./growth.ts";
import { machineWords } from "./machine.ts";
import { type BusName, readOptions } from "./options.ts";
import { findOriginal } from "./original.ts";
import { programsWith } from "./programs.ts";
import { Report } from "./report.ts";
import { openSite } from "./site.ts";

const { buses, only, without, quick, json } = readOptions(Deno.args);
const original = without.has("original") ? undefined : await findOriginal(console.error);
const folder = await Deno.makeTempDir({ prefix: "ari-proxy-bench-" });
const programs = programsWith({ bundle: await bundle(folder), original })
  .filter(({ name }) => !without.has(name));
const machine = machineWords();
const results: Record<string, unknown> = { machine };
if (!json) console.log(machine);
for (const bus of buses) results[bus] = await measure(bus);
await Deno.remove(folder, { recursive: true });
if (json) console.log(JSON.stringify(results, undefined, 2));

async function measure(bus: BusName): Promise<object> {
  const { title, whole, ...broker } = brokers[bus];
  const size = quick ? broker.quick : whole;
  await using site = await openSite(bus);
  const report = new Report(bus, programs.map(({ name }) => name));
  const comparison = { programs, size, only, report };
  if (only.has("start")) await compareStarts(site, comparison);
  if (only.has("events") || only.has("requests")) await compareWork(site, comparison);
  if (!json) console.log(`\n## ${title}, medians of ${size.rounds} rounds\n\n${report.table()}`);
  if (!only.has("growth")) return report.json();
  const growth = await measureGrowth(site, { programs, size });
  if (!json) growth.forEach(({ title, table }) => console.log(`\n### ${title}\n\n${table}`));
  return { ...report.json(), growth };
}
