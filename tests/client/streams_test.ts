import assert from "node:assert/strict";
import { AriClient } from "../../src/client/client.ts";
import { Requester } from "../../src/client/requester.ts";
import { app, node } from "../testing/proxy_fixture.ts";
import { Received } from "../testing/received.ts";
import { encode, FakeProxies } from "./fake_proxies.ts";

const end = (id: string) => ({ type: "StasisEnd", channel: { id }, timestamp: id });

Deno.test("events that a full buffer drops are reported once per burst, and forgotten by return", async () => {
  await using proxies = new FakeProxies();
  await using client = AriClient.fromBus(proxies.bus, { app });
  const notices: number[] = [];
  const events = client.events({ buffer: 2, onDrop: (dropped) => notices.push(dropped) });
  await events.ready;
  const burst = async () => {
    for (const id of ["1", "2", "3", "4"]) await proxies.event(end(id));
  };
  assert.equal(events.dropped, 0);
  await burst();
  assert.deepEqual([notices, events.dropped, events.buffered], [[1], 2, 2]);
  // While events wait, it is still the same burst.
  await events.next();
  assert.equal((await events.next()).value?.type, "StasisEnd");
  await burst();
  assert.deepEqual(notices, [1]);
  for (let left = events.buffered + 1; left > 0; left--) await events.next();
  await burst();
  assert.deepEqual(notices, [1, 6]);
  await events.return();
  assert.equal(events.buffered, 0);
  assert.deepEqual(await events.next(), { done: true, value: undefined });
  await proxies.event(end("5"));
  assert.equal(events.buffered, 0);
});

Deno.test("streams that are closed still yield what waits, in order, and to several callers", async () => {
  await using proxies = new FakeProxies();
  await using client = AriClient.fromBus(proxies.bus, { app });
  const events = client.events({ type: "StasisEnd" });
  await events.ready;
  const waiting = [events.next(), events.next()];
  for (const id of ["1", "2", "3", "4"]) await proxies.event(end(id));
  const ids = (await Promise.all(waiting)).map(({ value }) => value?.channel.id);
  events.close();
  for await (const { channel } of events) ids.push(channel.id);
  assert.deepEqual(ids, ["1", "2", "3", "4"]);
  const pending = client.events();
  const next = pending.next();
  pending.close();
  assert.deepEqual(await next, { done: true, value: undefined });
});

Deno.test("a subscription is shared by streams of a subject, and closed with the last of them", async () => {
  await using proxies = new FakeProxies();
  const { bus } = proxies;
  const subscribe = bus.subscribe.bind(bus);
  const open: string[] = [];
  bus.subscribe = (subject, ...rest) => {
    const subscription = subscribe(subject, ...rest);
    open.push(subject);
    const close = subscription.close.bind(subscription);
    return Object.assign(subscription, {
      close() {
        if (open.includes(subject)) open.splice(open.indexOf(subject), 1);
        close();
      },
    });
  };
  const client = AriClient.fromBus(bus, { app });
  const [one, two, other] = [
    client.events(),
    client.events({ type: "Dial" }),
    client.events({ node }),
  ];
  const subjects = ["ari.announce", `ari.event.${app}.>`, `ari.event.${app}.${node}`];
  assert.deepEqual(open, subjects);
  one.close();
  assert.deepEqual(open, subjects);
  two.close();
  assert.deepEqual(open, [subjects[0], subjects[2]]);
  const again = client.events();
  assert.equal(open.length, 3);
  other.close();
  again.close();
  await client.close();
  assert.deepEqual(open, []);
});

Deno.test("a recording that Asterisk cannot make fails with its cause, and another one's failure does not count", async () => {
  await using proxies = new FakeProxies();
  await using client = AriClient.fromBus(proxies.bus, { app });
  proxies.answer(`ari.create.${app}.${node}`, ({ key }) => ({ error: "", key }));
  proxies.answer(`ari.get.${app}.${node}`, ({ key }) => ({ error: "", key }));
  const channel = client.channels.handle({ id: "c1", app, node });
  for (const [cause, message] of [["disk full", /disk full/], [undefined, /does not say why/]]) {
    const recording = channel.record("r1");
    await recording.accepted;
    await proxies.event({ type: "RecordingFailed", recording: { name: "r2", cause } });
    await proxies.event({ type: "RecordingStarted", recording: { name: "r1" } });
    await recording.started;
    await proxies.event({ type: "RecordingFailed", recording: { name: "r1", cause } });
    await assert.rejects(recording.finished, { code: "failed", message });
  }
});

Deno.test("variables that are not set are left out, and an entity that is gone is an error", async () => {
  await using proxies = new FakeProxies();
  await using client = AriClient.fromBus(proxies.bus, { app });
  const set: Record<string, string> = { ONE: "1", TWO: "2" };
  const notFound = { error: "Non-2XX response: 404 Not Found" };
  let there = true;
  proxies.answer(`ari.data.${app}.${node}`, (request) => {
    const { kind, channel_variable: variable, rest } = request as {
      kind: string;
      channel_variable?: { name: string };
      rest?: { query: { variables: string } };
    };
    if (!there) return notFound;
    if (kind === "ChannelData") return { error: "", data: { channel: { id: "c1" } } };
    if (variable) {
      const value = set[variable.name];
      return value ? { error: "", data: { variable: value } } : notFound;
    }
    const names = rest?.query.variables.split(",") ?? [];
    if (names.some((name) => !set[name])) return notFound;
    const variables = Object.fromEntries(names.map((name) => [name, set[name]]));
    return {
      error: "",
      data: { rest: { status: 200, body: { variables: { ...variables, X: null } } } },
    };
  });
  const channel = client.channels.handle({ id: "c1", app, node });
  assert.deepEqual(await channel.variables(["ONE", "TWO"]), { ONE: "1", TWO: "2" });
  assert.equal(proxies.requests.length, 1);
  assert.deepEqual(await channel.variables(["ONE", "NONE"]), { ONE: "1" });
  assert.deepEqual(await channel.variables(["NONE"]), {});
  there = false;
  await assert.rejects(channel.variables(["ONE"]), { code: "not_found" });
});

