import assert from "node:assert/strict";
import { connectBus } from "../../src/bus/connect.ts";
import { AriClient } from "../../src/client/client.ts";
import type { Call } from "../../src/client/calls.ts";
import { withDeadline } from "../testing/deadline.ts";
import { app, node } from "../testing/proxy_fixture.ts";
import { busNames, ownOrSharedServer } from "../testing/servers/bus_server.ts";
import { encode, FakeProxies } from "./fake_proxies.ts";

const channelKey = { kind: "channel", id: "c1", app, node };

/** The abort listeners that are left on signals to which they were added several times. */
class AbortListeners implements Disposable {
  readonly #left = new Map<AbortSignal, unknown[]>();
  readonly #added = new Map<AbortSignal, number>();
  readonly #add = AbortSignal.prototype.addEventListener;
  readonly #remove = AbortSignal.prototype.removeEventListener;

  constructor() {
    const [left, added, add, remove] = [this.#left, this.#added, this.#add, this.#remove];
    AbortSignal.prototype.addEventListener = function (
      this: AbortSignal,
      ...args: Parameters<typeof add>
    ) {
      left.set(this, [...left.get(this) ?? [], args[1]]);
      added.set(this, (added.get(this) ?? 0) + 1);
      return add.apply(this, args);
    } as typeof add;
    AbortSignal.prototype.removeEventListener = function (
      this: AbortSignal,
      ...args: Parameters<typeof remove>
    ) {
      left.set(this, (left.get(this) ?? []).filter((listener) => listener !== args[1]));
      return remove.apply(this, args);
    } as typeof remove;
  }

  /** How many are left on long-lived signals that have not aborted. */
  get count(): number {
    const lasting = [...this.#left].filter(([signal]) =>
      !signal.aborted && (this.#added.get(signal) ?? 0) > 3
    );
    return lasting.reduce((sum, [, listeners]) => sum + listeners.length, 0);
  }

  /** How many have been added to signals of the kind. */
  get added(): number {
    return Math.max(...this.#added.values());
  }

  [Symbol.dispose](): void {
    AbortSignal.prototype.addEventListener = this.#add;
    AbortSignal.prototype.removeEventListener = this.#remove;
  }
}

Deno.test("requests, streams and calls leave no listener on a signal that lives longer", async () => {
  using listeners = new AbortListeners();
  await using proxies = new FakeProxies();
  await using client = AriClient.fromBus(proxies.bus, { app, timeout: 20, retries: 0 });
  proxies.theirs.subscribe("ari.ping", () => {
    proxies.theirs.publish("ari.announce", encode({ node, application: app, id: "p" }));
  });
  proxies.theirs.publish("ari.announce", encode({ node, application: app, id: "p" }));
  const key = { error: "", key: channelKey };
  proxies.answer(
    `ari.get.${app}`,
    ({ kind }) => kind === "ChannelList" ? { error: "", keys: [channelKey] } : key,
  );
  proxies.answer(`ari.get.${app}.${node}`, () => key);
  proxies.answer(`ari.get`, () => key);
  proxies.answer(`ari.command.${app}`, () => ({ error: "" }));
  proxies.answer(`ari.command.${app}.${node}`, () => ({ error: "" }));
  proxies.answer(`ari.create.${app}.${node}`, ({ key }) => ({ error: "", key }));
  proxies.answer(
    `ari.data.${app}.${node}`,
    ({ kind }) =>
      kind === "ApplicationData"
        ? { error: "", data: { application: { name: app, channel_ids: ["c1"] } } }
        : { error: "Non-2XX response: 404 Not Found" },
  );
  await client.settled;
  const { signal } = new AbortController();
  const anywhere = client.derive({ app: "", node });
  const channel = client.channels.handle(channelKey);
  const stasisEnd = { type: "StasisEnd", channel: { id: "c1" } };
  for (let round = 0; round < 5; round++) {
    await channel.answer({ signal });
    await client.channels.handle("c1").answer({ signal });
    await client.channels.list({ signal });
    await client.asterisk.modules.handle("m").reload({ signal });
    await anywhere.channels.handle("c1").answer({ signal });
    await assert.rejects(channel.data({ signal }), { code: "not_found" });
    await assert.rejects(
      client.request("ChannelGet", { id: "c1", app: "x" }, undefined, { signal }),
    );
    await client.channels.handle("c1").snoop({ signal });

    const events = channel.events({ signal });
    await events.ready;
    await events.return();
    const calls = client.calls({ signal });
    await calls.ready;
    await calls.return();
    const derived = client.derive({ signal });
    await derived.close();

    const ended = channel.ended({ signal });
    const playback = channel.play("sound:a", { signal });
    const recording = channel.record("r", { signal });
    await Promise.all([playback.accepted, recording.accepted]);
    await proxies.event({ type: "RecordingFinished", recording: { name: "r" } });
    await proxies.event(stasisEnd);
    assert.equal((await ended)?.type, "StasisEnd");
    await recording.finished;
    await assert.rejects(playback.finished, { code: "not_found" });

    proxies.bus.disconnect();
    const resent = channel.answer({ signal, timeout: 5_000 });
    proxies.bus.reconnect();
    await resent;
  }
  assert.ok(listeners.added >= 50, "nothing was counted");
  assert.equal(listeners.count, 0);
});

for (const name of busNames) {
  Deno.test(`lists and requests to all end when every node has answered on ${name}`, async () => {
    await using server = await ownOrSharedServer(name);
    await using theirs = await connectBus(server.url);
    await using bus = await connectBus(server.url);
    const place = { app: `t${crypto.randomUUID()}` };
    theirs.subscribe("ari.ping", () => {
      for (const node of ["n1", "n2"]) {
        theirs.publish("ari.announce", encode({ node, application: place.app, id: node }));
      }
    });
    for (const requestClass of ["get", "command"]) {
      theirs.subscribe(`ari.${requestClass}.${place.app}`, ({ replyTo = "" }) => {
        for (const node of ["n1", "n2"]) {
          const keys = [{ kind: "channel", id: "c1", node, app: place.app }];
          theirs.publish(replyTo, encode({ error: "", keys }));
        }
      });
    }
    await theirs.flush();
    const long = { timeout: 120_000 };
    const soon = <T>(promise: Promise<T>) =>
      withDeadline(promise, { what: "the answers of all", timeout: 10_000 });
    await using client = AriClient.fromBus(bus, place);
    // This one ends as soon as it is known who is there.
    assert.equal((await soon(client.channels.list(long))).length, 2);
    await client.settled;
    assert.equal((await soon(client.channels.list(long))).length, 2);
    await soon(client.asterisk.modules.handle("m").reload({ ...long, strict: true }));
    const { items, errors, missing } = await soon(client.channels.gather(long));
    assert.deepEqual([items.length, errors.length, missing], [2, 0, 0]);
  });

  Deno.test(`calls that the bus had delivered when the listener leaves reach its loop on ${name}`, async () => {
    await using server = await ownOrSharedServer(name);
    await using theirs = await connectBus(server.url);
    await using bus = await connectBus(server.url);
    await using client = AriClient.fromBus(bus, { app: `t${crypto.randomUUID()}` });
    const refused: string[] = [];
    const onRefused = ({ channel }: Call) => refused.push(channel.id);
    const [leaving, staying] = [
      client.calls({ onRefused, buffer: 5_000 }),
      client.calls({ buffer: 5_000 }),
    ];
    await Promise.all([leaving.ready, staying.ready]);
    const ids = Array.from({ length: 2_000 }, (_, i) => `c${i}`);
    for (const id of ids) {
      const event = { type: "StasisStart", application: client.app, args: [], channel: { id } };
      theirs.publish(`ari.event.${client.app}.n1`, encode(event));
    }
    const taken: string[] = [];
    let closing: Promise<void> | undefined;
    // The others of its calls are on their way when it leaves with the first.
    for await (const { channel } of leaving) {
      closing ??= leaving.close();
      taken.push(channel.id);
    }
    await closing;
    while (taken.length < ids.length) {
      const { value } = await withDeadline(staying.next(), { what: "the other calls" });
      taken.push(value?.channel.id ?? "");
    }
    await staying.close();
    assert.deepEqual(taken.sort(), ids.sort());
    assert.deepEqual([refused, leaving.refused], [[], 0]);
  });
}
