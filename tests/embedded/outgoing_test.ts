import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { BufferPool } from "../../src/embedded/outgoing.ts";
import { Outgoing } from "../../src/embedded/outgoing.ts";

/** A connection that takes bytes when the test lets it, and records them. */
class Peer {
  readonly writes: string[] = [];
  /** Most bytes that one write takes. */
  most = Infinity;
  #gate: PromiseWithResolvers<void> | undefined;

  /** Lets no write end until `open`. */
  hold(): void {
    this.#gate = Promise.withResolvers();
  }

  open(): void {
    this.#gate?.resolve();
    this.#gate = undefined;
  }

  fail(): void {
    this.#gate?.reject(new Error("broken"));
  }

  async write(bytes: Uint8Array): Promise<number> {
    await this.#gate?.promise;
    const taken = bytes.subarray(0, Math.min(this.most, bytes.length));
    this.writes.push(Buffer.from(taken).toString("latin1"));
    return taken.length;
  }
}

function rig(maxPending = 1_000) {
  const peer = new Peer();
  const told: string[] = [];
  const outgoing = new Outgoing(peer, {
    pool: new BufferPool({ size: 64, keep: 2 }),
    maxPending,
    onOverflow: () => void told.push("overflow"),
    onFailure: () => void told.push("failure"),
  });
  const message = (line: string, tail: string) => {
    const buffer = Buffer.from(tail);
    outgoing.addMessage(line, buffer, () => Buffer.from(buffer));
    // The memory is used again for what is read next.
    buffer.fill(0x21);
  };
  return { peer, told, outgoing, message };
}

Deno.test("Outgoing gathers what one turn adds in one write", async () => {
  const { peer, outgoing, message } = rig();
  outgoing.add("PONG\r\n");
  message("MSG a 1 ", "1\r\nx\r\n");
  outgoing.add("-ERR 'ÿ'\r\n");
  assert.equal(outgoing.pending, 6 + 14 + 10);
  await outgoing.idle();
  assert.deepEqual(peer.writes, ["PONG\r\nMSG a 1 1\r\nx\r\n-ERR 'ÿ'\r\n"]);
  assert.equal(outgoing.pending, 0);
  await outgoing.idle();
});

Deno.test("Outgoing keeps the order of small and large messages, however little a write takes", async () => {
  const { peer, outgoing, message } = rig();
  peer.most = 7;
  let expected = "";
  for (let index = 0; index < 20; index++) {
    const tail = `${index}`.repeat(index % 3 === 0 ? 40 : 5);
    message("MSG ", tail);
    expected += `MSG ${tail}`;
    if (index % 7 === 0) await outgoing.idle();
  }
  await outgoing.idle();
  assert.equal(peer.writes.join(""), expected);
});

Deno.test("Outgoing reports when more is queued than allowed", async () => {
  const { peer, told, outgoing, message } = rig(100);
  peer.hold();
  message("MSG ", "x".repeat(96));
  assert.deepEqual(told, []);
  assert.equal(outgoing.pressed, true);
  const relief = outgoing.relief();
  outgoing.add("P");
  assert.deepEqual(told, ["overflow"]);
  peer.open();
  await relief;
  await outgoing.idle();
  assert.equal(outgoing.pressed, false);
  await outgoing.relief();
});

Deno.test("Outgoing drops whole frames only", async () => {
  const { peer, outgoing, message } = rig();
  peer.hold();
  message("MSG ", "a".repeat(50));
  message("MSG ", "b".repeat(50));
  // The first line is being written now.
  await Promise.resolve();
  outgoing.drop();
  assert.equal(outgoing.pending, 54);
  outgoing.add("-ERR\r\n");
  peer.open();
  await outgoing.idle();
  assert.equal(peer.writes.join(""), `MSG ${"a".repeat(50)}-ERR\r\n`);
  assert.equal(outgoing.pending, 0);
});

Deno.test("Outgoing drops everything before the first write", async () => {
  const { peer, outgoing, message } = rig();
  message("MSG ", "a".repeat(50));
  message("MSG ", "b");
  outgoing.drop();
  outgoing.add("-ERR\r\n");
  await outgoing.idle();
  assert.equal(peer.writes.join(""), "-ERR\r\n");
});

Deno.test("Outgoing accepts nothing after a failure, and blocks no caller", async () => {
  const { peer, told, outgoing, message } = rig(100);
  peer.hold();
  message("MSG ", "x".repeat(90));
  const waiting = [outgoing.idle(), outgoing.relief()];
  await Promise.resolve();
  peer.fail();
  await Promise.all(waiting);
  assert.deepEqual(told, ["failure"]);
  message("MSG ", "x".repeat(900));
  outgoing.add("PONG\r\n");
  assert.equal(outgoing.pending, 0);
  await outgoing.idle();
});
