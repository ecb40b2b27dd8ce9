import assert from "node:assert/strict";
import fc from "fast-check";
import {
  dialogSubject,
  eventSubject,
  eventSubscription,
  requestSubject,
  requestSubjects,
} from "../../src/protocol/subjects.ts";

Deno.test("a request goes as far down as the key has coordinates", () => {
  assert.equal(requestSubject("get", {}), "ari.get");
  assert.equal(requestSubject("data", { node: "n1" }), "ari.data");
  assert.equal(requestSubject("command", { app: "calls" }), "ari.command.calls");
  assert.equal(requestSubject("create", { app: "calls", node: "n1" }), "ari.create.calls.n1");
  assert.deepEqual(requestSubjects("get", { app: "calls", node: "n1" }), [
    "ari.get",
    "ari.get.calls",
    "ari.get.calls.n1",
  ]);
});

Deno.test("events of a key come on its dialog, or on its coordinates", () => {
  assert.equal(eventSubscription({ dialog: "d1", app: "calls" }), "ari.dialogevent.d1");
  assert.equal(eventSubscription({ app: "calls", node: "n1" }), "ari.event.calls.n1");
  assert.equal(eventSubscription({ app: "calls" }), "ari.event.calls.>");
  assert.equal(eventSubscription({ node: "n1" }), "ari.event.>");
  assert.equal(eventSubscription({ dialog: "a.b.c" }), "ari.dialogevent.a.b.c");
});

Deno.test("names that would make another subject are refused", () => {
  for (
    const name of ["", "a b", "a.b", "*", ">", "#", "a\tb", "a\r\nSUB > 1", "\u0000", "a\u00a0b"]
  ) {
    assert.throws(() => eventSubject({ app: name, node: "n1" }), { code: "invalid" }, name);
    assert.throws(() => eventSubject({ app: "calls", node: name }), { code: "invalid" }, name);
  }
  for (const dialog of ["", ".", "a.", ".a", "a..b", "a.*", "a b"]) {
    assert.throws(() => dialogSubject(dialog), { code: "invalid" }, dialog);
  }
});

Deno.test("no names make a subject of another number of levels", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (app, node) => {
      let subject;
      try {
        subject = eventSubject({ app, node });
      } catch {
        return;
      }
      assert.equal(subject.split(".").length, 4);
      assert.doesNotMatch(subject, /[\s*>#]/u);
    }),
    { numRuns: 20_000 },
  );
});
