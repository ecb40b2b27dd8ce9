import assert from "node:assert/strict";
import { EventFrames, readStamp } from "./event_stream.ts";
import { readOptions } from "./options.ts";
import { Report } from "./report.ts";

Deno.test("bench report has ratios of rounds and targets, and leaves out the rest", () => {
  const report = new Report("nats", ["proxy", "original"]);
  report.add("proxy", { "events/s, 64 unacknowledged": 30_000, "memory peak, MB": 130 });
  report.add("proxy", { "events/s, 64 unacknowledged": 50_000 });
  report.add("original", { "events/s, 64 unacknowledged": 10_000, "memory peak, MB": 22 });
  report.add("original", { "events/s, 64 unacknowledged": 10_000 });
  const [, , events, memory, ...more] = report.table().split("\n").map((row) =>
    row.split("|").map((cell) => cell.trim()).slice(1, -1)
  );
  assert.deepEqual(events, [
    ...["events/s, 64 unacknowledged", "4.00", "≥ 3 of it: yes", "40,000", "10,000"],
    "30,000 to 50,000",
  ]);
  assert.deepEqual(memory.slice(0, 3), ["memory peak, MB", "5.91", "≤ 120: no"]);
  assert.deepEqual(more, []);
});

Deno.test("bench options refuse what cannot be measured", () => {
  assert.deepEqual(readOptions([]).buses, ["nats", "amqp"]);
  assert.deepEqual([...readOptions(["--bus", "amqp", "--only", "events"]).only], ["events"]);
  assert.throws(() => readOptions(["--bus", "mqtt"]), /--bus takes nats, amqp or both/);
  assert.throws(() => readOptions(["--only", "luck"]), /--only takes/);
});

Deno.test("bench events have their numbers wherever the text is written anew", () => {
  const frames = new EventFrames("demo", 1_000);
  assert.equal(frames.room(990), 10);
  const bytes = frames.stamp(990, 2);
  const texts = new TextDecoder().decode(bytes).split(/(?<=\})[^{]*(?=\{"(?:variable|type)")/);
  const event = JSON.parse(texts[1]);
  const anew = JSON.stringify({ asterisk_id: event.asterisk_id, ...event });
  assert.equal(readStamp(new TextEncoder().encode(anew)).number, 991);
  assert.match(event.channel.id, /\.1991$/);
});
