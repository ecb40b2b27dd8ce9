import assert from "node:assert/strict";
import { connectBus } from "../../src/bus/connect.ts";
import { Requester } from "../../src/client/requester.ts";
import { startFakeAsterisk } from "../testing/fake_asterisk.ts";
import { Received } from "../testing/received.ts";
import { startCli } from "../testing/run_cli.ts";
import { freePort } from "../testing/servers/free_port.ts";
import { startNats } from "../testing/servers/nats.ts";

/** Environment of a `serve` beside a fake Asterisk, without a bus. */
async function environment(app: string, entityId: string) {
  const asterisk = await startFakeAsterisk({ entityId });
  const env = {
    ARI_APPLICATION: app,
    ARI_HTTP_URL: asterisk.httpUrl,
    ARI_WEBSOCKET_URL: asterisk.websocketUrl,
    ARI_USERNAME: asterisk.username,
    ARI_PASSWORD: asterisk.password,
  };
  return { asterisk, env, [Symbol.asyncDispose]: () => asterisk[Symbol.asyncDispose]() };
}

Deno.test("serve without a bus opens one, which a second serve on the machine joins", async () => {
  const listen = `127.0.0.1:${await freePort()}`;
  const args = ["serve", "--embedded.listen", listen];
  await using a = await environment("demo", "n1");
  await using b = await environment("demo", "n2");
  await using first = startCli(args, { env: a.env });
  await first.until(/Asterisk is connected/);
  assert.match(first.out, /opened one for this machine alone/);
  await using second = startCli(args, { env: b.env });
  await second.until(/Asterisk is connected/);
  assert.match(second.out, /using the server that listens here/);

  await using bus = await connectBus(`nats://${listen}`);
  using client = new Requester(bus, { app: "demo" });
  const nodes = new Received<string>();
  client.nodes.onAnnouncement(({ node }) => nodes.add(node));
  client.nodes.ping();
  await nodes.until((items) => new Set(items).size === 2);
  b.asterisk.answer([{ status: 204 }]);
  const key = { kind: "channel", id: "c1", app: "demo", node: "n2" };
  assert.deepEqual(await client.request("ChannelAnswer", key), { error: "" });
});

Deno.test("serve without a bus uses the nats-server that listens there", async () => {
  await using nats = await startNats();
  await using a = await environment("demo", "n1");
  const args = ["serve", "--embedded.listen", `127.0.0.1:${nats.port}`];
  await using serve = startCli(args, { env: { ...a.env, MESSAGEBUS_URL: "" } });
  await serve.until(/using the server that listens here/);
  await using bus = await connectBus(nats.url);
  using client = new Requester(bus);
  const { promise: heard, resolve } = Promise.withResolvers<string>();
  client.nodes.onAnnouncement(({ node }) => resolve(node));
  await serve.until(/Asterisk is connected/);
  client.nodes.ping();
  assert.equal(await heard, "n1");
});

Deno.test("serve opens its bus beyond the machine only with a token, and then asks for it", async () => {
  await using a = await environment("demo", "n1");
  const port = await freePort();
  const args = ["serve", "--embedded.listen", `0.0.0.0:${port}`];
  await using refused = startCli(args, { env: a.env });
  assert.equal(await refused.ended(), 2);
  assert.match(refused.err, /beyond this machine it needs a token/);

  await using serve = startCli(args, { env: { ...a.env, EMBEDDED_TOKEN: "open-sesame" } });
  await serve.until(/Asterisk is connected/);
  assert.doesNotMatch(serve.out, /open-sesame/);
  const url = `127.0.0.1:${port}`;
  await assert.rejects(connectBus(`nats://${url}`), { code: "denied" });
  await using bus = await connectBus(`nats://open-sesame@${url}`);
  assert.ok(bus.connected);
});
