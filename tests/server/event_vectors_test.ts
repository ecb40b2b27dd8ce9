import assert from "node:assert/strict";
import { node, ProxyFixture } from "../testing/proxy_fixture.ts";
import { assertHolds, type Exchange, parse, type Published, vectors } from "../testing/vectors.ts";

interface EventVector {
  readonly name: string;
  readonly asterisk: string;
  readonly published: readonly Published[];
}

for (const vector of vectors<EventVector>("events", ({ name }) => name)) {
  Deno.test(`proxy publishes events as in events: ${vector.name}`, async () => {
    await using fixture = await ProxyFixture.start();
    assertPublished(await fixture.event(vector.asterisk), vector.published);
  });
}

interface DialogVector {
  readonly name: string;
  readonly steps: readonly Step[];
}

type Step =
  | { readonly request: Exchange }
  | { readonly event: string; readonly published: readonly Published[] };

for (const vector of vectors<DialogVector>("dialogs", ({ name }) => name)) {
  Deno.test(`proxy keeps dialogs as in dialogs: ${vector.name}`, async () => {
    await using fixture = await ProxyFixture.start();
    for (const step of vector.steps) {
      if ("event" in step) assertPublished(await fixture.event(step.event), step.published);
      else {
        const { subject, request, rest } = step.request;
        fixture.asterisk.answer(rest.map(({ reply }) => reply));
        await fixture.request(subject, request);
      }
    }
  });
}

interface BindingVector {
  readonly kind: string;
  readonly request: string;
  readonly bound: readonly string[];
  readonly bound_on_error: readonly string[];
}

for (const vector of vectors<BindingVector>("dialog-bindings", ({ kind }) => kind)) {
  Deno.test(`proxy binds as in dialog-bindings: ${vector.kind}`, async () => {
    assert.deepEqual(await boundBy(vector, 200), [...vector.bound].sort());
  });
  if (vector.bound_on_error.length > 0 || vector.bound.length > 0) {
    Deno.test(`proxy binds after a refusal as in dialog-bindings: ${vector.kind}`, async () => {
      const wanted = needsAsterisk(vector.kind) ? vector.bound_on_error : vector.bound;
      assert.deepEqual(await boundBy(vector, 404), [...wanted].sort());
    });
  }
}

/** Kinds that bind without asking Asterisk have nothing that could be refused. */
function needsAsterisk(kind: string): boolean {
  return !/Subscribe$|^(Bridge|Channel)Stage(Create|Originate|ExternalMedia)$/.test(kind) ||
    kind === "ApplicationSubscribe";
}

/** Events of one entity each, by the name that the vectors have for the entity. */
const entityEvents: Readonly<Record<string, object>> = {
  ...Object.fromEntries(
    ["c0", "c1", "c7", "c8", "c9", "sn1", "em1"].map((id) => [
      `channel:${id}`,
      { type: "ChannelStateChange", channel: { id } },
    ]),
  ),
  "bridge:b1": { type: "BridgeCreated", bridge: { id: "b1", channels: [] } },
  "playback:pb1": { type: "PlaybackStarted", playback: { id: "pb1" } },
  "liverecording:rec1": { type: "RecordingStarted", recording: { name: "rec1" } },
  "endpoint:PJSIP/alice": {
    type: "EndpointStateChange",
    endpoint: { technology: "PJSIP", resource: "alice" },
  },
  "devicestate:Stasis:lamp": {
    type: "DeviceStateChanged",
    device_state: { name: "Stasis:lamp", state: "INUSE" },
  },
};

async function boundBy({ request }: BindingVector, status: number): Promise<string[]> {
  await using fixture = await ProxyFixture.start();
  fixture.asterisk.answer(() => ({ status, body: status === 200 ? "{}" : "" }));
  const { key, ...rest } = JSON.parse(request);
  await fixture.request("ari.command", JSON.stringify({ ...rest, key: { ...key, dialog: "d1" } }));
  const bound = [];
  for (const [name, event] of Object.entries(entityEvents)) {
    const text = JSON.stringify({ ...event, asterisk_id: node, application: "calls" });
    const published = await fixture.event(text);
    if (published.some(({ subject }) => subject === "ari.dialogevent.d1")) bound.push(name);
  }
  return bound.sort();
}

function assertPublished(actual: readonly Published[], wanted: readonly Published[]): void {
  assert.deepEqual(actual.map(({ subject }) => subject), wanted.map(({ subject }) => subject));
  wanted.forEach(({ payload }, i) => {
    const value = parse(payload);
    if (value === undefined) assert.equal(actual[i].payload, payload);
    else assertHolds(parse(actual[i].payload), value, { anyOffset: true });
  });
}
