import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { BusError } from "../../src/bus/bus.ts";
import {
  bodySize,
  NumberedFrames,
  propertiesFrame,
  publishFrame,
  writeBody,
} from "../../src/bus/rabbitmq/frames.ts";
import { FrameWriter } from "../../src/bus/rabbitmq/frame_writer.ts";

const latin = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");

Deno.test("publish frame names exchange and key, as AMQP has it", () => {
  assert.equal(
    latin(publishFrame(258, "ari", "a.b")),
    "\x01\x01\x02\x00\x00\x00\x0f" + "\x00\x3c\x00\x28\x00\x00" + "\x03ari" + "\x03a.b" +
      "\x00\xce",
  );
  assert.throws(() => publishFrame(1, "", "ü".repeat(128)), BusError);
});

Deno.test("numbered frames are those that are encoded as a whole, whatever the number", () => {
  const options = { headers: { node: "ü", epoch: "" }, number: "seq" };
  const first = new NumberedFrames("ari.event", "ari.event.a", options);
  const others = [first, first.to("ari.dialogevent", "ä"), first.to("", "queue")];
  for (const frames of [...others, first]) {
    for (const [seq, size] of [["9", 5], ["10", 70_000], ["9".repeat(16), 0], ["1", 5]] as const) {
      for (const channel of [1, 258]) {
        const headers = { ...options.headers, seq };
        const whole = latin(publishFrame(channel, frames.exchange, frames.key)) +
          latin(propertiesFrame(channel, { headers }, size));
        const bytes = new Uint8Array(3 + frames.size(seq));
        assert.equal(frames.write(seq, size, { bytes, at: 3, channel }), bytes.length);
        assert.equal(latin(bytes.subarray(3)), whole);
        assert.deepEqual(frames.headers(seq), headers);
      }
    }
  }
});

Deno.test("body is cut into frames that are not too large", () => {
  const data = new Uint8Array(10).map((_, index) => index);
  const bytes = new Uint8Array(2 + bodySize(10, 4));
  assert.equal(writeBody(1, data, { bytes, at: 2, maxContent: 4 }), bytes.length);
  assert.equal(
    latin(bytes.subarray(2)),
    "\x03\x00\x01\x00\x00\x00\x04\x00\x01\x02\x03\xce" +
      "\x03\x00\x01\x00\x00\x00\x04\x04\x05\x06\x07\xce" +
      "\x03\x00\x01\x00\x00\x00\x02\x08\x09\xce",
  );
  assert.equal(bodySize(0, 4), 0);
});

Deno.test("RabbitMQ frame writer sends the messages of one turn in one write, in order", async () => {
  const written: Uint8Array[] = [];
  const outlet = new FrameWriter({
    channel: 1,
    frameMax: 4_096,
    write: (bytes) => written.push(bytes),
  });
  const large = new Uint8Array(300_000).fill(0x78);
  outlet.publish("ari.event", "one", new TextEncoder().encode("first"), {});
  outlet.publish("ari.event", "two", new TextEncoder().encode("second"), {});
  assert.equal(written.length, 0);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(written.length, 1);
  outlet.publish("ari.event", "one", new TextEncoder().encode("third"), {});
  outlet.publish("ari.event", "one", large, {});
  const frames = new NumberedFrames("ari.event", "one", { headers: {}, number: "n" });
  outlet.publishNumbered(frames, "4", new TextEncoder().encode("fourth"));
  outlet.publish("ari.event", "one", new TextEncoder().encode("fifth"), {});
  await new Promise((resolve) => setImmediate(resolve));
  const text = latin(Buffer.concat(written));
  const places = ["first", "second", "third", "x".repeat(4_088), "fourth", "fifth"].map((part) =>
    text.indexOf(part)
  );
  assert.deepEqual(places, places.toSorted((a, b) => a - b));
  assert.ok(!places.includes(-1));
  assert.equal(text.replaceAll(/[^x]/g, "").length, 300_000);
});
