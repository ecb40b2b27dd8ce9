import assert from "node:assert/strict";
import { mock } from "node:test";
import { AriClient } from "../../src/client/client.ts";
import type { JsonObject } from "../../src/protocol/json.ts";
import { app, node } from "../testing/proxy_fixture.ts";
import { Received } from "../testing/received.ts";
import { encode, FakeProxies } from "./fake_proxies.ts";

const channelKey = { kind: "channel", id: "c1", app, node };
const notFound = { error: "Non-2XX response: 404 Not Found" };
const gap = {
  type: "AriProxyGap",
  timestamp: "t",
  reason: "bus",
  detail: "x",
  to: "t",
  epoch: "e",
  certain: false,
};
const end = (type: string, id = "c1") => ({ type, channel: { id } });

/** A proxy with a channel, and a client. */
class Call implements AsyncDisposable {
  readonly proxies = new FakeProxies();
  readonly client = AriClient.fromBus(this.proxies.bus, { app, timeout: 50 });
  readonly channel = this.client.channels.handle(channelKey);
  readonly looks = new Received<string>();
  /** Responses of the proxy; undefined for none. */
  exists: JsonObject | undefined = { error: "", key: channelKey };
  heard: readonly string[] | undefined = ["c1", "c2"];

  constructor() {
    this.proxies.answer(`ari.get.${app}.${node}`, () => this.exists);
    this.proxies.answer(`ari.get.${app}`, () => this.exists);
    this.proxies.answer(`ari.data.${app}.${node}`, ({ kind }) => {
      this.looks.add(`${kind}`);
      return this.heard
        ? { error: "", data: { application: { name: app, channel_ids: this.heard } } }
        : notFound;
    });
  }

  async announce(state: string): Promise<void> {
    const announcement = { node, application: app, id: "p", state };
    this.proxies.theirs.publish("ari.announce", encode(announcement));
    await this.proxies.settle();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
    await this.proxies[Symbol.asyncDispose]();
  }
}

Deno.test("channel has ended with the event that it leaves its application, or is hung up before", async () => {
  for (const type of ["StasisEnd", "ChannelDestroyed"]) {
    await using call = new Call();
    const signal = call.channel.untilEnd();
    const ended = call.channel.ended();
    await call.looks.count(2);
    await call.proxies.event(end(type, "c2"));
    assert.ok(!signal.aborted);
    await call.proxies.event(end(type));
    assert.equal((await ended)?.type, type);
    await call.proxies.settle();
    assert.ok(signal.aborted);
    assert.equal(signal.reason.code, "not_found");
    assert.equal(call.channel.untilEnd(), signal);
  }
});

Deno.test("channel that is gone, or is not in its application any more, has ended", async () => {
  await using gone = new Call();
  gone.exists = notFound;
  await using left = new Call();
  left.heard = ["c2"];
  await using anywhere = new Call();
  anywhere.exists = notFound;
  assert.deepEqual(
    await Promise.all([
      gone.channel.ended(),
      left.channel.ended(),
      anywhere.client.channels.handle("c1").ended(),
    ]),
    [undefined, undefined, undefined],
  );
});

Deno.test("channel has not ended while its application is being subscribed to it, gets all channels, or has another name", async () => {
  for (const heard of [["c2"], ["__AST_CHANNEL_ALL_TOPIC"], undefined]) {
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      await using call = new Call();
      call.heard = heard;
      const ended = call.channel.ended();
      await call.looks.count(1);
      // The client looks twice before it counts as gone.
      if (heard?.[0] === "c2") call.heard = ["c1"];
      for (let turn = 0; turn < 10; turn++) await call.proxies.settle();
      mock.timers.tick(2_000);
      for (let turn = 0; turn < 10; turn++) await call.proxies.settle();
      assert.equal(call.looks.items.length, heard?.[0] === "c2" ? 2 : 1);
      await call.proxies.event(end("StasisEnd"));
      assert.equal((await ended)?.type, "StasisEnd");
    } finally {
      mock.timers.reset();
    }
  }
});

Deno.test("channel that ended in a gap has ended, also when no proxy responds at first", async () => {
  await using call = new Call();
  const ended = call.channel.ended();
  await call.looks.count(1);
  call.exists = undefined;
  await call.proxies.event(gap);
  // The look after the gap gets no response; the client looks again.
  call.exists = notFound;
  assert.equal(await ended, undefined);
});

Deno.test("channel's end is an error when its node goes or the client is closed", async () => {
  await using call = new Call();
  await call.announce("up");
  const signal = call.channel.untilEnd();
  const onNode = call.channel.ended();
  const anywhere = call.client.channels.handle("c1").ended();
  await call.looks.count(3);
  await call.announce("stopping");
  await assert.rejects(onNode, { code: "no_node" });
  await assert.rejects(anywhere, { code: "no_node" });
  assert.equal(signal.reason.code, "no_node");

  const reason = new Error("enough");
  const stop = new AbortController();
  const given = call.channel.ended({ signal: stop.signal });
  const left = call.channel.ended();
  await call.looks.count(5);
  stop.abort(reason);
  await assert.rejects(given, (error) => error === reason);
  await call.client.close();
  await assert.rejects(left, { code: "closed" });
  await assert.rejects(call.channel.ended(), { code: "closed" });
});
