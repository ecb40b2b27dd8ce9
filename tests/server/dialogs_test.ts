import assert from "node:assert/strict";
import { Dialogs, type DroppedBindings } from "../../src/server/dialogs.ts";
import type { EntityRef } from "../../src/protocol/entity.ts";

type DialogsOptions = NonNullable<ConstructorParameters<typeof Dialogs>[0]>;

const channel = (id: string): EntityRef => ({ kind: "channel", id });
const bridge = (id: string): EntityRef => ({ kind: "bridge", id });

function table(options: DialogsOptions = {}) {
  const clock = { now: 1_000 };
  const dialogs = new Dialogs({ grace: 30, idle: 1_000, now: () => clock.now, ...options });
  return { dialogs, clock };
}

Deno.test("dialogs of several entities are returned once each, in the order of binding", () => {
  const { dialogs } = table();
  dialogs.bind("d1", [channel("c1"), bridge("b1")]);
  dialogs.bind("d2", [channel("c1")]);
  dialogs.bind("d1", [channel("c1")]);
  assert.deepEqual([...dialogs.of([channel("c1"), bridge("b1")])], ["d1", "d2"]);
});

Deno.test("dialogs bind nothing to an empty ID and keep kinds apart", () => {
  const { dialogs } = table();
  dialogs.bind("d1", [channel(""), channel("x")]);
  assert.equal(dialogs.size, 1);
  assert.deepEqual([...dialogs.of([bridge("x")])], []);
});

Deno.test("dialogs outlive the end of an entity by the grace period and no longer", () => {
  const { dialogs, clock } = table();
  dialogs.bind("d1", [channel("c1")]);
  dialogs.end(channel("c1"));
  clock.now += 29;
  assert.deepEqual([...dialogs.of([channel("c1")])], ["d1"]);
  clock.now += 1;
  assert.deepEqual([...dialogs.of([channel("c1")])], []);
  assert.equal(dialogs.size, 0);
});

Deno.test("dialogs of an entity are not inherited by another with its ID", () => {
  const { dialogs, clock } = table();
  dialogs.bind("d1", [channel("c1")]);
  dialogs.end(channel("c1"));
  clock.now += 31;
  dialogs.bind("d2", [channel("c1")]);
  clock.now += 31;
  assert.deepEqual([...dialogs.of([channel("c1")])], ["d2"]);
});

Deno.test("dialogs of an entity that Asterisk does not have any more end", () => {
  const { dialogs, clock } = table();
  dialogs.bind("d1", [channel("c1"), channel("c2"), bridge("b1")]);
  clock.now += 31;
  dialogs.bind("d1", [channel("new")]);
  dialogs.retain("channel", new Set(["c2"]));
  clock.now += 30;
  dialogs.sweep();
  assert.equal(dialogs.size, 3);
  assert.deepEqual([...dialogs.of([channel("c1")])], []);
  assert.deepEqual([...dialogs.of([channel("c2"), channel("new")])], ["d1"]);
});

Deno.test("dialogs of an entity without events end after the idle time", () => {
  const { dialogs, clock } = table();
  dialogs.bind("d1", [channel("quiet"), channel("busy")]);
  clock.now += 999;
  assert.deepEqual([...dialogs.of([channel("busy")])], ["d1"]);
  clock.now += 1;
  dialogs.sweep();
  assert.equal(dialogs.size, 1);
});

Deno.test("dialogs keep their limit and drop the entity whose last event is oldest", () => {
  const { dialogs } = table({ limit: 2 });
  dialogs.bind("d1", [channel("a"), channel("b")]);
  dialogs.of([channel("a")]);
  dialogs.bind("d1", [channel("c")]);
  assert.deepEqual([...dialogs.of([channel("b")])], []);
  assert.deepEqual([...dialogs.of([channel("a"), channel("c")])], ["d1"]);
  assert.equal(dialogs.size, 2);
});

