/**
 * Lets the program run for minutes or hours among real servers, calls and disturbances, and
 * reports whether memory, files and queues stay level and nothing is lost silently.
 *
 *     deno task soak [--minutes 3] [--bus nats|amqp] [--calm SECONDS]
 *
 * @module
 */
import { parseArgs } from "node:util";
import { type BusName, busNames } from "../testing/servers/bus_server.ts";
import { growth, sampleTable } from "./samples.ts";
import { soak } from "./soak.ts";
import { problemsOf } from "./verdict.ts";

/** The word for each bus after `--bus`. */
const words: Readonly<Record<BusName, string>> = { NATS: "nats", RabbitMQ: "amqp" };

const { values } = parseArgs({
  args: Deno.args,
  options: {
    minutes: { type: "string", default: "3" },
    bus: { type: "string", default: "nats" },
    calm: { type: "string", default: "20" },
  },
});
const seconds = 60 * Number(values.minutes);
const bus = busNames.find((name) => words[name] === values.bus);
if (!(seconds > 0) || !bus) {
  const buses = Object.values(words).join("|");
  console.error(`Usage: deno task soak [--minutes 3] [--bus ${buses}] [--calm SECONDS]`);
  Deno.exit(2);
}
const report = await soak({
  seconds,
  bus,
  calm: Number(values.calm),
  interval: Math.max(2, seconds / 200),
  tell: (line) => console.error(line),
});
const { samples, after, tally, events, disturbed } = report;
const problems = problemsOf(report);
const { lost, ...counts } = events;
console.log(sampleTable([...samples, after]));
console.log(`\nRequests: ${tally.begun}, well ended ${tally.succeeded}, others`, tally.failed);
console.log(`Calls taken to their end: ${tally.calls}; disturbances: ${disturbed}`);
console.log("Numbered events:", { ...counts, lost: lost.length });
console.log(
  `Memory in the second half: ${growth(samples, ({ memory }) => memory).toFixed(1)} MiB more`,
);
console.log(problems.length === 0 ? "\nAll went well" : `\n${problems.join("\n")}`);
Deno.exit(problems.length === 0 ? 0 : 1);
