import assert from "node:assert/strict";
import { Sequence } from "../../src/protocol/sequence.ts";

const subject = "ari.event.calls.n1";

/** What is missing when events of these numbers come, as `epoch:first-last`. */
function missing(sequence: Sequence, ...events: readonly (readonly [string, number])[]): string[] {
  return events.flatMap(([epoch, seq]) =>
    sequence.see({ subject, marks: { node: "n1", epoch, seq }, time: `t${seq}` })
  ).map(({ epoch, first, last, from = "-", to }) => `${epoch}:${first}-${last} ${from} ${to}`);
}

Deno.test("sequence begins anywhere and finds holes", () => {
  assert.deepEqual(missing(new Sequence(), ["a", 7], ["a", 8], ["a", 12], ["a", 13]), [
    "a:9-11 t8 t12",
  ]);
});

Deno.test("sequence takes a new numbering as missed from its first event on", () => {
  assert.deepEqual(missing(new Sequence(), ["a", 7], ["b", 1], ["b", 2]), []);
  assert.deepEqual(missing(new Sequence(), ["a", 7], ["b", 4]), ["b:1-3 - t4"]);
});

Deno.test("sequence keeps two processes on one subject apart", () => {
  const events = [["a", 1], ["b", 1], ["a", 2], ["b", 2], ["a", 4], ["b", 3]] as const;
  assert.deepEqual(missing(new Sequence(), ...events), ["a:3-3 t2 t4"]);
});

Deno.test("sequence learns nothing from old numbers and from copies for a dialog", () => {
  const sequence = new Sequence();
  assert.deepEqual(missing(sequence, ["a", 5], ["a", 3], ["a", 5], ["a", 6]), []);
  const copy = { subject: "ari.dialogevent.d", time: "" };
  for (const seq of [1, 9]) {
    assert.deepEqual(sequence.see({ ...copy, marks: { node: "n1", epoch: "a", seq } }), []);
  }
});

Deno.test("sequence takes old numbers behind the notice that names them calmly", () => {
  const sequence = new Sequence();
  missing(sequence, ["a", 5]);
  const reported = { epoch: "a", first: 6, last: 8 };
  const marks = { node: "n1", epoch: "a", seq: 9 };
  assert.deepEqual(sequence.see({ subject, marks, time: "t9", reported }), []);
  assert.deepEqual(missing(sequence, ["a", 10], ["a", 6], ["a", 7], ["a", 8], ["a", 11]), []);
  assert.deepEqual(missing(sequence, ["a", 7], ["a", 13]), ["a:12-12 t11 t13"]);
});

Deno.test("sequence does not repeat what a notice reports itself", () => {
  const sequence = new Sequence();
  missing(sequence, ["a", 1]);
  const marks = { node: "n1", epoch: "a", seq: 10 };
  const reported = { epoch: "a", first: 3, last: 8 };
  const found = sequence.see({ subject, marks, time: "t", reported });
  assert.deepEqual(found.map(({ first, last }) => [first, last]), [[2, 2], [9, 9]]);
});

Deno.test("sequence forgets the numberings that were silent for longest", () => {
  const sequence = new Sequence({ limit: 2 });
  assert.deepEqual(missing(sequence, ["a", 1], ["b", 1], ["a", 2], ["c", 1]), []);
  assert.deepEqual(missing(sequence, ["a", 4]), ["a:3-3 t2 t4"]);
  assert.deepEqual(missing(sequence, ["b", 9]), ["b:1-8 - t9"]);
});