Deno.test("requests that act have an ID and a deadline, unless the option once is false", async () => {
  await using proxies = new FakeProxies();
  proxies.answer(`ari.command.${app}.${node}`, () => ({ error: "" }));
  proxies.answer(`ari.get.${app}.${node}`, ({ key }) => ({ error: "", key }));
  const key = { id: "c1", app, node };
  const begun = Date.now();
  for (const once of [undefined, true, false]) {
    await using client = AriClient.fromBus(proxies.bus, { app, once, timeout: 7_000 });
    await client.channels.handle(key).answer();
    await client.channels.get(key);
  }
  const marks = proxies.requests.map((
    { request: { id, deadline } },
  ) => [typeof id, typeof deadline]);
  const none = ["undefined", "undefined"];
  const both = ["string", "string"];
  assert.deepEqual(marks, [both, none, both, none, none, none]);
  const { deadline } = proxies.requests[0].request;
  const left = Date.parse(`${deadline}`) - begun;
  assert.ok(left >= 7_000 && left < 8_000, `${left} ms`);
});

Deno.test("a requester sends a read once, and again as often as it is asked to", async () => {
  await using proxies = new FakeProxies();
  proxies.answer(`ari.get.${app}.${node}`, () => undefined);
  using requester = new Requester(proxies.bus, { timeout: 10 });
  const key = { kind: "channel", id: "c1", app, node };
  const late = { code: "timeout", outcome: "unknown" };
  await assert.rejects(requester.request("ChannelGet", key), late);
  assert.equal(proxies.requests.length, 1);
  await assert.rejects(requester.request("ChannelGet", key, undefined, { retries: 2 }), late);
  assert.equal(proxies.requests.length, 4);
});

Deno.test("requests without an application say what is missing where no proxy responds", async () => {
  await using proxies = new FakeProxies();
  await using client = AriClient.fromBus(proxies.bus, { timeout: 100 });
  await client.settled;
  await assert.rejects(client.channels.list(), { code: "no_node", message: "No proxy is running" });
  // A node that has gone without an announcement.
  for (const name of ["n1", "n2"]) {
    proxies.theirs.publish("ari.announce", encode({ node: name, application: app, id: name }));
  }
  await proxies.settle();
  await assert.rejects(client.channels.list(), {
    code: "no_node",
    message: `No proxy serves the application ${app} on the node n1`,
  });
  const keys = [{ kind: "channel", id: "c1", app, node: "n2" }];
  proxies.answer(`ari.get.${app}.n2`, () => ({ error: "", keys }));
  const { items, errors, missing } = await client.channels.gather();
  assert.deepEqual([items.map(({ node }) => node), errors, missing], [["n2"], [], 1]);
  await assert.rejects(client.channels.list({ strict: true }), { code: "timeout" });
  proxies.answer(`ari.get.${app}.n1`, () => ({ error: "ARI connection is down" }));
  const partial = await client.channels.gather();
  assert.deepEqual(partial.errors.map(({ code }) => code), ["asterisk_down"]);
  assert.deepEqual([partial.items.length, partial.missing], [1, 0]);
});

Deno.test("a list without an application asks all where no proxy is known yet", async () => {
  await using proxies = new FakeProxies();
  await using client = AriClient.fromBus(proxies.bus, { timeout: 300 });
  const keys = [{ kind: "channel", id: "c1", app, node }];
  proxies.answer("ari.get", () => ({ error: "", keys }));
  assert.deepEqual((await client.channels.list()).map(({ key }) => key), keys);
});

Deno.test("nodes are reported to a listener that comes later, and no timer stays when it stops", async () => {
  await using proxies = new FakeProxies();
  await using client = AriClient.fromBus(proxies.bus, { app });
  const announce = async (name: string, state = "up") => {
    proxies.theirs.publish(
      "ari.announce",
      encode({ node: name, application: app, id: name, state }),
    );
    await proxies.settle();
  };
  await announce("n1");
  const changes = new Received<string>();
  const listen = () => client.onNode(({ type, node }) => changes.add(`${type} ${node.node}`));
  const [stop, stopOther] = [listen(), listen()];
  await announce("n2");
  await announce("n1", "stopping");
  assert.deepEqual(changes.items.splice(0), ["join n2", "join n2", "leave n1", "leave n1"]);
  stopOther();
  await announce("n3");
  assert.deepEqual(changes.items.splice(0), ["join n3"]);
  stop();
  await announce("n4");
  assert.deepEqual(changes.items, []);
  const again = listen();
  await announce("n4", "stopping");
  assert.deepEqual(changes.items, ["leave n4"]);
  again();
});
