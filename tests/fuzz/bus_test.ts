/** What adapters make of messages, headers and subjects. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { MsgHdrsImpl } from "@nats-io/nats-core/internal";
import fc from "fast-check";
import { BusError, type BusMessage } from "../../src/bus/bus.ts";
import { InProcessBroker } from "../../src/bus/memory.ts";
import { encodeHeaders } from "../../src/bus/nats/message.ts";
import { replyAddress, toBusMessage, toTable } from "../../src/bus/rabbitmq/message.ts";
import { bindingKey, covers, overlaps } from "../../src/bus/rabbitmq/pattern.ts";
import { checkPublishSubject, checkSubscribeSubject } from "../../src/bus/subjects.ts";
import { SubjectTree } from "../../src/bus/subjects.ts";
import { redactUrl } from "../../src/common/redact_url.ts";
import { Fuzz } from "./fuzz.ts";
import { anyText } from "./hostile.ts";

const fuzz = new Fuzz("bus");

/** Whether a check lets something pass; it may refuse in its own way only. */
function passes(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (!(error instanceof BusError)) throw error;
    return false;
  }
}

const names = fc.oneof(fc.constantFrom("Ari-Reason", "a", "x-y", "Ä", "a b", "a:b"), anyText);
const headers = fc.dictionary(names, anyText, { maxKeys: 3, noNullPrototype: true });

fuzz.test(
  "headers arrive over NATS as they were sent, or are refused",
  { input: headers, runs: 20_000 },
  (headers) => {
    let sent: MsgHdrsImpl | undefined;
    if (!passes(() => sent = encodeHeaders(headers) as MsgHdrsImpl | undefined)) return;
    if (!sent) return assert.deepEqual(headers, {});
    const got = MsgHdrsImpl.decode(sent.encode());
    const record = [...got].map(([name, [value]]) => [name, value]);
    // Half a surrogate pair has no UTF-8.
    const wanted = Object.entries(headers).map(([name, value]) => [name, value.toWellFormed()]);
    assert.deepEqual(record.sort(), wanted.sort());
  },
);

fuzz.test(
  "headers of any bytes from NATS are read or refused",
  { input: fc.oneof(fc.uint8Array({ maxLength: 60 }), headerBytes()), runs: 20_000 },
  (bytes) => {
    try {
      MsgHdrsImpl.decode(bytes);
    } catch (error) {
      assert.ok(error instanceof Error);
    }
  },
);

function headerBytes(): fc.Arbitrary<Uint8Array> {
  const pieces = fc.constantFrom("NATS/1.0", " 503", "\r\n", ":", "a", " ", "\xff", "__proto__");
  return fc.array(pieces, { maxLength: 12 }).map((parts) =>
    Uint8Array.from(parts.join(""), (one) => one.charCodeAt(0))
  );
}

const fields = { consumerTag: "c", deliveryTag: 1, redelivered: false, exchange: "e" };

function delivery(routingKey: string, properties: Record<string, unknown>): BusMessage {
  const empty = {
    contentType: undefined,
    contentEncoding: undefined,
    headers: undefined,
    deliveryMode: undefined,
    priority: undefined,
    correlationId: undefined,
    replyTo: undefined,
    expiration: undefined,
    messageId: undefined,
    timestamp: undefined,
    type: undefined,
    userId: undefined,
    appId: undefined,
    clusterId: undefined,
  };
  return toBusMessage({
    content: Buffer.from("x"),
    fields: { ...fields, routingKey },
    properties: { ...empty, ...properties },
  });
}

fuzz.test(
  "a reply address of any queue and ID decodes to them, and is a valid subject",
  { input: fc.tuple(anyText, anyText), runs: 20_000 },
  ([replyTo, correlationId]) => {
    const { replyTo: subject } = delivery("a", { replyTo, correlationId });
    if (!replyTo) return assert.equal(subject, undefined);
    assert.ok(subject);
    // A response must not reach the queues of the protocol.
    const isOurs = /^(ari\.|ari-proxy\.|ariproxy-|ARIProxy)/.test(replyTo);
    if (isOurs) return assert.match(subject, /^ari\.queue\./);
    assert.deepEqual(replyAddress(subject), {
      queue: replyTo.toWellFormed(),
      ...(correlationId && { correlationId: correlationId.toWellFormed() }),
    });
    if (subject.length < 1_000) checkPublishSubject(subject);
  },
);

fuzz.test(
  "headers of any kind from RabbitMQ become texts",
  { input: fc.dictionary(names, fc.anything(), { maxKeys: 4 }), runs: 10_000 },
  (table) => {
    const { headers = {} } = delivery("a", { headers: table });
    for (const value of Object.values(headers)) assert.equal(typeof value, "string");
  },
);

