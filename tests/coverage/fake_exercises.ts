/**
 * What Debian's Asterisk cannot do, because it lacks the module or there is no way to make it
 * happen: done on a fake Asterisk, which speaks the real protocol.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { RestArguments, RestCall } from "../../mod.ts";
import { AriClient } from "../../src/client/client.ts";
import type { KnownEvent } from "../../src/protocol/api/known_events.ts";
import type { Description, Model } from "../../scripts/api/description.ts";
import type { FakeAnswer, RecordedCall } from "../testing/fake_asterisk.ts";
import { app, ProxyFixture } from "../testing/proxy_fixture.ts";
import { conforms } from "./conforms.ts";

/** Why each of these events is sent by the fake. */
export const fakeEvents: Readonly<Partial<Record<KnownEvent["type"], string>>> = {
  ApplicationRegistered: "seen over outbound WebSockets only",
  ApplicationUnregistered: "sent when the application has no listener",
  EndpointStateChange: "not sent for an endpoint of PJSIP that came and went",
  MissingParams: "no way was found to make Asterisk 22 send it",
  RESTResponse: "the response to REST over the ARI WebSocket",
};

interface Exercise<O extends RestCall> {
  readonly operation: O;
  readonly args: RestArguments<O>;
  /** What keeps it from the real Asterisk. */
  readonly why: string;
  /** What Asterisk gets. */
  readonly call: string;
  readonly answer: FakeAnswer;
  readonly result: unknown;
}

function exercise<O extends RestCall>(
  operation: O,
  args: RestArguments<O>,
  rest: Omit<Exercise<O>, "operation" | "args">,
): Exercise<O> {
  return { operation, args, ...rest };
}

const box = { name: "alice", old_messages: 1, new_messages: 2 };
const path = "/mailboxes/alice%2F1";
const why = "Debian's Asterisk lacks the module";
const done = { why, answer: { status: 204 }, result: undefined };

/** The operations that the fake carries out. */
const exercises = [
  exercise("GET /mailboxes", [], {
    why,
    call: "GET /mailboxes?",
    answer: { status: 200, body: JSON.stringify([box]) },
    result: [box],
  }),
  exercise("GET /mailboxes/{mailboxName}", [{ mailboxName: "alice/1" }], {
    why,
    call: `GET ${path}?`,
    answer: { status: 200, body: JSON.stringify(box) },
    result: box,
  }),
  exercise("PUT /mailboxes/{mailboxName}", [
    { mailboxName: "alice/1", oldMessages: 1, newMessages: 0 },
  ], { call: `PUT ${path}?oldMessages=1&newMessages=0`, ...done }),
  exercise("DELETE /mailboxes/{mailboxName}", [{ mailboxName: "alice/1" }], {
    call: `DELETE ${path}?`,
    ...done,
  }),
] as const;

/**
 * Does all of it.
 *
 * @returns The operations and types of events, with what kept them from the real Asterisk.
 */
export async function exerciseFake({ models }: Description): Promise<ReadonlyMap<string, string>> {
  await using fixture = await ProxyFixture.start();
  await using client = AriClient.fromBus(fixture.bus, { app });
  await client.settled;
  const exercised = new Map<string, string>();
  const { asterisk } = fixture;
  const calls: RecordedCall[] = [];
  for (const { operation, args, why, call, answer, result } of exercises) {
    asterisk.answer((request) => {
      calls.push(request);
      return answer;
    });
    // The compiler does not see that the arguments are those of the operation.
    const send: (operation: RestCall, ...args: readonly unknown[]) => Promise<unknown> = client.rest
      .bind(client) as typeof send;
    assert.deepEqual(await send(operation, ...args), result, operation);
    const { method, path, query } = calls.at(-1)!;
    assert.equal(`${method} ${path}?${query}`, call);
    exercised.set(operation, why);
  }

  await using events = client.events();
  await events.ready;
  const stream = events[Symbol.asyncIterator]();
  for (const [type, why] of Object.entries(fakeEvents)) {
    const event = sample(models, type);
    asterisk.sendEvent({ ...event, type, application: app });
    const { value } = await stream.next();
    assert.equal(value?.type, type);
    assert.deepEqual(conforms(value, type, models), []);
    exercised.set(type, why);
  }
  return exercised;
}

/** An object with all members that a model has. */
function sample(models: Readonly<Record<string, Model>>, name: string): Record<string, unknown> {
  const value = (type: string): unknown => {
    const list = /^List\[(\w+)\]$/.exec(type)?.[1];
    if (list) return [value(list)];
    if (Object.hasOwn(models, type)) return sample(models, type);
    if (type === "boolean") return true;
    if (["int", "long", "double"].includes(type)) return 7;
    if (type === "Date") return "2026-11-22T22:18:58.338+0000";
    return type === "object" ? {} : "text";
  };
  const { properties } = models[name];
  return Object.fromEntries(
    Object.entries(properties).map(([name, { type }]) => [name, value(type)]),
  );
}
