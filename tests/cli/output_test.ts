import assert from "node:assert/strict";
import { createOutput } from "../../src/cli/output.ts";

const decoder = new TextDecoder();

Deno.test("an output writes everything in order, however little the stream takes at once", async () => {
  let written = "";
  const output = createOutput({
    isTerminal: () => false,
    write(data) {
      written += decoder.decode(data.subarray(0, 2));
      return Promise.resolve(Math.min(2, data.length));
    },
  }, () => 80);
  output.write("one\n");
  output.write("two\n");
  assert.equal(output.pending, 8);
  await output.flush();
  output.write("three\n");
  await output.flush();
  assert.equal(written, "one\ntwo\nthree\n");
  assert.equal(output.pending, 0);
});

Deno.test("an output that cannot be written keeps the reason, until it is to be tried again", async () => {
  let full = true;
  let written = "";
  const output = createOutput({
    isTerminal: () => false,
    write(data) {
      if (full) return Promise.reject(new Error("No space left on device (os error 28)"));
      written += decoder.decode(data);
      return Promise.resolve(data.length);
    },
  }, () => 80);
  for (const write of [() => output.write("one\n"), () => output.writeBytes(new Uint8Array(3))]) {
    await write();
    await output.flush();
    assert.equal(output.closed.aborted, true);
    assert.match(`${output.failure}`, /No space left/);
    output.recover();
    assert.deepEqual([output.closed.aborted, output.failure], [false, undefined]);
  }
  full = false;
  output.write("two\n");
  await output.flush();
  assert.equal(written, "two\n");
});

Deno.test("an output whose reader has gone says so and drops the rest", async () => {
  let writes = 0;
  const output = createOutput({
    isTerminal: () => false,
    write() {
      writes++;
      return Promise.reject(new Deno.errors.BrokenPipe("Broken pipe"));
    },
  }, () => 80);
  assert.equal(output.closed.aborted, false);
  output.write("one\n");
  await output.flush();
  assert.equal(output.closed.aborted, true);
  assert.equal(output.failure, undefined);
  output.recover();
  output.write("two\n");
  await output.flush();
  assert.equal(writes, 1);
  assert.equal(output.pending, 0);
});
