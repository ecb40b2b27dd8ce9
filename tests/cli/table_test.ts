import assert from "node:assert/strict";
import { escaped, memberLines, printable, tableLines, truncate } from "../../src/cli/table.ts";

Deno.test("tableLines aligns columns and leaves out those without anything", () => {
  assert.deepEqual(
    tableLines(["ID", "KIND", "DIALOG"], [["1.1", "channel", ""], ["10.25", "é", ""]]),
    [
      "ID     KIND",
      "1.1    channel",
      "10.25  é",
    ],
  );
  assert.deepEqual(tableLines(["ID", "KIND"], []), ["ID  KIND"]);
});

Deno.test("tableLines does without columns in their order until it is narrow enough", () => {
  const table = (columns: number) =>
    tableLines(["A", "B", "C"], [["1", "22", "333"]], { columns, spare: ["C", "D", "A"] })[1];
  assert.deepEqual([10, 9, 5, 1].map(table), ["1  22  333", "1  22", "1  22", "22"]);
});

Deno.test("memberLines names nested members with dots and leaves out what is empty", () => {
  const value = {
    id: "1",
    caller: { name: "A", number: "" },
    ids: ["a", "b"],
    up: true,
    gone: null,
  };
  assert.deepEqual(memberLines(value), [
    "id           1",
    "caller.name  A",
    "ids          a, b",
    "up           true",
  ]);
  assert.deepEqual(memberLines({ fields: [{ a: 1 }] }), ["fields.0.a  1"]);
});

Deno.test("printable takes away what a terminal would obey", () => {
  assert.equal(printable("a\x1b[31mb\nc\u009bd\u202ee"), "a\ufffd[31mb\ufffdc\ufffdd\ufffde");
});

Deno.test("truncate cuts to a width and says so", () => {
  assert.equal(truncate("abc", 3), "abc");
  assert.equal(truncate("abcd", 3), "ab…");
  assert.equal(truncate("💬💬💬", 2), "💬…");
  assert.equal(truncate("abc", 0), "");
});

Deno.test("escaped tells what a terminal would obey", () => {
  const text = "a\x1b[31mb\nc\td\u009be\u202ef\\";
  assert.equal(escaped(text), String.raw`a\u001b[31mb\nc\td\u009be\u202ef` + "\\");
});
