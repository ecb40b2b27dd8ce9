import assert from "node:assert/strict";
import fc from "fast-check";
import { AriProxyError } from "../../src/protocol/errors.ts";
import { type Kind, kindRows, kinds } from "../../src/protocol/kinds/kinds.ts";
import { decodeRequest, encodeRequest } from "../../src/protocol/request.ts";
import { recorded, type RequestVector } from "../testing/vectors.ts";

const decode = (text: string) => decodeRequest(new TextEncoder().encode(text));

Deno.test("every kind of the protocol has its row, and ours besides", () => {
  assert.equal(kinds.length, 111 + 3);
});

Deno.test("a request reads members in any letter case, of several the last one", () => {
  const text =
    '{"KIND":"ChannelHangup","Key":{"ID":"a","id":"c1"},"CHANNEL_hangup":{"Reason":"busy"}}';
  assert.deepEqual(decode(text), {
    kind: "ChannelHangup",
    key: { id: "c1" },
    payload: { reason: "busy" },
  });
});

Deno.test("the error of a malformed request names the member of the wrong type", () => {
  const wrong: readonly (readonly [string, string])[] = [
    ['{"kind":1}', "kind must be a string"],
    ['{"kind":"ChannelAnswer","key":[]}', "key must be an object"],
    ['{"kind":"ChannelAnswer","key":{"id":7}}', "key.id must be a string"],
    ['{"kind":"ChannelHangup","key":{},"channel_hangup":3}', "channel_hangup must be an object"],
    [
      '{"kind":"ChannelHangup","channel_hangup":{"reason":{}}}',
      "channel_hangup.reason must be a string",
    ],
    [
      '{"kind":"ChannelDial","channel_dial":{"timeout":1.5}}',
      "channel_dial.timeout must be a duration in whole nanoseconds",
    ],
    [
      '{"kind":"ChannelRecord","channel_record":{"options":{"Beep":"yes"}}}',
      "channel_record.options.Beep must be true or false",
    ],
    [
      '{"kind":"AsteriskConfigUpdate","asterisk_config":{"tuples":[{"attribute":"a","value":1}]}}',
      "asterisk_config.tuples[0].value must be a string",
    ],
  ];
  for (const [text, message] of wrong) {
    assert.throws(() => decode(text), {
      code: "invalid",
      message: `Malformed request: ${message}`,
    });
  }
});

Deno.test("a request that was encoded is decoded to the same", () => {
  const seen = new Set<Kind>();
  for (const file of ["channel", "bridge", "config", "mailbox", "dialog-keys", "logging"]) {
    for (const { name, exchanges } of recorded<RequestVector>(`requests/${file}`)) {
      if (name.endsWith("no-payload")) continue;
      for (const { request } of exchanges) {
        const { kind, key, payload } = decode(request);
        assert.deepEqual(decodeRequest(encodeRequest(kind, key, payload)), { kind, key, payload });
        seen.add(kind);
      }
    }
  }
  assert.ok(seen.size > 50);
});

Deno.test("a request of any bytes is refused or decoded, and nothing else happens", () => {
  const kind = fc.oneof(fc.constantFrom(...kinds), fc.string());
  const member = fc.oneof(
    fc.constantFrom("key", "kind", "KEY", ...Object.values(kindRows).flatMap(memberOf)),
    fc.string(),
  );
  const message = fc.dictionary(member, fc.jsonValue({ maxDepth: 4 })).chain((rest) =>
    kind.map((kind) => JSON.stringify({ ...rest, kind }))
  );
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    message.map((text) => new TextEncoder().encode(text)),
  );
  fc.assert(
    fc.property(bytes, (data) => {
      try {
        decodeRequest(data);
      } catch (error) {
        assert.ok(error instanceof AriProxyError, `${error}`);
      }
    }),
    { numRuns: 20_000 },
  );
});

function memberOf(row: { readonly payload?: { readonly member: string } }): string[] {
  return row.payload ? [row.payload.member] : [];
}
