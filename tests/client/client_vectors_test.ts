import assert from "node:assert/strict";
import type { BusMessage } from "../../src/bus/bus.ts";
import { InProcessBroker, type InProcessBus } from "../../src/bus/memory.ts";
import { Requester } from "../../src/client/requester.ts";
import type { AriProxyError } from "../../src/protocol/errors.ts";
import { concernsAny } from "../../src/protocol/event_entities.ts";
import { isObject } from "../../src/protocol/json.ts";
import type { Key } from "../../src/protocol/key.ts";
import { classOf, kindRows } from "../../src/protocol/kinds/kinds.ts";
import { decodeRequest } from "../../src/protocol/request.ts";
import { eventSubscription } from "../../src/protocol/subjects.ts";
import { parse, vectors } from "../testing/vectors.ts";

/** The vectors' times are shortened by this factor. */
const haste = 5;

const encoder = new TextEncoder();

interface ReplyVector {
  readonly name: string;
  readonly announcements?: readonly string[];
  readonly subject: string;
  readonly request: string;
  readonly replies: readonly { readonly after_ms: number; readonly payload: string }[];
  readonly error: string | null;
  readonly value?: unknown;
}

for (const vector of vectors<ReplyVector>("client-replies", ({ name }) => name)) {
  Deno.test(`client handles responses as in client-replies: ${vector.name}`, async () => {
    const broker = new InProcessBroker();
    await using theirs = broker.connect();
    await using ours = broker.connect();
    using client = new Requester(ours, { timeout: 500 / haste, nodes: { settleTime: 1 } });
    vector.announcements?.forEach((text) => theirs.publish("ari.announce", encoder.encode(text)));
    await client.nodes.settled;

    using replies = replyWith(theirs, vector);
    const { error, value } = await outcome(client, vector.request);
    assert.equal(error?.message ?? null, vector.error);
    if (isObject(value) && "keys" in value) assert.deepEqual(value.keys, vector.value ?? []);
    assert.deepEqual(replies.received.map(withoutMarks), [parse(vector.request)]);
  });
}

/** The request but for what proxies in Go ignore: an ID and a deadline, on all that acts. */
function withoutMarks(text: string): unknown {
  const { id, deadline, ...request } = parse(text) as Record<string, unknown>;
  const { kind, payload } = decodeRequest(encoder.encode(text));
  const acts = ["command", "create"].includes(classOf(kind, payload));
  assert.deepEqual([typeof id === "string", typeof deadline === "string"], [acts, acts]);
  return request;
}

/** Sends the request of a vector as the client does for the kind. */
async function outcome(client: Requester, text: string) {
  const { kind, key, payload } = decodeRequest(encoder.encode(text));
  try {
    if (kindRows[kind].reply !== "keys") {
      return { value: await client.request(kind, key, payload) };
    }
    const { responses, errors } = await client.gather(kind, key, payload);
    if (responses.length === 0) return { error: errors.at(-1) };
    return { value: { keys: responses.flatMap(({ keys = [] }) => keys) } };
  } catch (error) {
    return { error: error as AriProxyError };
  }
}

/** Answers on the subject of a vector, at its times. */
function replyWith(bus: InProcessBus, { subject, replies }: ReplyVector) {
  const received: string[] = [];
  const timers: ReturnType<typeof setTimeout>[] = [];
  bus.subscribe(subject, ({ data, replyTo }: BusMessage) => {
    received.push(new TextDecoder().decode(data));
    for (const { after_ms, payload } of replies) {
      const send = () => bus.publish(replyTo ?? "", encoder.encode(payload));
      timers.push(setTimeout(send, after_ms / haste));
    }
  });
  return { received, [Symbol.dispose]: () => timers.forEach((timer) => clearTimeout(timer)) };
}

interface SubscriptionVector {
  readonly name: string;
  readonly key: Key | null;
  readonly events: readonly string[];
  readonly nats_subject: string;
  readonly deliveries: readonly { readonly payload: string; readonly delivered: boolean }[];
}

for (const vector of vectors<SubscriptionVector>("subscriptions", ({ name }) => name)) {
  Deno.test(`client filters events as in subscriptions: ${vector.name}`, () => {
    const key = vector.key ?? {};
    assert.equal(eventSubscription(key), vector.nats_subject);
    const types = new Set<unknown>(vector.events);
    const delivered = vector.deliveries.map(({ payload }) => {
      const event = parse(payload);
      if (!isObject(event) || !concernsAny(event, [key])) return false;
      return types.has("all") || types.has(event.type);
    });
    assert.deepEqual(delivered, vector.deliveries.map(({ delivered }) => delivered));
  });
}

Deno.test("client fails at once as in client: no-responders-direct", async () => {
  await using bus = new InProcessBroker().connect();
  using client = new Requester(bus);
  await assert.rejects(
    client.request("ChannelAnswer", { kind: "channel", id: "c1", app: "calls", node: "gone" }),
    { code: "no_node", message: "No proxy serves the application calls on the node gone" },
  );
});
