import assert from "node:assert/strict";
import { InProcessBroker } from "../../src/bus/memory.ts";
import { AriClient } from "../../src/client/client.ts";
import type { AriProxyGapEvent } from "../../src/client/events/gap_notice.ts";
import { eventHeaders } from "../../src/protocol/headers.ts";
import { decodeJson, isObject, type JsonObject } from "../../src/protocol/json.ts";
import { app, node } from "../testing/proxy_fixture.ts";
import { Received } from "../testing/received.ts";

const encoder = new TextEncoder();
const subject = `ari.event.${app}.${node}`;
const place = { application: app, asterisk_id: node };
const time = (seq: number) => `2026-11-23T03:00:0${seq}.000+0000`;

/** A client, and a test that plays the proxy. */
class Side implements AsyncDisposable {
  readonly #broker = new InProcessBroker();
  readonly bus = this.#broker.connect();
  readonly #theirs = this.#broker.connect();
  readonly client = AriClient.fromBus(this.bus, { app });

  /** Publishes an event with a number, and waits until it has been delivered. */
  async event(
    seq: number,
    event: object,
    { epoch = "e1", on = subject, lost = false } = {},
  ): Promise<void> {
    const data = encoder.encode(JSON.stringify({ ...place, timestamp: time(seq), ...event }));
    this.#theirs.publish(on, data, { headers: eventHeaders({ node, epoch, seq }) });
    await this.#theirs.flush();
    if (!lost) await this.bus.flush();
  }

  /** Answers the requests of a class. */
  answer(requestClass: string, reply: (request: JsonObject) => object): void {
    this.#theirs.subscribe(`ari.${requestClass}.${app}.${node}`, ({ data, replyTo = "" }) => {
      const request = decodeJson(data);
      if (!isObject(request)) return;
      this.#theirs.publish(replyTo, encoder.encode(JSON.stringify(reply(request))));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
    await this.bus.close();
    await this.#theirs.close();
  }
}

const end = (id: string) => ({ type: "StasisEnd", channel: { id } });
const overflow = {
  type: "AriProxyGap",
  reason: "overflow",
  detail: "x",
  to: time(5),
  epoch: "e1",
  first_seq: 2,
  last_seq: 4,
  count: 3,
  certain: true,
};
const short = ({ reason, first_seq, last_seq, certain }: AriProxyGapEvent) =>
  `${reason} ${first_seq}-${last_seq} ${certain}`;

Deno.test("a gap that a proxy reports reaches every stream, whatever its filter", async () => {
  await using side = new Side();
  const gaps: string[] = [];
  const onGap = (gap: AriProxyGapEvent) => gaps.push(short(gap));
  await using ofOne = side.client.channels.handle("c1").events({ type: "StasisEnd", onGap });
  await using all = side.client.events();
  await using only = side.client.events({ type: "AriProxyGap" });
  await using ofOther = side.client.events({ node: "n2", onGap: () => gaps.push("other node") });
  await Promise.all([ofOne.ready, all.ready, only.ready, ofOther.ready]);
  await side.event(1, end("c1"));
  await side.event(5, overflow);
  await side.event(6, end("c1"));
  assert.deepEqual(gaps, ["overflow 2-4 true"]);
  assert.deepEqual([ofOne.buffered, all.buffered, only.buffered], [2, 3, 1]);
  const { value: gap } = await only.next();
  assert.deepEqual(gap, { timestamp: time(5), ...place, ...overflow });
});

Deno.test("a gap without a notice shows in the numbers, before the next event", async () => {
  await using side = new Side();
  await using events = side.client.events();
  await events.ready;
  await side.event(2, end("c1"));
  await side.event(5, end("c2"));
  await side.event(3, end("c3"), { epoch: "e2" });
  const types: string[] = [];
  for (let left = 5; left > 0; left--) {
    const { value } = await events.next();
    if (value?.type === "AriProxyGap") {
      types.push(`${short(value)} ${value.from} ${value.to} ${value.count} ${value.epoch}`);
    } else types.push(`${value?.type}`);
  }
  assert.deepEqual(types, [
    "StasisEnd",
    `missed 3-4 true ${time(2)} ${time(5)} 2 e1`,
    "StasisEnd",
    `missed 1-2 true undefined ${time(3)} 2 e2`,
    "StasisEnd",
  ]);
});

Deno.test("a gap of a dialog is found by its notice and not by its numbers", async () => {
  await using side = new Side();
  const gaps: string[] = [];
  await using events = side.client.dialog("talk").events({ onGap: (gap) => gaps.push(short(gap)) });
  await events.ready;
  const on = "ari.dialogevent.talk";
  await side.event(2, { ...end("c1"), dialog: "talk" }, { on });
  await side.event(8, { ...end("c1"), dialog: "talk" }, { on });
  assert.deepEqual(gaps, []);
  await side.event(9, { ...overflow, dialog: "talk" }, { on });
  assert.deepEqual(gaps, ["overflow 2-4 true"]);
});

Deno.test("a gap opens with each outage of the client's own connection", async () => {
  await using side = new Side();
  const gaps: AriProxyGapEvent[] = [];
  await using events = side.client.events({ type: "StasisEnd", onGap: (gap) => gaps.push(gap) });
  await events.ready;
  await side.event(1, end("c1"));
  side.bus.disconnect();
  await side.event(2, end("c1"), { lost: true });
  assert.equal(gaps.length, 0);
  side.bus.reconnect();
  assert.deepEqual(gaps.map(({ reason, certain, application }) => [reason, certain, application]), [
    ["disconnected", false, app],
  ]);
  assert.ok((gaps[0].from ?? "") <= gaps[0].to);
  assert.equal(events.buffered, 1);
  // The next event shows that something was missed.
  await side.event(4, end("c1"));
  assert.deepEqual(gaps.slice(1).map(short), ["missed 2-3 true"]);
});

Deno.test("a gap is reported to one of the listeners for calls", async () => {
  await using side = new Side();
  const gaps: string[] = [];
  const onGap = (gap: AriProxyGapEvent) => gaps.push(short(gap));
  await using one = side.client.calls({ onGap });
  await using two = side.client.calls({ onGap });
  await Promise.all([one.ready, two.ready]);
  await side.event(5, overflow);
  assert.deepEqual(gaps, ["overflow 2-4 true"]);
  assert.equal(one.buffered + two.buffered, 0);
});

Deno.test("a playback that ended in a gap is over, and one in progress is not", async () => {
  for (const gone of [true, false]) {
    await using side = new Side();
    side.answer("command", () => ({ error: "" }));
    side.answer("create", () => ({ error: "", key: { kind: "playback", id: "p", app, node } }));
    const probes = new Received<string>();
    side.answer("data", ({ kind }) => {
      probes.add(`${kind}`);
      return gone
        ? { error: "Non-2XX response: 404 Not Found" }
        : { error: "", data: { playback: { id: "p", media_uri: "", state: "playing" } } };
    });
    const channel = side.client.channels.handle({ kind: "channel", id: "c1", app, node });
    const playback = channel.play("sound:x", { id: "p" });
    await side.event(1, {
      type: "PlaybackStarted",
      playback: { id: "p", target_uri: "channel:c1" },
    });
    await playback.started;
    await side.event(5, overflow);
    await probes.count(1);
    if (gone) {
      await assert.rejects(playback.finished, { code: "not_found", outcome: "unknown" });
    } else {
      await side.event(6, { type: "PlaybackFinished", playback: { id: "p" } });
      await playback.finished;
    }
  }
});
