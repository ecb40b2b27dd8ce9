import assert from "node:assert/strict";
import { createRest } from "../../src/ari/rest.ts";
import { connectBus } from "../../src/bus/connect.ts";
import { Requester } from "../../src/client/requester.ts";
import { pause } from "../../src/common/pause.ts";
import { withDeadline } from "../testing/deadline.ts";
import { EventLog } from "../testing/real_cluster.ts";
import { type CliProcess, shippedCli, startCli } from "../testing/run_cli.ts";
import { type AsteriskServer, startAsterisk } from "../testing/servers/asterisk.ts";
import { busServers } from "../testing/servers/bus_server.ts";
import { freePort } from "../testing/servers/free_port.ts";
import { outboundConfig } from "../testing/servers/outbound_config.ts";

const nodeA = "02:00:00:00:00:0a";
const nodeB = "02:00:00:00:00:0b";
const shown = { username: "pbx", password: "secret" };
const hangup = { reason: "normal" };

const shipped = await shippedCli();
Deno.test.afterAll(async () => await shipped[Symbol.asyncDispose]());

/** A bus, the port where Asterisks dial, and what starts the program there. */
async function startSurroundings(stack: AsyncDisposableStack) {
  const server = stack.use(await busServers.NATS());
  const bus = stack.use(await connectBus(server.url, { name: "test" }));
  const events = new EventLog(bus);
  await bus.flush();
  const port = await freePort();
  const serve = async (...further: string[]): Promise<CliProcess> => {
    const where = ["--listen", `127.0.0.1:${port}`, "--url", server.url];
    const credentials = ["--listen.username", "pbx", "--listen.password", "secret"];
    const args = ["serve", ...where, ...credentials, ...further];
    const process = stack.use(startCli(args, { program: shipped.program }));
    await process.until(/Waiting for Asterisks to dial/);
    return process;
  };
  return { bus, events, port, serve };
}

