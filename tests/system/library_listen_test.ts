import assert from "node:assert/strict";
import { connect } from "../../src/client/connect.ts";
import { withDeadline } from "../testing/deadline.ts";
import { startCli } from "../testing/run_cli.ts";
import { startAsterisk } from "../testing/servers/asterisk.ts";
import { freePort } from "../testing/servers/free_port.ts";
import { startNats } from "../testing/servers/nats.ts";
import { outboundConfig } from "../testing/servers/outbound_config.ts";

const node = "02:00:00:00:00:0a";
const shown = { username: "pbx", password: "secret" };

/** Passes on what does not take long. */
const soon = <T>(promise: Promise<T>) => withDeadline(promise, { what: "the call goes on" });

Deno.test("library controls a call of an Asterisk that connects to serve --listen", async () => {
  await using stack = new AsyncDisposableStack();
  const { url } = stack.use(await startNats());
  const port = await freePort();
  const credentials = ["--listen.username", "pbx", "--listen.password", "secret"];
  const program = stack.use(
    startCli(["serve", "--listen", `127.0.0.1:${port}`, "--url", url, ...credentials]),
  );
  await program.until(/Waiting for Asterisks to dial/);
  // The proxy learns of the node by the persistent connection before there is a call.
  const config = outboundConfig({
    lasting: { port, apps: "lasting", ...shown },
    single: { port, apps: "single", type: "per_call_config", ...shown },
  });
  const asterisk = stack.use(await startAsterisk({ entityId: node, config }));
  await program.until(/Serving an application of Asterisk/);

  const client = stack.use(await connect({ url, app: "single" }));
  const calls = stack.use(client.calls());
  await calls.ready;
  await asterisk.cli("channel originate Local/app-single@demo application Wait 60");
  const { value: call } = await soon(calls.next());
  assert.ok(call);
  const { channel, event } = call;
  assert.match(event.application, /^single:Local\//);
  const key = { kind: "channel", id: channel.id, app: "single", node };
  assert.deepEqual(channel.key, key);
  assert.deepEqual(client.channels.of(event).key, key);

  await using events = channel.events({ type: "StasisEnd" });
  await events.ready;
  await channel.answer();
  await soon(channel.play("sound:beep").finished);
  const recording = channel.record("", { maxDuration: 1_000 });
  await soon(recording.finished);
  assert.equal((await recording.stored.data()).format, "wav");
  await channel.hangup();
  const { value: end } = await soon(events.next());
  assert.ok(end);
  assert.match(end.application, /^single:Local\//);
});