Deno.test("dialogs keep their limit of characters, however long names are", () => {
  const { dialogs } = table({ sizeLimit: 60 });
  dialogs.bind("d1", [channel("a"), channel("b")]);
  dialogs.bind("d".repeat(20), [channel("c")]);
  assert.equal(dialogs.size, 3);
  dialogs.bind("d".repeat(20), [channel("b")]);
  assert.deepEqual([...dialogs.of([channel("a")])], []);
  dialogs.bind("d".repeat(100), [channel("e")]);
  assert.equal(dialogs.size, 0);
  dialogs.bind("d1", [channel("f"), channel("g"), channel("h")]);
  assert.equal(dialogs.size, 3);
});

Deno.test("dialogs of one entity are limited; the newest stay", () => {
  const { dialogs } = table({ dialogLimit: 2 });
  for (const dialog of ["d1", "d2", "d2", "d3"]) dialogs.bind(dialog, [channel("a")]);
  assert.deepEqual([...dialogs.of([channel("a")])], ["d2", "d3"]);
});

Deno.test("dialogs report bindings that end before their entities, and no others", () => {
  const dropped: DroppedBindings[] = [];
  const options = { dialogLimit: 2, limit: 2, onDropped: dropped.push.bind(dropped) };
  const { dialogs, clock } = table(options);
  for (const dialog of ["d1", "d2", "d3"]) dialogs.bind(dialog, [channel("c1")]);
  assert.deepEqual(dropped.splice(0), [
    { why: "dialogs", entity: channel("c1"), dialogs: ["d1"] },
  ]);
  dialogs.bind("d4", [channel("c2"), channel("c3")]);
  assert.deepEqual(dropped.splice(0), [
    { why: "entities", entity: channel("c1"), dialogs: ["d2", "d3"] },
  ]);
  dialogs.end(channel("c2"));
  clock.now += 1_000;
  dialogs.sweep();
  assert.deepEqual(dropped.splice(0), [{ why: "idle", entity: channel("c3"), dialogs: ["d4"] }]);
  dialogs.bind("d5", [bridge("b1")]);
  clock.now += 1_000;
  assert.deepEqual([...dialogs.of([bridge("b1")])], []);
  assert.deepEqual(dropped.splice(0), [{ why: "idle", entity: bridge("b1"), dialogs: ["d5"] }]);
  // What has ended makes way in silence.
  for (const id of ["1", "2", "3"]) {
    dialogs.bind("d6", [channel(id)]);
    dialogs.end(channel(id));
  }
  assert.deepEqual([dialogs.size, dropped], [2, []]);
});

Deno.test("dialogs report bindings that are dropped for long names", () => {
  const dropped: DroppedBindings[] = [];
  const { dialogs } = table({ sizeLimit: 30, onDropped: dropped.push.bind(dropped) });
  dialogs.bind("d1", [channel("c1")]);
  dialogs.bind("d".repeat(15), [channel("c2")]);
  assert.deepEqual(dropped.map(({ why, entity }) => [why, entity.id]), [["entities", "c1"]]);
});

Deno.test("dialogs spare entities that were bound or had an event within the grace period, and no longer", () => {
  for (const [age, spared] of [[29, true], [30, false]] as const) {
    const { dialogs, clock } = table();
    dialogs.bind("d1", [channel("c1")]);
    clock.now += age;
    dialogs.retain("channel", new Set());
    clock.now += 30;
    assert.deepEqual([...dialogs.of([channel("c1")])], spared ? ["d1"] : []);
  }
});

Deno.test("dialogs that are bound again count their characters once", () => {
  const { dialogs } = table({ sizeLimit: 60 });
  dialogs.bind("d1", [channel("a")]);
  for (let i = 0; i < 50; i++) dialogs.bind("d2", [channel("b")]);
  assert.deepEqual([...dialogs.of([channel("a"), channel("b")])], ["d1", "d2"]);
});
