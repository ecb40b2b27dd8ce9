import assert from "node:assert/strict";
import { MsgHdrsImpl } from "@nats-io/nats-core/internal";
import { connectBus } from "../../src/bus/connect.ts";
import { NatsHeaders } from "../../src/bus/nats/nats_headers.ts";
import { bytes, receive, text } from "../testing/received.ts";
import { startNats } from "../testing/servers/nats.ts";

/** The headers as a receiver reads them. */
function read(encoder: NatsHeaders, headers: Record<string, string>): Record<string, string> {
  const encoded = encoder.encode(headers);
  assert.ok(encoded instanceof MsgHdrsImpl);
  const decoded = MsgHdrsImpl.decode(encoded.encode().slice());
  return Object.fromEntries([...decoded].map(([name, values]) => [name, values[0]]));
}

Deno.test("NATS headers arrive as they are, whatever those before them were", () => {
  const encoder = new NatsHeaders();
  const series: Record<string, string>[] = [
    { node: "a", seq: "9" },
    { node: "a", seq: "10" },
    { node: "b", seq: "10" },
    { node: "b", number: "10" },
    { other: "b", number: "10" },
    { seq: "1" },
    { seq: "12345678901234567890" },
    { node: "b", seq: "11", text: "Grüße: a, b" },
    { node: "b", seq: "12" },
    { seq: "12", node: "" },
  ];
  for (const headers of series) assert.deepEqual(read(encoder, headers), headers);
  assert.equal(encoder.encode({}), undefined);
});

Deno.test("NATS headers that were encoded stay what they are until they are sent", () => {
  const encoder = new NatsHeaders();
  const sent = Array.from({ length: 3_000 }, (_, i) => {
    const encoded = encoder.encode({ node: "02:00:00:00:00:0a", seq: `${i}` });
    assert.ok(encoded instanceof MsgHdrsImpl);
    return encoded.encode();
  });
  sent.forEach((bytes, i) => assert.equal(MsgHdrsImpl.decode(bytes).get("seq"), `${i}`));
});

Deno.test("NATS headers that cannot arrive as they are are refused, also behind good ones", () => {
  const encoder = new NatsHeaders();
  encoder.encode({ node: "a", seq: "1" });
  const bad: Record<string, string>[] = [{ node: "a\r\nx: y", seq: "1" }, {
    "no de": "a",
    seq: "1",
  }];
  for (const headers of bad) {
    assert.throws(() => encoder.encode(headers), { code: "invalid" });
    assert.throws(() => encoder.encode({ node: "a", seq: "1 " }), { code: "invalid" });
  }
  assert.deepEqual(read(encoder, { node: "a", seq: "2" }), { node: "a", seq: "2" });
});

Deno.test("NATS bus sends messages without their headers where the server carries none", async () => {
  const config = await Deno.makeTempFile({ suffix: ".conf" });
  await Deno.writeTextFile(config, "no_header_support: true\n");
  try {
    await using server = await startNats({ args: ["-c", config] });
    await using bus = await connectBus(server.url);
    const received = await receive(bus, "events");
    assert.equal(bus.publish("events", bytes("one"), { headers: { seq: "1" } }), true);
    const [message] = await received.count(1);
    assert.deepEqual([text(message), message.headers], ["one", undefined]);
  } finally {
    await Deno.remove(config);
  }
});
