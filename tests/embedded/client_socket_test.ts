import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { mock } from "node:test";
import { BufferPool } from "../../src/embedded/outgoing.ts";
import { ClientSocket } from "../../src/embedded/client_socket.ts";
import { Outgoing } from "../../src/embedded/outgoing.ts";
import { Received } from "../testing/received.ts";

const pool = new BufferPool({ size: 64, keep: 2 });

/** A socket whose other end is the test's. */
async function makePair() {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const dialling = Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port });
  const socket = new ClientSocket(await listener.accept(), {
    pool,
    maxPending: 1_000,
    onOverflow() {},
  });
  const peer = await dialling;
  return {
    socket,
    peer,
    send: (text: string) => peer.write(Buffer.from(text)),
    [Symbol.dispose]() {
      peer.close();
      socket.close();
    },
  };
}

/** A consumer that reads nothing until the test lets it. */
function makeLaggard() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const write = async (bytes: Uint8Array) => {
    await promise;
    return bytes.length;
  };
  const outgoing = new Outgoing({ write }, {
    pool,
    maxPending: 100,
    onOverflow() {},
    onFailure() {},
  });
  outgoing.add("x".repeat(60));
  assert.equal(outgoing.pressed, true);
  return { outgoing, catchUp: resolve };
}

/** Lets a publisher send, and then once more when it is to wait for a consumer that lags. */
async function stalledPublisher() {
  const laggard = makeLaggard();
  const pair = await makePair();
  const received = new Received<string>();
  const reading = pair.socket.read((bytes) => {
    received.add(Buffer.from(bytes).toString());
    if (received.items.length === 1) pair.socket.stallFor(laggard.outgoing);
  });
  await pair.send("one");
  await received.count(1);
  await pair.send("two");
  return { laggard, pair, received, reading };
}

/** Waits until what was sent before on other sockets would have been read. */
async function roundTrip(): Promise<void> {
  using pair = await makePair();
  const received = new Received<number>();
  const reading = pair.socket.read((bytes) => received.add(bytes.length));
  await pair.send("x");
  await received.count(1);
  pair.socket.close();
  await reading;
}

Deno.test("ClientSocket reads on when a consumer that lags has caught up", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const { laggard, pair, received, reading } = await stalledPublisher();
    await roundTrip();
    assert.deepEqual(received.items, ["one"]);
    laggard.catchUp();
    await received.count(2);
    pair[Symbol.dispose]();
    await reading;
    await laggard.outgoing.idle();
  } finally {
    mock.timers.reset();
  }
});

Deno.test("ClientSocket waits for a lagging consumer for at most 10 ms", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const { laggard, pair, received, reading } = await stalledPublisher();
    mock.timers.tick(9);
    await roundTrip();
    assert.deepEqual(received.items, ["one"]);
    mock.timers.tick(1);
    await received.count(2);
    pair[Symbol.dispose]();
    await reading;
    laggard.catchUp();
    await laggard.outgoing.idle();
  } finally {
    mock.timers.reset();
  }
});

Deno.test("ClientSocket lets everything out before it closes, and drops what comes", async () => {
  using pair = await makePair();
  const { socket, peer } = pair;
  let closed = false;
  const reading = socket.read(() => {}).then(() => void (closed = true));
  socket.outgoing.add("farewell");
  socket.finish();
  await pair.send("still talking");
  const buffer = new Uint8Array(100);
  const length = await peer.read(buffer);
  assert.equal(Buffer.from(buffer.subarray(0, length ?? 0)).toString(), "farewell");
  assert.equal(await peer.read(buffer), null);
  assert.equal(closed, false);
  await peer.closeWrite();
  await reading;
});

Deno.test("ClientSocket does not wait for ever for a client that does not close", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    using pair = await makePair();
    const reading = pair.socket.read(() => {});
    pair.socket.finish();
    mock.timers.tick(1_000);
    await reading;
  } finally {
    mock.timers.reset();
  }
});
