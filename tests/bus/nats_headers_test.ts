import assert from "node:assert/strict";
import { MsgHdrsImpl } from "@nats-io/nats-core/internal";
import { connectBus } from "../../src/bus/connect.ts";
import { encodeHeaders, NumberedHeaders } from "../../src/bus/nats/message.ts";
import { bytes, receive, text } from "../testing/received.ts";
import { startNats } from "../testing/servers/nats.ts";

type Headers = Record<string, string>;

/** The headers as a receiver reads them. */
function read(encoded: unknown): Headers {
  assert.ok(encoded instanceof MsgHdrsImpl);
  const decoded = MsgHdrsImpl.decode(encoded.encode().slice());
  return Object.fromEntries([...decoded].map(([name, values]) => [name, values[0]]));
}

Deno.test("NATS headers arrive as they are", () => {
  const series: Headers[] = [{ node: "a", seq: "9" }, { text: "Grüße: a, b", empty: "" }];
  for (const headers of series) {
    assert.deepEqual(read(encodeHeaders(headers)), headers);
  }
  assert.equal(encodeHeaders({}), undefined);
});

Deno.test("NATS headers of numbered messages are those that are encoded as a whole", () => {
  const constants: Headers[] = [{ node: "ü", epoch: "" }, {}];
  for (const constant of constants) {
    const numbered = new NumberedHeaders({ headers: constant, number: "seq" });
    for (const number of [0, 9, 10, Number.MAX_SAFE_INTEGER, 1]) {
      const headers: Headers = { ...constant, seq: `${number}` };
      numbered.number = number;
      const whole = encodeHeaders(headers);
      assert.ok(whole instanceof MsgHdrsImpl);
      assert.deepEqual(numbered.encode(), whole.encode());
      assert.deepEqual(read(numbered), headers);
    }
  }
});

Deno.test("NATS headers that were encoded stay what they are until they are sent", () => {
  const numbered = new NumberedHeaders({ headers: { node: "02:00:00:00:00:0a" }, number: "seq" });
  const sent = Array.from({ length: 3_000 }, (_, number) => {
    numbered.number = number;
    return numbered.encode();
  });
  sent.forEach((bytes, i) => assert.equal(MsgHdrsImpl.decode(bytes).get("seq"), `${i}`));
  const long = new NumberedHeaders({ headers: { long: "x".repeat(100_000) }, number: "seq" });
  assert.equal(read(long).seq, "0");
});

Deno.test("NATS bus sends messages without headers where the server supports none", async () => {
  const config = await Deno.makeTempFile({ suffix: ".conf" });
  await Deno.writeTextFile(config, "no_header_support: true\n");
  try {
    await using server = await startNats({ args: ["-c", config] });
    await using bus = await connectBus(server.url);
    const received = await receive(bus, "events");
    assert.equal(bus.publish("events", bytes("one"), { headers: { seq: "1" } }), true);
    bus.publisher("events", { headers: {}, number: "seq" }).publish(1, bytes("two"));
    const messages = await received.count(2);
    assert.deepEqual(messages.map((it) => [text(it), it.headers]), [
      ["one", undefined],
      ["two", undefined],
    ]);
  } finally {
    await Deno.remove(config);
  }
});