Deno.test("serve --listen puts Asterisks on the bus that connect, persistently or for each call", async () => {
  await using stack = new AsyncDisposableStack();
  const { bus, events, port, serve } = await startSurroundings(stack);
  const program = await serve();
  const config = outboundConfig({
    lasting: { port, apps: "lasting,other", ...shown },
    single: { port, apps: "single", type: "per_call_config", ...shown },
  });
  const asterisks = [nodeA, nodeB].map((entityId) => startAsterisk({ entityId, config }));
  for (const asterisk of asterisks) stack.use(await asterisk);
  const client = stack.use(new Requester(bus, { app: "lasting" }));
  for (const node of [nodeA, nodeB]) {
    for (const application of ["lasting", "other"]) {
      await events.next("ApplicationRegistered", { application, asterisk_id: node });
    }
  }
  await program.until(/Serving an application of Asterisk.*0b/s);

  for (const node of [nodeA, nodeB]) {
    const id = `call-${node}`;
    await client.request("ChannelOriginate", { app: "lasting", node }, {
      originate_request: { endpoint: "Local/answer@demo", app: "lasting", channelId: id },
    });
    const { subject } = await events.next("StasisStart", { channel: { id } });
    assert.equal(subject, `ari.event.lasting.${node}`);
    await client.request("ChannelHangup", { id, app: "lasting", node }, hangup);
    await events.next("StasisEnd", { channel: { id } });
  }

  await client.request("ChannelOriginate", { app: "lasting", node: nodeA }, {
    originate_request: {
      endpoint: "Local/app-single@demo",
      extension: "answer",
      context: "demo",
      channelId: "one",
      otherChannelId: "two",
    },
  });
  const { subject, event } = await events.next("StasisStart", { channel: { id: "two" } });
  assert.equal(subject, `ari.event.single.${nodeA}`);
  assert.match(String(event.application), /^single:Local\//);
  const single = stack.use(new Requester(bus, { app: "single" }));
  await single.request("ChannelAnswer", { id: "two", app: "single", node: nodeA });
  await single.request("ChannelHangup", { id: "two", app: "single", node: nodeA }, hangup);
  await events.next("StasisEnd", { channel: { id: "two" } });
});

Deno.test("serve --listen uses HTTP where it can, so that no request waits for another", async () => {
  await using stack = new AsyncDisposableStack();
  const { bus, events, port, serve } = await startSurroundings(stack);
  const config = outboundConfig({ lasting: { port, apps: "lasting", ...shown } });
  const asterisk = stack.use(await startAsterisk({ entityId: nodeA, config }));
  const { httpUrl, username, password } = asterisk;
  const urls = `http://127.0.0.1:${await freePort()}/ari,${httpUrl}`;
  const program = await serve(
    ...["--ari.http_url", urls, "--ari.username", username, "--ari.password", password],
  );
  await program.until(/Asterisk is connected/);
  const client = stack.use(new Requester(bus, { app: "lasting" }));
  const here = { app: "lasting", node: nodeA };
  // The node behind the HTTP URL is known.
  await assert.rejects(client.request("RecordingStoredFile", { ...here, id: "none" }, {}), {
    code: "not_found",
  });
  await client.request("ChannelOriginate", here, {
    originate_request: { endpoint: "Local/answer@demo", app: "lasting", channelId: "c1" },
  });
  await events.next("StasisStart", { channel: { id: "c1" } });
  await client.request("BridgeCreate", { ...here, id: "b1" }, { type: "mixing" });
  const tone = { playback_id: "p1", media_uri: "tone:ring" };
  await client.request("ChannelPlay", { ...here, id: "c1" }, tone);
  await events.next("PlaybackStarted", { playback: { id: "p1" } });
  // Asterisk adds the channel when the tone has ended, which is now.
  const added = client.request("BridgeAddChannel", { ...here, id: "b1" }, { channel: "c1" });
  await client.request("PlaybackStop", { ...here, id: "p1" });
  await added;
});

/** Resolves when Asterisk has noticed so many times that its WebSocket has ended. */
async function noticed(asterisk: AsteriskServer, times: number): Promise<void> {
  const look = async () => {
    while ((await asterisk.log()).split("Websocket disconnected").length <= times) await pause(20);
  };
  await withDeadline(look(), { what: "Asterisk notices that its WebSocket has ended" });
}

Deno.test("no event is lost while serve --listen restarts or is killed", async () => {
  await using stack = new AsyncDisposableStack();
  const { events, port, serve } = await startSurroundings(stack);
  const first = await serve();
  const config = outboundConfig({ lasting: { port, apps: "lasting", ...shown } });
  const asterisk = stack.use(await startAsterisk({ entityId: nodeA, config }));
  const { httpUrl: url, username, password } = asterisk;
  using rest = createRest({ url, username, password });
  let last = 0;
  // While the connection breaks Asterisk must be quiet: otherwise 22.10 may crash, rarely.
  const raise = async (count: number) => {
    for (let n = last + 1; n <= last + count; n++) {
      const body = JSON.stringify({ variables: { n: `${n}` } });
      const query = "application=lasting";
      await rest.send({ method: "POST", path: "/events/user/tick", query, body });
    }
    last += count;
  };
  const numbers = () =>
    events.received.items.filter(({ event }) => event.eventname === "tick")
      .map(({ event }) => Number(JSON.parse(JSON.stringify(event.userevent)).n));
  const arrived = () => events.received.until(() => numbers().length >= last);
  const gaps = () => events.received.items.filter(({ event }) => event.type === "AriProxyGap");

  await events.next("ApplicationRegistered", { application: "lasting" });
  await raise(100);
  await arrived();
  first.kill("SIGTERM");
  assert.equal(await first.ended(), 0);
  await noticed(asterisk, 1);
  await raise(1_500);
  const second = await serve();
  await arrived();
  await raise(100);
  await arrived();
  second.kill("SIGKILL");
  await second.ended();
  await noticed(asterisk, 2);
  await raise(1_500);
  await serve();
  await arrived();
  assert.deepEqual(numbers(), Array.from({ length: last }, (_, i) => i + 1));
  assert.deepEqual(gaps().map(({ event: { reason, certain } }) => [reason, certain]), [
    ["started", false],
    ["started", false],
    ["started", false],
  ]);
});
