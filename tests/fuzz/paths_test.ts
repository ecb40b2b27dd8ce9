/** Ids and names that try to leave their path, or to forge a subject. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { BusError } from "../../src/bus/bus.ts";
import { checkPublishSubject, checkSubscribeSubject } from "../../src/bus/subjects.ts";
import { type AriResult, perform } from "../../src/protocol/kinds/engine.ts";
import type { EntityRef } from "../../src/protocol/entity.ts";
import { AriProxyError } from "../../src/protocol/errors.ts";
import { parseJson } from "../../src/protocol/json.ts";
import { classOf, kindRows } from "../../src/protocol/kinds/kinds.ts";
import { type AnyRequest, decodeRequest } from "../../src/protocol/request.ts";
import { encodeResponse } from "../../src/protocol/response.ts";
import { type AriCall, restMethods } from "../../src/protocol/ari_call.ts";
import { matchKind } from "../../src/cli/call/match_kind.ts";
import {
  dialogSubject,
  eventSubject,
  eventSubscription,
  requestClasses,
  requestSubject,
} from "../../src/protocol/subjects.ts";
import { others, requests } from "./corpus.ts";
import { Fuzz } from "./fuzz.ts";
import { anyText, mutatedBytes, mutatedJson } from "./hostile.ts";

const fuzz = new Fuzz("paths");
const encoder = new TextEncoder();

/** What carrying out a request led to. */
interface Outcome {
  readonly calls: readonly AriCall[];
  readonly bound: readonly EntityRef[];
  readonly error?: AriProxyError;
}

async function carryOut(request: AnyRequest, answer: AriResult): Promise<Outcome> {
  const calls: AriCall[] = [];
  const bound: EntityRef[] = [];
  const send = (call: AriCall) => {
    calls.push(call);
    return Promise.resolve(answer);
  };
  const context = {
    self: { app: "calls", node: "n" },
    send,
    readChunk: send,
    bind: (_: string, entities: readonly EntityRef[]) => void bound.push(...entities),
    mint: () => "minted",
    now: () => 0,
    maxPayload: 1_000_000,
  };
  try {
    encodeResponse(await perform(request, context));
    return { calls, bound };
  } catch (error) {
    if (!(error instanceof AriProxyError)) throw error;
    return { calls, bound, error };
  }
}

