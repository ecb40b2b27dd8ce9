import assert from "node:assert/strict";
import { AriClient } from "../../src/client/client.ts";
import { routing } from "../../src/protocol/api/routing.ts";
import type { RestOperation } from "../../src/protocol/api/operation_types.ts";
import { description } from "../../src/protocol/api/description.ts";
import { isObject, parseJson } from "../../src/protocol/json.ts";
import { kindRows } from "../../src/protocol/kinds/kinds.ts";
import type { FakeAnswer, RecordedCall } from "../testing/fake_asterisk.ts";
import { app, ProxyFixture } from "../testing/proxy_fixture.ts";
import { type Method, methods, twins } from "./methods.ts";

/** Names of the parameters of an operation, but for those in its path. */
function parametersOf(operation: RestOperation): string[] {
  const { parameters } = description[operation];
  return Object.keys(parameters).filter((name) => parameters[name].place !== "path");
}

/** Whether a call is one of the operation. */
function isCallOf(operation: string, { method, path }: RecordedCall): boolean {
  const [verb, template] = operation.split(" ");
  const pattern = new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`);
  return method === verb && pattern.test(path);
}

/** What Asterisk gets to know by a call. */
function namesIn({ query, body }: RecordedCall, operation: string): string[] {
  const members = body === null ? {} : parseJson(body);
  assert.ok(isObject(members), operation);
  const given = Object.entries(members).filter(([, value]) => value !== null);
  // A filter of events is the whole body.
  const whole = operation.endsWith("/eventFilter") ? ["filter"] : [];
  return [...new URLSearchParams(query).keys(), ...given.map(([name]) => name), ...whole];
}

const thing = { id: "x", name: "x", value: "x", channel: "extra", variables: {} };

function answerTo(operation: string): FakeAnswer {
  const lists = routing[operation as RestOperation].merge ||
    operation.startsWith("GET /asterisk/logging");
  return { status: 200, body: JSON.stringify(lists ? [thing] : thing) };
}

Deno.test("every operation of Asterisk has a method, and every parameter of it an option", async () => {
  await using fixture = await ProxyFixture.start();
  await using client = AriClient.fromBus(fixture.bus, { app });
  await client.settled;
  const { asterisk } = fixture;
  const over = new AbortController();
  for (const [operation, method] of Object.entries<Method>(methods)) {
    const calls: RecordedCall[] = [];
    asterisk.answer((call) => {
      if (call.path === "/asterisk/info" && operation !== "GET /asterisk/info") return undefined;
      if (isCallOf(operation, call)) calls.push(call);
      return answerTo(operation);
    });
    await method(client, over.signal);
    await asterisk.until(() => calls.length > 0);
    const names = calls.flatMap((call) => namesIn(call, operation));
    for (const name of parametersOf(operation as RestOperation)) {
      assert.ok(names.includes(name), `${operation} has no option for ${name}, but ${names}`);
    }
  }
  over.abort();
});

Deno.test("operations with and without an ID take the same parameters", () => {
  for (const [operation, other] of Object.entries(twins)) {
    const ids = /Id$/;
    const own = parametersOf(operation as RestOperation).filter((name) => !ids.test(name));
    assert.deepEqual(own, parametersOf(other).filter((name) => !ids.test(name)), operation);
  }
  const named = [...Object.keys(methods), ...Object.keys(twins), "GET /events"];
  assert.deepEqual(named.sort(), Object.keys(description).sort());
});

Deno.test("the protocol's page names all members that the original does not support", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/protocol.md", import.meta.url));
  for (const [kind, { payload }] of Object.entries(kindRows)) {
    for (const name of payload?.ours ?? []) {
      const row = page.split("\n").find((line) => line.startsWith(`| \`${kind}\``));
      assert.ok(row?.includes(`\`${name}\``), `docs/protocol.md does not name ${kind} ${name}`);
    }
  }
});
