import assert from "node:assert/strict";
import { generateApi } from "../../scripts/generate_api.ts";
import type { Documents } from "../../scripts/api/description.ts";
import { undescribed } from "../../scripts/api/text.ts";
import { description } from "../../src/protocol/api/description.ts";
import { operations } from "../../src/protocol/api/lookup.ts";
import type { RestOperation } from "../../src/protocol/api/operation_types.ts";
import { type OperationRouting, routing } from "../../src/protocol/api/routing.ts";

/**
 * A description as small as possible, with the operations of the table and one of a newer Asterisk.
 *
 * @param newer Its path and what it returns.
 */
function newerAsterisk(newer: { path?: string; responseClass?: string } = {}): Documents {
  const operations = Object.entries(description).map(([name, { parameters, result, socket }]) => {
    const [httpMethod, path] = name.split(" ");
    const responseClass = result.replace(/^list of (\w+)$/, "List[$1]");
    return {
      path,
      httpMethod,
      responseClass,
      ...(socket && { websocketProtocol: "ari" }),
      parameters: Object.entries(parameters),
    };
  });
  const conferences = {
    path: "/conferences",
    httpMethod: "POST",
    responseClass: "void",
    parameters: [["conferenceId", { place: "query", type: "string" }]],
    ...newer,
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

Deno.test("a row that would send a change to the wrong nodes is refused", async () => {
  const refused = async (
    row: OperationRouting,
    complaint: string,
    newer: { path?: string; responseClass?: string } = {},
  ) => {
    const name = `POST ${newer.path ?? "/conferences"}`;
    await assert.rejects(generateApi(newerAsterisk(newer), { ...routing, [name]: row }), {
      message: `src/protocol/api/routing.ts: ${name} ${complaint}`,
    });
  };
  const channel = ["channel", "conferenceId"] as const;
  await refused({ class: "command", scope: "every" }, "is of scope any, not every");
  await refused({ class: "command", scope: "named" }, "is of scope any, not named");
  await refused(
    { class: "command", scope: "every", conflict: [channel] },
    "is of scope entity, not every",
  );
  await refused(
    { class: "command", scope: "named", entity: [channel] },
    "is of scope entity, not named",
  );
  await refused(
    { class: "command", scope: "entity", entity: [["module", "conferenceId"]] },
    "is of scope named, not entity",
  );
  // What it returns is made by it.
  await refused(
    { class: "command", scope: "entity", entity: [channel] },
    "is of scope any, not entity",
    { responseClass: "Channel" },
  );
  // A node that does not have the channel cannot change it.
  await refused(
    { class: "create", scope: "any", entity: [channel] },
    "is of scope entity, as it changes a channel",
    { path: "/channels/{conferenceId}" },
  );
  await refused(
    { class: "create", scope: "any" },
    "names no entity for conferenceId",
    { path: "/conferences/{conferenceId}/invite" },
  );
});

Deno.test("what a row says of an operation that reads fits its entity", async () => {
  const refused = async (name: RestOperation, row: Partial<OperationRouting>, wanted: string) => {
    const create: OperationRouting = { class: "create", scope: "any" };
    const changed = { [name]: { ...routing[name], ...row } };
    await assert.rejects(
      generateApi(newerAsterisk(), { ...routing, "POST /conferences": create, ...changed }),
      { message: `src/protocol/api/routing.ts: ${name} is of scope ${wanted}, not ${row.scope}` },
    );
  };
  await refused("GET /channels/{channelId}", { scope: "every" }, "entity");
  await refused("GET /asterisk/modules/{moduleName}", { scope: "entity" }, "every");
  await refused("GET /asterisk/ping", { scope: "named" }, "every");
});

Deno.test("what the tables of words lack is named", async () => {
  const table = {
    ...routing,
    "POST /conferences": { class: "create", scope: "any" } as const,
  };
  const missing = undescribed((await generateApi(newerAsterisk(), table)).values());
  // The only event of that description is the base of all.
  assert.deepEqual(missing, ["POST /conferences", "POST /conferences conferenceId", "Message"]);
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
