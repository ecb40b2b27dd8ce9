/**
 * Simulated proxies on one bus, each with its own connection: they announce themselves and
 * answer requests without looking for an Asterisk.
 *
 *     deno run -A tests/bench/nodes.ts BUS_URL APP COUNT
 *
 * It reports when all are connected, and when they have left after a line of input.
 *
 * @module
 */
import type { Bus } from "../../src/bus/bus.ts";
import { connectBus } from "../../src/bus/connect.ts";
import { encodeAnnouncement } from "../../src/protocol/announcement.ts";
import type { Coordinates } from "../../src/protocol/key.ts";
import { decodeRequest } from "../../src/protocol/request.ts";
import { encodeResponse } from "../../src/protocol/response.ts";
import { announceSubject, pingSubject, requestSubjects } from "../../src/protocol/subjects.ts";
import { tell } from "./helper.ts";

const [url, app, count] = Deno.args;
const nodes = Array.from({ length: Number(count) }, (_, index) => ({ app, node: `node-${index}` }));
const buses = await Promise.all(nodes.map(() => connectBus(url)));
nodes.forEach((self, index) => serve(buses[index], self));
await Promise.all(buses.map((bus) => bus.flush()));
tell({ ready: true });
await Deno.stdin.read(new Uint8Array(16));
await Promise.all(buses.map((bus) => bus.close()));
tell({ gone: true });
await Deno.stdin.read(new Uint8Array(16));

function serve(bus: Bus, self: Coordinates): void {
  const { node } = self;
  const key = { kind: "channel", id: `${node}.1`, app, node };
  const has = encodeResponse({ error: "", key, data: { channel: { id: key.id, state: "Up" } } });
  const hasNot = encodeResponse({ error: "Non-2XX response: 404 Not Found" });
  const keys = Array.from({ length: 10 }, (_, index) => ({ ...key, id: `${node}.${index}` }));
  const list = encodeResponse({ error: "", keys });
  for (const subject of [...requestSubjects("data", self), ...requestSubjects("get", self)]) {
    bus.subscribe(subject, ({ data, replyTo = "" }) => {
      const request = decodeRequest(data);
      if (request.kind === "ChannelList") bus.publish(replyTo, list);
      else bus.publish(replyTo, request.key.id === key.id ? has : hasNot);
    });
  }
  bus.subscribe(pingSubject, () => {
    bus.publish(announceSubject, encodeAnnouncement({ ...self, state: "up" }));
  });
}
