/** What clients send to the embedded bus. Its parser has separate properties. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { connectNats } from "../../src/bus/nats/connect.ts";
import { readConnectOptions } from "../../src/embedded/connect_options.ts";
import { LineArguments } from "../../src/embedded/line_arguments.ts";
import { ProtocolError } from "../../src/embedded/errors.ts";
import { Publication } from "../../src/embedded/publication.ts";
import { isPattern, Router, type Subscription } from "../../src/embedded/router.ts";
import { startEmbeddedBus } from "../../src/embedded/server.ts";
import { RawClient } from "../embedded/raw_client.ts";
import { bytes, receive } from "../testing/received.ts";
import { Fuzz } from "./fuzz.ts";
import { anyText, cut, cuts, mutatedBytes, mutatedJson } from "./hostile.ts";

const fuzz = new Fuzz("embedded");
const latin1 = (text: string) => Uint8Array.from(text, (one) => one.charCodeAt(0));

/** What something comes to; undefined when it is refused as protocol. */
function accepted<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return undefined;
  }
}

const line = fc.array(
  fc.constantFrom("a", "foo.bar", " ", "  ", "\t", "\r", "\n", "\0", "\x7f", "ÿ", "0", "42", "1e9"),
  { maxLength: 10 },
).map((parts) => parts.join(""));

fuzz.test(
  "a line has the arguments between its blanks, or is refused",
  { input: line, runs: 40_000 },
  (text) => {
    const buffer = Buffer.from(text, "latin1");
    const words = text.split(/[ \t]+/).filter((word) => word !== "");
    const args = new LineArguments(buffer);
    const split = accepted(() => {
      args.split(buffer, 0, buffer.length);
      return true;
    });
    // deno-lint-ignore no-control-regex -- control characters are what it refuses
    const fine = words.length <= 4 && !/[\0-\x08\x0a-\x1f\x7f]/.test(text);
    assert.equal(split ?? false, fine);
    if (!fine) return;
    assert.deepEqual(words.map((_, index) => args.text(index)), words);
    for (const [index, word] of words.entries()) {
      const wanted = /^\d{1,9}$/.test(word) ? Number(word) : undefined;
      assert.equal(accepted(() => args.size(index)), wanted);
    }
  },
);

const connects = [
  '{"verbose":false,"pedantic":false,"tls_required":false,"auth_token":"t","headers":true}',
  '{"verbose":true,"echo":false,"no_responders":true,"headers":true,"name":"x","lang":"go"}',
];

fuzz.test(
  "options of a client are flags and a token, or refused",
  {
    input: fc.oneof(
      mutatedJson(connects),
      mutatedBytes(connects).map((bytes) => new TextDecoder().decode(bytes)),
    ),
    runs: 20_000,
  },
  (json) => {
    const options = accepted(() => readConnectOptions(json));
    if (!options) return;
    const { token, ...flags } = options;
    assert.ok(token === undefined || typeof token === "string");
    assert.ok(Object.values(flags).every((flag) => typeof flag === "boolean"));
  },
);

/** A subscription without a client, which counts what it gets. */
function subscription(pattern: string, queue?: string): Subscription & { readonly got: number } {
  const self = {
    subscriber: { echo: true, deliver: () => void self.got++ },
    pattern,
    queue,
    sid: "1",
    delivered: 0,
    max: Infinity,
    got: 0,
  };
  return self;
}

function message(subject: string): Publication {
  const tail = Buffer.from("0\r\n\r\n");
  const parts = { subject, tail, replyLength: 0, lineLength: 3, headerLength: 0, owned: true };
  return new Publication(parts);
}

/** Whether a message can be published on a subject. */
const isSubject = (text: string) =>
  isPattern(text) && !text.split(".").some((part) => part === "*" || part === ">");

/** Whether a subject matches a pattern, without haste. */
function matches(pattern: string, subject: string): boolean {
  const [wanted, parts] = [pattern.split("."), subject.split(".")];
  const tail = wanted.at(-1) === ">";
  if (tail ? parts.length < wanted.length : parts.length !== wanted.length) return false;
  return wanted.every((want, index) => want === ">" || want === "*" || want === parts[index]);
}

const parts = fc.array(fc.constantFrom("a", "b", "c", "*", ">", "", "**", "é"), {
  minLength: 1,
  maxLength: 5,
}).map((parts) => parts.join("."));
const subject = fc.oneof({ weight: 8, arbitrary: parts }, { weight: 1, arbitrary: anyText });
const wish = fc.tuple(subject, fc.constantFrom(undefined, undefined, "q", "r"), fc.boolean());