/** What is in a path or query as such, or encoded. */
const segment = /^(?:[A-Za-z0-9\-_.!~*'()$&+,:;=@]|%[0-9A-F]{2})+$/;
const query = /^(?:[A-Za-z0-9\-_.!~*'()$&+,:;=@/]|%[0-9A-F]{2})*$/;

function assertStaysInside({ method, path, query: text, body }: AriCall): void {
  assert.ok(restMethods.includes(method));
  const [empty, ...segments] = path.split("/");
  assert.equal(empty, "");
  assert.ok(segments.length > 0);
  for (const part of segments) {
    assert.match(part, segment);
    assert.ok(!/^(?:\.|%2E){1,2}$/i.test(part), path);
    assert.ok(decodeURIComponent(part).isWellFormed());
  }
  assert.match(text, query);
  assert.ok(!/=-?\d[.\d]*e[+-]/i.test(text), text);
  if (body !== undefined) assert.ok(parseJson(body) !== undefined);
  // The same path is what a URL makes of it.
  assert.equal(new URL(`http://a${path}`).pathname, path);
}

function decodeOr(bytes: Uint8Array): AnyRequest | undefined {
  try {
    return decodeRequest(bytes);
  } catch (error) {
    if (error instanceof AriProxyError) return undefined;
    throw error;
  }
}

const answer: fc.Arbitrary<AriResult> = fc.record({
  status: fc.constantFrom(200, 200, 200, 201, 204, 302, 404, 500),
  reason: fc.constantFrom("OK", "", "Not Found"),
  body: fc.oneof(
    mutatedJson(others),
    mutatedBytes(others).map((bytes) => new TextDecoder().decode(bytes)),
  ),
});

const hostileKey = fc.record({ id: anyText, node: anyText, app: anyText, dialog: anyText });

Deno.test("a request of any content keeps its values in their places, or is refused", async () => {
  const input = fc.tuple(mutatedJson(requests), fc.option(hostileKey), answer);
  await fuzz.tryAll({ input, runs: 40_000 }, async ([text, key, answer]) => {
    const request = decodeOr(encoder.encode(text));
    if (!request) return;
    const outcome = await carryOut(key ? { ...request, key } : request, answer);
    outcome.calls.forEach(assertStaysInside);
    for (const { id } of outcome.bound) assert.equal(typeof id, "string");
  });
});

const path = fc.oneof(
  anyText,
  fc.array(
    fc.oneof(
      fc.constantFrom(
        ..."channels bridges play playbacks recordings live stored asterisk".split(" "),
      ),
      fc.constantFrom(..."modules endpoints PJSIP addChannel record snoop mailboxes".split(" ")),
      anyText,
      fc.constantFrom("c1", "1700000000.1", "%2e%2e", "%2F", "a%20b", "%c3%28"),
    ),
    { maxLength: 5 },
  ).map((parts) => parts.map((part) => `/${part}`).join("")),
);
const parameters = fc.dictionary(
  fc.oneof(fc.constantFrom("media", "channel", "reason", "app", "endpoint", "__proto__"), anyText),
  anyText,
  { maxKeys: 3 },
);

/** All that a call says, whatever part of it says it. */
function saying({ method, path, query, body }: AriCall) {
  const fields = Object.entries(body === undefined ? {} : JSON.parse(body));
  const all = [...new URLSearchParams(query), ...fields].map(([name, value]) =>
    // Half a character has a form in JSON, and none in a query.
    `${name}=${value}`.toWellFormed()
  );
  return { call: `${method} ${path}`, all: all.filter((parameter) => !parameter.endsWith("=")) };
}

Deno.test("a REST request stays inside ARI, and is the same by whichever kind it is made", async () => {
  const input = fc.tuple(fc.constantFrom(...restMethods), path, parameters);
  await fuzz.tryAll({ input, runs: 25_000 }, async ([method, path, query]) => {
    const rest = { method, path, query };
    const request = decodeRequest(encoder.encode(JSON.stringify({ kind: "Rest", rest })));
    const answer = { status: 200, reason: "OK", body: "{}" };
    const { calls, error } = await carryOut(request, answer);
    calls.forEach(assertStaysInside);
    if (error) assert.equal(error.code, "invalid");
    if (error || Object.hasOwn(query, "__proto__")) return;
    assert.ok(requestClasses.includes(classOf("Rest", rest)));
    const match = matchKind(method, path, query);
    if (!match) return;
    const member = kindRows[match.kind].payload?.member;
    const key = { id: match.id };
    const matched = { kind: match.kind, key, ...(member && { [member]: match.payload ?? {} }) };
    const made = await carryOut(decodeRequest(encoder.encode(JSON.stringify(matched))), answer);
    if (made.error && made.calls.length === 0) return;
    const [actual, wanted] = [saying(made.calls.at(-1) ?? calls[0]), saying(calls[0])];
    // An ID that is left to Asterisk is made here, and what Asterisk assumes may be said.
    assert.equal(actual.call.replace(/\/minted$/, ""), wanted.call);
    for (const said of wanted.all) assert.ok(actual.all.includes(said), `Without ${said}`);
  });
});

function subjectOf(make: () => string): string | undefined {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof AriProxyError)) throw error;
    assert.equal(error.code, "invalid");
    assert.ok(error.message.length < 300);
    return undefined;
  }
}

/** Whether the bus takes a subject; it refuses some that are merely too long. */
function taken(subject: string, check: (subject: string) => void): boolean {
  try {
    check(subject);
    return true;
  } catch (error) {
    if (!(error instanceof BusError)) throw error;
    assert.match(error.message, /longer than/);
    return false;
  }
}

fuzz.test(
  "a name of any kind makes a subject with the right number of levels, or is refused",
  { input: fc.tuple(anyText, anyText, fc.constantFrom(...requestClasses)), runs: 40_000 },
  ([app, node, name]) => {
    const request = subjectOf(() => requestSubject(name, { app, node }));
    const event = subjectOf(() => eventSubject({ app, node }));
    if (request !== undefined && taken(request, checkPublishSubject)) {
      assert.equal(request.split(".").length, app ? node ? 4 : 3 : 2);
      assert.ok(request.startsWith(`ari.${name}`));
    }
    if (event !== undefined && taken(event, checkPublishSubject)) {
      assert.equal(event.split(".").length, 4);
    }
    for (const subject of [request, event]) assert.ok(!/[*>#\s]/.test(subject ?? ""));
  },
);

fuzz.test(
  "a dialog of any name makes a subject below that of dialogs, or is refused",
  { input: fc.tuple(anyText, anyText, anyText), runs: 30_000 },
  ([dialog, app, node]) => {
    const subject = subjectOf(() => dialogSubject(dialog));
    if (subject !== undefined) {
      checkPublishSubject(subject);
      assert.ok(subject.startsWith("ari.dialogevent."));
      assert.ok(!/[*>#\s]/.test(subject));
    }
    const wanted = subjectOf(() => eventSubscription({ dialog, app, node }));
    if (wanted !== undefined && taken(wanted, checkSubscribeSubject)) {
      assert.match(wanted, /^ari\.(?:event|dialogevent)\.[^*]+$/);
    }
  },
);
