/**
 * Sends over a connection what the protocol's session shows, byte by byte, and looks for the answers
 * that it shows.
 *
 * @module
 */
import assert from "node:assert/strict";
import { Received } from "../testing/received.ts";
import { codeBlocks } from "./code_blocks.ts";
import { readDocument } from "./documents.ts";
import { isShapedAs } from "./output_shape.ts";
import { World } from "./world.ts";

/** A step of a session: lines that are sent, or those of one message that comes. */
interface Step {
  readonly by: "client" | "server";
  readonly lines: string[];
}

function stepsOf(session: string): Step[] {
  const steps: Step[] = [];
  for (const line of session.split("\n")) {
    const [, who, text = ""] = /^([CS]):(?: (.*))?$/.exec(line) ?? [];
    if (who === undefined) continue;
    const by = who === "C" ? "client" : "server";
    const last = steps.at(-1);
    const begins = by === "server" && /^(INFO|H?MSG)\b/.test(text);
    if (last?.by === by && !begins) last.lines.push(text);
    else steps.push({ by, lines: [text] });
  }
  return steps;
}

/** Whether lines are there, one behind the other. */
function contains(received: readonly string[], lines: readonly string[]): boolean {
  return received.some((_, at) =>
    lines.every((line, index) => isShapedAs(line, received[at + index] ?? "<none>"))
  );
}

Deno.test("the session in the protocol runs as it is shown", async () => {
  const blocks = codeBlocks(await readDocument("docs/protocol.md"));
  const session = blocks.find(({ text }) => text.startsWith("S: INFO"))?.text ?? "";
  const steps = stepsOf(session);
  assert.ok(steps.length > 10);
  await using world = await World.start();
  await using place = await world.place({});
  await using serve = place.start("ari-proxy serve");
  await serve.until(() => serve.text.includes("Asterisk is connected"), "the proxy serves");

  const [hostname, port] = world.natsAddress.split(":");
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const received = new Received<string>();
  const reading = (async () => {
    let rest = "";
    for await (const text of connection.readable.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\r\n");
      rest = lines.pop() ?? "";
      lines.forEach(received.add);
    }
  })().catch(() => {}); // It ends with the connection, in whatever way.
  const writer = connection.writable.getWriter();
  for (const { by, lines } of steps) {
    if (by === "client") {
      await writer.write(new TextEncoder().encode(lines.map((line) => `${line}\r\n`).join("")));
      continue;
    }
    await received.until((all) => contains(all, lines)).catch(() => {
      assert.fail(`\n${lines.join("\n")}\ndid not come, but\n${received.items.join("\n")}`);
    });
  }
  assert.ok(!received.items.some((line) => line.startsWith("-ERR")));
  await writer.close();
  await reading;
  assert.equal(await serve.interrupt(), 0);
});
