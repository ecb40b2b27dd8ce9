import assert from "node:assert/strict";
import { description } from "../../src/protocol/api/description.ts";
import { AriProxyError } from "../../src/protocol/errors.ts";
import type { RestPayload } from "../../src/protocol/kinds/any_operation.ts";
import { refuseParameters } from "../../src/server/requests/parameters.ts";
import { RealCluster } from "../testing/real_cluster.ts";

const app = "parameters";

/** What Asterisk 22.10.1 does not survive, or a channel, by its method and path. */
const deadly: readonly (readonly [string, Omit<RestPayload, "method" | "path">?])[] = [
  ["POST /channels/CHANNEL/move"],
  ["POST /channels/CHANNEL/%6Dove%00"],
  ["POST /channels/CHANNEL/move", { query: { "app%00": "x" } }],
  ...[null, [], {}, 5, true, ["a"]].map((value) =>
    ["POST /channels/CHANNEL/move", { body: { app: value } }] as const
  ),
  ["POST /bridges/none/variable"],
  ["POST /bridges/none/variable", { body: { variable: null } }],
  ["POST /bridges/known/record", { query: { name: "r" } }],
  ["POST /bridges/known/record", { body: { name: "r", format: 5 } }],
  ...[null, {}, 5, true, [null], [{}]].flatMap((value) =>
    [
      ["POST /events/user/x", { body: { application: app, source: value } }],
      [`POST /applications/${app}/subscription`, { body: { eventSource: value } }],
      [`DELETE /applications/${app}/subscription`, { body: { eventSource: value } }],
    ] as const
  ),
  ...[null, {}, { attribute: "a" }, { attribute: "a", value: null }].map((value) =>
    ["PUT /asterisk/config/dynamic/res_pjsip/auth/x", { body: { fields: [value] } }] as const
  ),
  // These end the channel's commands.
  ...["before", "between", "duration", "after"].map((name) =>
    ["POST /channels/CHANNEL/dtmf", { query: { dtmf: "12", [name]: "-5" } }] as const
  ),
  ["POST /channels/CHANNEL/dtmf", { body: { dtmf: "12", duration: "-5" } }],
  ["POST /channels/CHANNEL/dtmf", { query: { dtmf: "12", duration: "4294967291" } }],
];

Deno.test("no request through the proxy crashes Asterisk or blocks a channel", async () => {
  await using cluster = await RealCluster.start(["02:00:00:00:00:21"], { app });
  const { asterisk } = cluster.nodes[0];
  const key = { app, node: asterisk.entityId };
  const rest = (method: string, path: string, more: Omit<RestPayload, "method" | "path"> = {}) =>
    cluster.client.request("Rest", key, { method, path, ...more });
  const { pid } = asterisk;
  await rest("POST", "/bridges/known");
  await rest("POST", "/channels/one", { query: { endpoint: "Local/answer@demo/n", app } });
  await cluster.events.next("StasisStart", { channel: { id: "one" } });

  for (const [operation, more] of deadly) {
    const [method, path] = operation.replace("CHANNEL", "one").split(" ");
    await assert.rejects(rest(method, path, more), (error) => {
      assert.ok(error instanceof AriProxyError);
      assert.equal(error.code, "invalid", operation);
      assert.match(error.message, /^Non-2XX response: 400 Bad Request: (Missing p|P)arameter/);
      return true;
    }, `${operation} ${JSON.stringify(more)}`);
  }
  const options = { Before: 0, Between: 0, Duration: -5_000_000, After: 0 };
  await assert.rejects(
    cluster.client.request("ChannelSendDTMF", { ...key, id: "one" }, { dtmf: "1", options }),
    /^AriProxyError: Non-2XX response: 400 Bad Request: Parameter duration must be/,
  );
  // A command waits for those before it.
  await rest("POST", "/channels/one/variable", { body: { variable: "A", value: "1" } });
  assert.equal(asterisk.pid, pid);
  assert.match(await asterisk.cli("core show uptime"), /System uptime/);
});

/** Parameters with which an operation is a success. */
const good: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  endpoint: { "POST /channels/{channelId}/redirect": "PJSIP/loop" },
  format: { "POST /channels/externalMedia": "ulaw" },
  variables: {
    "POST /channels/{channelId}/variables": { A: "1" },
    "POST /bridges/{bridgeId}/variables": { A: "1" },
  },
};
const usual: Readonly<Record<string, unknown>> = {
  app,
  application: app,
  channel: "one",
  channelId: "nobody",
  configuration: "error",
  destinationRecordingName: "copy",
  deviceState: "BUSY",
  endpoint: "Local/answer@demo/n",
  eventSource: "bridge:known",
  format: "wav",
  from: "sip:a@b",
  media: "sound:hello-world",
  name: "recording",
  newMessages: 1,
  oldMessages: 1,
  operation: "pause",
  refer_to: "sip:a@b",
  states: "channel_progress",
  to: "pjsip:loop",
  variable: "A",
  variables: "A",
};
const places: Readonly<Record<string, string>> = {
  applicationName: app,
  bridgeId: "known",
  channelId: "one",
  deviceName: "Stasis:lamp",
  tech: "PJSIP",
  resource: "loop",
};
/** What ends Asterisk. */
const ends = ["/move app", "POST /bridges/{bridgeId}/variable variable", "/record format"];

Deno.test("Asterisk refuses or crashes without each parameter that the proxy requires", async () => {
  await using cluster = await RealCluster.start(["02:00:00:00:00:22"], { app });
  const { asterisk: { httpUrl, username, password, entityId } } = cluster.nodes[0];
  const key = { app, node: entityId };
  const authorization = `Basic ${btoa(`${username}:${password}`)}`;
  await cluster.client.request("Rest", key, { method: "POST", path: "/bridges/known" });
  const query = { endpoint: "Local/answer@demo/n", app };
  await cluster.client.request("Rest", key, { method: "POST", path: "/channels/one", query });
  await cluster.events.next("StasisStart", { channel: { id: "one" } });

  let compared = 0;
  for (const [operation, { parameters, socket }] of Object.entries(description)) {
    if (socket) continue;
    const [method, template] = operation.split(" ");
    const required = Object.keys(parameters).filter((name) =>
      parameters[name].required && parameters[name].place !== "path"
    );
    for (const missing of required) {
      if (ends.some((end) => `${operation} ${missing}`.endsWith(end))) continue;
      // Only with modules that cannot be loaded here: it takes none for 0.
      if (operation.includes("/mailboxes")) continue;
      const path = template.replaceAll(
        /\{(\w+)\}/g,
        (_, name) => places[name] ?? `new-${compared}`,
      );
      const given = required.filter((name) => name !== missing)
        .map((name) => [name, good[name]?.[operation] ?? usual[name]]);
      const values: Record<string, unknown> = Object.fromEntries(given);
      const refused = refuseParameters({
        method: method as "POST",
        path,
        query: "",
        body: JSON.stringify(values),
      });
      const { status, body } = await fetch(
        method === "GET"
          ? `${httpUrl}${path}?${new URLSearchParams(values as never)}`
          : httpUrl + path,
        {
          method,
          headers: { authorization, "content-type": "application/json" },
          ...(method !== "GET" && { body: JSON.stringify(values) }),
        },
      );
      await body?.cancel();
      assert.equal(
        status >= 400,
        refused !== undefined,
        `${operation} without ${missing}: ${status}`,
      );
      compared++;
    }
  }
  assert.ok(compared > 30);
});
