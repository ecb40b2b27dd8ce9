import assert from "node:assert/strict";
import { generateApi } from "../../scripts/generate_api.ts";
import type { Documents } from "../../scripts/api/description.ts";
import { description } from "../../src/protocol/api/description.ts";
import { operations } from "../../src/protocol/api/lookup.ts";
import { type OperationRouting, routing } from "../../src/protocol/api/routing.ts";

/** A description as small as possible, with the operations of the table and one of a newer Asterisk. */
function newerAsterisk(): Documents {
  const operations = Object.entries(description).map(([name, { parameters, result }]) => {
    const [httpMethod, path] = name.split(" ");
    const responseClass = result.replace(/^list of (\w+)$/, "List[$1]");
    return { path, httpMethod, responseClass, parameters: Object.entries(parameters) };
  });
  const conferences = {
    path: "/conferences",
    httpMethod: "POST",
    responseClass: "void",
    parameters: [["conferenceId", { place: "query", type: "string" }]],
  };
  const apis = [...operations, conferences].map(({ path, parameters, ...operation }) => ({
    path,
    operations: [{
      ...operation,
      since: ["23.0.0"],
      parameters: (parameters as [string, Record<string, unknown>][]).map(([name, about]) => ({
        name,
        paramType: ["member", "body"].includes(`${about.place}`) ? "body" : `${about.place}`,
        dataType: about.place === "member"
          ? "containers"
          : about.place === "body"
          ? "object"
          : about.type === "integer"
          ? "int"
          : `${about.type}`,
        required: about.required === true,
        allowMultiple: about.multiple === true,
      })),
    }],
  }));
  const results = apis.flatMap(({ operations }) => operations)
    .map(({ responseClass }) => responseClass.replace(/^List\[(\w+)\]$/, "$1"));
  const models = Object.fromEntries(
    [...results, "ConfigTuple", "Message"].map((name) => [name, { properties: {} }]),
  );
  return new Map([["all.json", { apis, models }]]);
}

Deno.test("an operation of a newer Asterisk needs a row in the table of routing", async () => {
  const documents = newerAsterisk();
  await assert.rejects(
    generateApi(documents),
    /^Error: src\/protocol\/api\/routing\.ts: POST \/conferences has no row$/,
  );
  const row: OperationRouting = {
    class: "create",
    scope: "any",
    conflict: [["channel", "conferenceId"]],
  };
  const table = { ...routing, "POST /conferences": row };
  const files = await generateApi(documents, table);
  const texts = [...files.values()].join("\n");
  assert.match(texts, /readonly "POST \/conferences": RestTypes</);
  // With the row it is a `create`, which exactly one node gets.
  const call = { method: "POST", path: "/conferences" } as const;
  const index = operations.with({ "POST /conferences": row });
  assert.equal(index.find(call), "POST /conferences");
  assert.equal(index.classOf(call), "create");
});

Deno.test("the table of routing has no other operations and parameters than the description", async () => {
  const documents = newerAsterisk();
  const wrong = async (changes: Record<string, OperationRouting>, complaint: RegExp) => {
    const conferences: OperationRouting = { class: "create", scope: "any" };
    const table = { ...routing, "POST /conferences": conferences, ...changes };
    await assert.rejects(generateApi(documents, table), complaint);
  };
  await wrong(
    { "POST /parties": { class: "create", scope: "any" } },
    /POST \/parties has a row, and Asterisk does not describe it/,
  );
  await wrong(
    { "GET /channels": { class: "data", scope: "every", entity: [["channel", "id"]] } },
    /GET \/channels has no parameter id/,
  );
  await wrong(
    { "POST /conferences": { class: "command", scope: "any" } },
    /POST \/conferences is of scope any, and of class command/,
  );
  await wrong(
    { "GET /asterisk/ping": { class: "command", scope: "named", merge: "list" } },
    /GET \/asterisk\/ping is not of class command; GET \/asterisk\/ping does not return a list/,
  );
});

Deno.test("an operation without a row is not carried out on every node", () => {
  const classOf = (method: string, path: string) => operations.classOf({ method, path });
  assert.equal(classOf("POST", "/conferences"), "create");
  assert.equal(classOf("POST", "/conferences/1/invite"), "create");
  // About something that one node has, the others refuse it.
  assert.equal(classOf("POST", "/channels/1/applause"), "command");
  assert.equal(classOf("PUT", "/conferences/1"), "command");
  assert.equal(classOf("GET", "/conferences"), "data");
});