fuzz.test(
  "a router delivers as a naive one does, while subscriptions are added and removed",
  {
    input: fc.tuple(fc.array(wish, { maxLength: 12 }), fc.array(subject, { maxLength: 5 })),
    runs: 20_000,
  },
  ([wishes, subjects]) => {
    const router = new Router();
    const sender = { echo: true, deliver: () => {} };
    const live: ReturnType<typeof subscription>[] = [];
    const gone: ReturnType<typeof subscription>[] = [];
    for (const [pattern, queue, leaves] of wishes) {
      if (!isPattern(pattern)) continue;
      const one = subscription(pattern, queue);
      router.add(one);
      (leaves ? gone : live).push(one);
      // The router remembers routes, so it is asked in between as well.
      subjects.forEach((subject) => router.publish(message(subject), sender));
    }
    gone.forEach((one) => router.remove(one));
    for (const subject of subjects) {
      const before = new Map([...live, ...gone].map((one) => [one, one.got]));
      const count = router.publish(message(subject), sender);
      assert.equal(count === undefined, !isSubject(subject));
      if (count === undefined) continue;
      const gotBy = (one: ReturnType<typeof subscription>) => one.got - (before.get(one) ?? 0);
      const matching = live.filter(({ pattern }) => matches(pattern, subject));
      const groups = new Set(matching.flatMap(({ queue }) => queue ?? []));
      assert.equal(count, matching.filter(({ queue }) => !queue).length + groups.size);
      for (const one of matching.filter(({ queue }) => !queue)) assert.equal(gotBy(one), 1);
      for (const group of groups) {
        const members = matching.filter(({ queue }) => queue === group);
        assert.equal(members.reduce((sum, one) => sum + gotBy(one), 0), 1);
      }
      for (const one of [...live, ...gone]) {
        if (!matching.includes(one)) assert.equal(gotBy(one), 0);
      }
    }
    live.forEach((one) => router.remove(one));
    assert.equal(router.patterns, 0);
  },
);

fuzz.test(
  "a router takes messages on patterns without wildcards, and on no others",
  { input: subject, runs: 20_000 },
  (text) => {
    const count = new Router().publish(message(text), { echo: true, deliver: () => {} });
    assert.equal(count, isSubject(text) ? 0 : undefined);
  },
);

const conversation = [
  'CONNECT {"verbose":false,"headers":true,"no_responders":true}\r\nPING\r\n',
  "SUB a.> 1\r\nSUB a.* q 2\r\nPUB a.b 5\r\nhello\r\nUNSUB 1 3\r\nPING\r\n",
  "HPUB a.b r.x 12 14\r\nNATS/1.0\r\n\r\nhi\r\nPUB a.b r.x 0\r\n\r\nUNSUB 2\r\nPONG\r\n",
  `SUB ${"x.".repeat(500)}> 7\r\nPUB ${"x.".repeat(500)}y 2000\r\n${"z".repeat(2_000)}\r\n`,
];

Deno.test("the embedded bus serves others, whatever a client sends", async () => {
  await using server = await startEmbeddedBus({ port: 0, maxPayload: 4_096 });
  await using one = await connectNats({ urls: [server.url] });
  await using other = await connectNats({ urls: [server.url] });
  const heard = await receive(other, "fuzz.others");
  let sent = 0;
  const input = fc.tuple(
    fc.oneof(
      mutatedBytes([conversation.join(""), ...conversation]),
      fc.uint8Array({ maxLength: 100 }),
      fc.array(fc.constantFrom(...conversation, "PUB", "SUB", " ", "\r\n", "999999999", "a.b")).map(
        (pieces) => latin1(pieces.join("")),
      ),
    ),
    cuts,
    fc.boolean(),
  );
  await fuzz.tryAll({ input, runs: 800 }, async ([bytesSent, places, waits]) => {
    using client = await RawClient.connect(server.port);
    try {
      for (const piece of cut(bytesSent, places)) await client.send(piece);
      // An operation that does not exist is always answered, so the server has read all of it.
      if (waits) await client.send("\r\nNONSENSE\r\n".repeat(3));
    } catch (error) {
      // It was cut off already.
      if (
        !(error instanceof Deno.errors.BrokenPipe || error instanceof Deno.errors.ConnectionReset)
      ) {
        throw error;
      }
    }
    one.publish("fuzz.others", bytes(`${sent++}`));
  });
  await heard.count(sent);
  assert.deepEqual(
    heard.items.map(({ data }) => Number(new TextDecoder().decode(data))),
    Array.from({ length: sent }, (_, index) => index),
  );
});
