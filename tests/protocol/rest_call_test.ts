import assert from "node:assert/strict";
import { description } from "../../src/protocol/api/description.ts";
import { restPayload } from "../../src/protocol/rest_call.ts";
import type { ParameterDescription } from "../../src/protocol/api/description.ts";

const operations = Object.entries(description);

function sample({ type, values, multiple }: ParameterDescription): unknown {
  const value = values?.[0] ?? { string: "a b", integer: 7, boolean: true, json: { x: "y" } }[type];
  return multiple ? [value, value] : value;
}

Deno.test("a call puts every parameter of every operation where Asterisk's description has it", () => {
  for (const [name, { parameters }] of operations) {
    const given = Object.fromEntries(
      Object.entries(parameters).map(([key, parameter]) => [key, sample(parameter)]),
    );
    const { method, path, query = {}, body } = restPayload(name, given);
    const inPlace = (wanted: ParameterDescription["place"]) =>
      Object.keys(parameters).filter((key) => parameters[key].place === wanted);
    assert.equal(method, name.split(" ")[0]);
    assert.ok(!path.includes("{"), path);
    assert.equal(path.split("a%20b").length - 1, inPlace("path").length, name);
    assert.deepEqual(Object.keys(query), inPlace("query"), name);
    const [whole] = inPlace("body");
    if (whole) assert.deepEqual(body, given[whole], name);
    else assert.deepEqual(Object.keys(Object(body)), inPlace("member"), name);
  }
});

Deno.test("a call leaves out what is undefined and writes lists and numbers as text", () => {
  assert.deepEqual(
    restPayload("GET /channels/{channelId}/variables", {
      channelId: "a/b%",
      variables: ["A", "B"],
      other: undefined,
    }),
    { method: "GET", path: "/channels/a%2Fb%25/variables", query: { variables: "A,B" } },
  );
  assert.deepEqual(restPayload("GET /channels", {}), { method: "GET", path: "/channels" });
});

Deno.test("a REST request has a body for what is too long or ambiguous in a URL", () => {
  const value = "x".repeat(3_000);
  assert.deepEqual(restPayload("POST /asterisk/variable", { variable: "A", value }), {
    method: "POST",
    path: "/asterisk/variable",
    body: { variable: "A", value },
  });
  assert.deepEqual(
    restPayload("POST /channels", { endpoint: "x", appArgs: value, variables: { A: "b" } }).body,
    { variables: { A: "b" }, endpoint: "x", appArgs: value },
  );
  const media = ["tone:440/500,0/500", "sound:x"];
  assert.deepEqual(restPayload("POST /channels/{channelId}/play", { channelId: "1", media }), {
    method: "POST",
    path: "/channels/1/play",
    body: { media },
  });
  assert.throws(
    () =>
      restPayload("GET /channels/{channelId}/variables", { channelId: "1", variables: ["a,b"] }),
    { code: "invalid", message: /comma/ },
  );
});

Deno.test("a call without a value for its path, or with one that is none, is refused", () => {
  for (const channelId of [undefined, ""]) {
    assert.throws(() => restPayload("GET /channels/{channelId}", { channelId }), {
      code: "invalid",
      message: "Missing channelId: GET /channels/{channelId} needs one",
    });
  }
  assert.throws(() => restPayload("POST /channels", { endpoint: { a: 1 } }), { code: "invalid" });
});