fuzz.test(
  "headers are accepted by RabbitMQ unchanged, or refused",
  { input: headers, runs: 10_000 },
  (headers) => {
    if (passes(() => toTable(headers))) assert.equal(toTable(headers), headers);
  },
);

const part = fc.constantFrom("a", "b", "*", "**", "#", "é", "__proto__");
const plain = fc.array(fc.constantFrom("a", "b", "#", "**", "é", "__proto__"), {
  minLength: 1,
  maxLength: 5,
}).map((parts) => parts.join("."));
const pattern = fc.tuple(fc.array(part, { minLength: 1, maxLength: 5 }), fc.boolean()).map((
  [parts, tail],
) => (tail ? [...parts, ">"] : parts).join("."));

/** Whether a subject matches a pattern, without haste. */
function matches(pattern: string, subject: string): boolean {
  const [wanted, parts] = [pattern.split("."), subject.split(".")];
  const tail = wanted.at(-1) === ">";
  if (tail ? parts.length < wanted.length : parts.length !== wanted.length) return false;
  return wanted.every((want, index) => want === ">" || want === "*" || want === parts[index]);
}

fuzz.test(
  "a tree of subjects finds the matches, while patterns are added and removed",
  {
    input: fc.tuple(
      fc.array(fc.tuple(pattern, fc.boolean()), { maxLength: 12 }),
      fc.array(plain, { maxLength: 5 }),
    ),
    runs: 15_000,
  },
  ([patterns, subjects]) => {
    const tree = new SubjectTree<number>();
    patterns.forEach(([pattern], index) => tree.add(pattern, index));
    patterns.forEach(([pattern, gone], index) => gone && tree.remove(pattern, index));
    for (const subject of subjects) {
      const wanted = patterns.flatMap(([pattern, gone], index) =>
        !gone && matches(pattern, subject) ? [index] : []
      );
      assert.deepEqual(tree.match(subject).sort(), wanted.sort());
    }
  },
);

fuzz.test(
  "patterns cover and overlap as their subjects do, and bind at least these",
  { input: fc.tuple(pattern, pattern, plain), runs: 20_000 },
  ([one, other, subject]) => {
    const [inOne, inOther] = [matches(one, subject), matches(other, subject)];
    if (covers(one, other) && inOther) assert.ok(inOne, `${one} covers ${other}`);
    if (inOne && inOther) assert.ok(overlaps(one, other), `${one} overlaps ${other}`);
    assert.equal(overlaps(one, other), overlaps(other, one));
    if (inOne) assert.ok(bound(bindingKey(one).split("."), subject.split(".")));
  },
);

/** Whether RabbitMQ delivers by a binding key: `*` matches one level, `#` any number. */
function bound(key: readonly string[], parts: readonly string[]): boolean {
  if (key.length === 0) return parts.length === 0;
  const [first, ...rest] = key;
  if (first === "#") return bound(rest, parts) || (parts.length > 0 && bound(key, parts.slice(1)));
  return parts.length > 0 && (first === "*" || first === parts[0]) && bound(rest, parts.slice(1));
}

const subject = fc.oneof(pattern, plain, anyText);

Deno.test("a message goes to the subscriptions that match its subject, and to no others", async () => {
  const input = fc.tuple(fc.array(subject, { maxLength: 4 }), subject);
  await fuzz.tryAll({ input, runs: 5_000 }, async ([wanted, subject]) => {
    const broker = new InProcessBroker();
    await using bus = broker.connect();
    const got: number[] = [];
    const subscribed = wanted.map((pattern, index) =>
      passes(() => checkSubscribeSubject(pattern)) &&
      passes(() => bus.subscribe(pattern, () => got.push(index)))
    );
    const published = passes(() => bus.publish(subject, new Uint8Array()));
    assert.equal(published, passes(() => checkPublishSubject(subject)));
    await bus.flush();
    const expected = wanted.flatMap((pattern, index) =>
      published && subscribed[index] && matches(pattern, subject) ? [index] : []
    );
    assert.deepEqual(got.sort(), expected);
  });
});

fuzz.test(
  "a URL of any kind is shown without its password",
  { input: fc.tuple(fc.constantFrom("nats", "amqp", "tls"), anyText), runs: 10_000 },
  ([scheme, rest]) => {
    const shown = redactUrl(`${scheme}://user:t0ps3cret@host${encodeURI(rest.toWellFormed())}`);
    assert.ok(!shown.includes("t0ps3cret"), shown);
  },
);

Deno.test("hiding passwords in a long text takes linear time", () => {
  const begun = performance.now();
  for (const text of ["a", "nats://", "a.b-c+", "x@", "nats://user:"]) {
    redactUrl(text.repeat(200_000 / text.length));
  }
  assert.ok(performance.now() - begun < 3_000);
});
