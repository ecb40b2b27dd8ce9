import assert from "node:assert/strict";
import { Requester } from "../../src/client/requester.ts";
import { AriProxyError } from "../../src/protocol/errors.ts";
import { Policy } from "../../src/server/requests/policy.ts";
import { app, node, ProxyFixture } from "../testing/proxy_fixture.ts";

const denied = (what: string) => (error: unknown) => {
  assert.ok(error instanceof AriProxyError);
  assert.equal(error.message, `Denied: the proxy's policy does not allow ${what}`);
  assert.equal(error.code, "denied");
  return true;
};

/** The calls that Asterisk got, but for those of the proxy's own. */
const callsFor = ({ asterisk }: ProxyFixture) =>
  asterisk.calls.map(({ method, path }) => `${method} ${path}`)
    .filter((call) => call !== "GET /asterisk/info");

Deno.test("a proxy refuses what its policy denies before it sends a request to Asterisk or binds a dialog", async () => {
  await using fixture = await ProxyFixture.start({
    policy: new Policy({ deny: ["ChannelHangup", "ChannelSubscribe"] }),
  });
  using client = new Requester(fixture.bus, { app });
  const key = { app, node, id: "1.1", dialog: "d" };
  await assert.rejects(
    client.request("ChannelHangup", key, { reason: "normal" }),
    denied("ChannelHangup"),
  );
  await assert.rejects(
    client.request("ChannelSubscribe", key),
    denied("ChannelSubscribe"),
  );
  await assert.rejects(
    client.request("Rest", key, { method: "delete", path: "/channels/1.1" }),
    denied("DELETE /channels/1.1"),
  );
  assert.deepEqual(callsFor(fixture), []);
  assert.equal(fixture.proxy.counters.requestsDenied, 3);
  assert.equal(fixture.proxy.counters.requestsFailed, 3);
  const { details } = await fixture.log.line("Refused a request that the policy does not allow");
  assert.match(`${details.reason}`, /ChannelHangup/);
  const copies = await fixture.event(
    JSON.stringify({ type: "ChannelVarset", application: app, channel: { id: "1.1" } }),
  );
  assert.ok(copies.every(({ subject }) => !subject.startsWith("ari.dialogevent")));
});

Deno.test("a proxy that only reads reads, and does nothing else", async () => {
  await using fixture = await ProxyFixture.start({ policy: new Policy({ readOnly: true }) });
  fixture.asterisk.answer([{ status: 200, body: '{"value":"blue"}' }]);
  using client = new Requester(fixture.bus, { app });
  const key = { app, node, id: "1.1" };
  await client.request("ChannelVariableGet", key, { name: "COLOUR" });
  await assert.rejects(client.request("ChannelAnswer", key), denied("ChannelAnswer"));
  assert.deepEqual(callsFor(fixture), ["GET /channels/1.1/variable"]);
});
