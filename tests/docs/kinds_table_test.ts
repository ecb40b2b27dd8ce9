import assert from "node:assert/strict";
import { type Kind, kindRows, kinds, rowOf } from "../../src/protocol/kinds/kinds.ts";
import { routeOf } from "../../src/protocol/kinds/columns.ts";
import { type AnyField, type AnyShape, type Leaf, leafOf } from "../../src/protocol/shape.ts";
import { markdownTable } from "../testing/markdown_table.ts";

const page = new URL("../../docs/kinds.md", import.meta.url);
const tablePlace = /^\| kind .*\n(?:\|.*\n)*/m;
const payloadsPlace = /^```text\n[^]*?^```$/m;

const holds: Readonly<Record<Leaf, string>> = {
  string: "text",
  integer: "integer",
  nanoseconds: "nanoseconds",
  boolean: "true or false",
  strings: "{ name: text, … }",
  variables: "{ name: text, … }",
  texts: "[ text, … ]",
  json: "anything",
};

/** Lines of an object's members. */
function memberLines(shape: AnyShape, ours: readonly string[], indent: string): string[] {
  return Object.entries(shape).flatMap(([name, field]: [string, AnyField]) => {
    const mark = ours.includes(name) ? "  (ours alone)" : "";
    if (typeof field === "string") {
      const { leaf, optional } = leafOf(field);
      return [`${indent}${name}${optional ? "?" : ""}: ${holds[leaf]}${mark}`];
    }
    const [inner, open, close] = "list" in field
      ? [field.list, "[ {", "}, … ]"]
      : [field.object, "{", "}"];
    const optional = "list" in field || field.optional ? "?" : "";
    return [
      `${indent}${name}${optional}: ${open}${mark}`,
      ...memberLines(inner, ours, `${indent}  `),
      `${indent}${close}`,
    ];
  });
}

/** Every payload once, with its members. */
function payloads(): string {
  const texts = new Map<string, string>();
  for (const kind of kinds) {
    const { payload } = kindRows[kind];
    if (payload === undefined) continue;
    const lines = memberLines(payload.shape, payload.ours ?? [], "  ");
    texts.set(payload.member, [`${payload.member} {`, ...lines, "}"].join("\n"));
  }
  return ["```text", ...texts.values(), "```"].join("\n");
}

/** All kinds of requests, a row each. */
function kindsTable(): string {
  const code = (text: string | undefined) => text ? `\`${text}\`` : "";
  const payloadOf = (kind: Kind) => {
    const { payload } = kindRows[kind];
    return `${code(payload?.member)}${payload?.optional ? "?" : ""}`;
  };
  const rows = kinds.map((kind) => {
    const { about, entity, class: requestClass, reply } = kindRows[kind];
    const call = routeOf(rowOf(kind));
    return [code(kind), requestClass, about ?? entity, payloadOf(kind), code(call), reply];
  });
  return markdownTable(["kind", "class", "ID of", "payload", "Asterisk", "answer"], rows);
}

// `deno test -A tests/docs/kinds_table_test.ts -- --update` writes them instead.
Deno.test("docs/kinds.md has the tables of requests and payloads", async () => {
  const text = await Deno.readTextFile(page);
  const current = text.replace(tablePlace, () => kindsTable())
    .replace(payloadsPlace, () => payloads());
  if (Deno.args.includes("--update")) await Deno.writeTextFile(page, current);
  else assert.equal(text, current);
});
