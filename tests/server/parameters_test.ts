import assert from "node:assert/strict";
import { joinPath, makeCall, restSegments } from "../../src/protocol/ari_call.ts";
import { refuseParameters } from "../../src/server/requests/parameters.ts";

type Given = { readonly query?: Record<string, string>; readonly body?: Record<string, unknown> };

/** The message of the refusal; undefined for a request that Asterisk gets to see. */
function refused(operation: string, given: Given = {}): string | undefined {
  const [method, path] = operation.split(" ");
  const call = makeCall(method as "GET", joinPath(restSegments(path)), given);
  const result = refuseParameters(call);
  if (!result) return undefined;
  assert.deepEqual([result.status, result.reason], [400, "Bad Request"]);
  return JSON.parse(result.body).message;
}

Deno.test("a required parameter may be in the query or in the body, and not be missing", () => {
  assert.equal(refused("POST /channels/1/move", { query: { app: "a" } }), undefined);
  assert.equal(refused("POST /channels/1/move", { body: { app: "" } }), undefined);
  assert.equal(refused("POST /channels/1/move"), "Missing parameter app");
  assert.equal(refused("POST /channels/1/move", { body: { App: "a" } }), "Missing parameter app");
  assert.equal(
    refused("POST /channels/1/variables", { body: { variables: {} } }),
    undefined,
  );
  assert.equal(refused("POST /channels/1/variables"), "Missing parameter variables");
  assert.equal(refused("GET /channels/1/variable"), "Missing parameter variable");
  // Asterisk does without, whatever its description says.
  assert.equal(refused("POST /channels/create", { query: { endpoint: "Local/1" } }), undefined);
});

Deno.test("a member of the body overrides the parameter of that name in the query", () => {
  const query = { app: "a" };
  assert.equal(
    refused("POST /channels/1/move", { query, body: { app: null } }),
    "Parameter app must be a text",
  );
  assert.equal(refused("POST /channels/1/move", { query, body: { appArgs: "x" } }), undefined);
});

Deno.test("a text is neither null nor a number, an object or a list", () => {
  for (const app of [null, 5, true, {}, [], ["a"]]) {
    assert.equal(
      refused("POST /channels/1/move", { body: { app } }),
      "Parameter app must be a text",
    );
  }
  for (const source of [null, 5, true, {}, [null], [5], [{}], ["channel:1", null]]) {
    assert.equal(
      refused("POST /events/user/e", { body: { application: "a", source } }),
      "Parameter source must be a text or a list of texts",
    );
  }
  for (const source of ["channel:1", "channel:1,channel:2", ["channel:1"], []]) {
    assert.equal(
      refused("POST /events/user/e", { body: { application: "a", source } }),
      undefined,
    );
  }
});

Deno.test("a number may be written as a text, and is not below the least value", () => {
  const dial = (timeout: unknown) => refused("POST /channels/1/dial", { body: { timeout } });
  for (const timeout of [0, 30, "30", "", "30s", " 5", "+5", 2 ** 31 - 1]) {
    assert.equal(dial(timeout), undefined);
  }
  const wanted = "Parameter timeout must be an integer from 0 to 2147483647";
  // Asterisk keeps 32 bits of a number: what is larger may be below zero for it.
  for (const timeout of [-1, "-1", " -5s", 2 ** 31, "99999999999999999999", "abc", 1.5, null, {}]) {
    assert.equal(dial(timeout), wanted);
  }
  // Some have no least value: -1 waits without end.
  const originate = { endpoint: "Local/1", app: "a" };
  assert.equal(refused("POST /channels", { body: { ...originate, timeout: -1 } }), undefined);
  assert.equal(
    refused("POST /channels", { body: { ...originate, timeout: true } }),
    "Parameter timeout must be an integer",
  );
});

Deno.test("a boolean may be a word or a digit", () => {
  const record = (beep: unknown) =>
    refused("POST /channels/1/record", { body: { name: "n", format: "wav", beep } });
  for (const beep of [true, false, "yes", "no", "true", "1", 1, 0]) {
    assert.equal(record(beep), undefined);
  }
  for (const beep of [null, {}, [], 2]) {
    assert.equal(record(beep), "Parameter beep must be true or false");
  }
});

Deno.test("objects and lists in a body are validated by their operation", () => {
  const update = (fields: unknown) =>
    refused("PUT /asterisk/config/dynamic/res_pjsip/auth/x", { body: { fields } });
  for (const fields of [null, [], [{ attribute: "a", value: "b", more: null }]]) {
    assert.equal(update(fields), undefined);
  }
  for (const item of [null, 5, "a", {}, { attribute: "a" }, { attribute: "a", value: 5 }]) {
    assert.match(update([item]) ?? "", /^Parameter fields must be a list of objects/);
  }
  assert.match(update({ attribute: "a", value: "b" }) ?? "", /^Parameter fields/);
  const originate = (variables: unknown) =>
    refused("POST /channels", { body: { endpoint: "Local/1", variables } });
  assert.equal(originate({ A: "1", B: { value: "2" } }), undefined);
  assert.equal(originate(null), undefined);
  assert.equal(originate([]), "Parameter variables must be an object");
});

Deno.test("paths and names are read as Asterisk reads them, however they are spelt", () => {
  for (const path of ["/channels/a%2Fb/move", "/channels/1/%6Dove", "/channels/1/move%00x"]) {
    assert.equal(refused(`POST ${path}`), "Missing parameter app");
  }
  // There is a word in the place of the ID, so there is no such operation.
  assert.equal(refused("POST /channels/create/move"), undefined);
  const query = { dtmf: "1", "duration\0x": "-5" };
  assert.match(refused("POST /channels/1/dtmf", { query }) ?? "", /^Parameter duration must be/);
  assert.match(
    refused("POST /channels/1/dtmf", { query: { duration: "-5\0 9" } }) ?? "",
    /^Parameter duration must be/,
  );
});

Deno.test("what the description of Asterisk does not have passes as it is", () => {
  assert.equal(refused("POST /conferences", { body: { name: null } }), undefined);
  assert.equal(refused("PATCH /channels/1/move"), undefined);
  assert.equal(
    refused("POST /channels/1/move", { body: { app: "a", newer: { than: [null] } } }),
    undefined,
  );
  assert.equal(
    refused("PUT /applications/a/eventFilter", { body: { allowed: [null], filter: 5 } }),
    undefined,
  );
});
