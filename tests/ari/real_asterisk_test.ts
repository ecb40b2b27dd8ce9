import assert from "node:assert/strict";
import { createRest } from "../../src/ari/rest.ts";
import type { RawEvent } from "../../src/ari/read_event.ts";
import { openAriWebSocket } from "../../src/ari/websocket/outbound.ts";
import { withDeadline } from "../testing/deadline.ts";
import { startAsterisk } from "../testing/servers/asterisk.ts";
import { linkTo, NEVER } from "./link_to.ts";

Deno.test("link and rest work with a real Asterisk", async (t) => {
  await using asterisk = await startAsterisk({ entityId: "02:00:00:00:00:0a" });

  await t.step("link connects and delivers the events of a call", async () => {
    await using link = linkTo(asterisk);
    const { node, info } = await link.up();
    assert.equal(node, "02:00:00:00:00:0a");
    assert.match(info.system.version, /^\d+\./);
    const { rest } = link.link;
    const created = await rest.send({
      method: "POST",
      path: "/channels/call%201%2Fa",
      query: "endpoint=Local%2Fecho%40demo&app=demo",
      body: '{"variables":{"GREETING":"grüß"}}',
    });
    assert.equal(created.status, 200, created.body);
    assert.equal(created.reason, "OK");
    const has = (type: string) => () =>
      link.events.some((text) => {
        const event = JSON.parse(text);
        return event.type === type && event.channel?.id === "call 1/a";
      });
    await link.until(has("StasisStart"));
    const variable = await rest.send({
      method: "GET",
      path: "/channels/call%201%2Fa/variable",
      query: "variable=GREETING",
    });
    assert.deepEqual(JSON.parse(variable.body), { value: "grüß" });
    const gone = await rest.send({ method: "DELETE", path: "/channels/call%201%2Fa" });
    assert.deepEqual(gone, { status: 204, reason: "No Content", body: "" });
    await link.until(has("StasisEnd"));
    const again = await rest.send({ method: "DELETE", path: "/channels/call%201%2Fa" });
    assert.equal(again.status, 404);
    assert.equal(again.reason, "Not Found");
  });

  await t.step("link reports a wrong password", async () => {
    await using link = linkTo({ ...asterisk, password: "wrong" });
    assert.match((await link.down("denied")).reason, /401 Unauthorized; check the ARI user name/);
  });

  await t.step("link reports a path without ARI", async () => {
    const httpUrl = asterisk.httpUrl.replace("/ari", "/nothing");
    await using link = linkTo({ ...asterisk, httpUrl }, { pauses: { lost: NEVER } });
    await link.down("not_found");
  });

  await t.step("ARI WebSocket answers pings for a read-only user", async () => {
    const { websocketUrl: url, readonlyUsername, readonlyPassword } = asterisk;
    const readOnly = { username: readonlyUsername, password: readonlyPassword };
    for (const { username, password } of [asterisk, readOnly]) {
      let onSign = () => {};
      const onEvent = ({ text }: RawEvent) => assert.fail(text);
      const user = { url, username, password, applications: ["quiet"] };
      using socket = await openAriWebSocket({ ...user, onEvent, onSign: () => onSign() });
      for (let count = 0; count < 10; count++) {
        const answered = new Promise<void>((resolve) => onSign = resolve);
        socket.ping();
        await withDeadline(answered, { what: `${username} to get an answer to a ping` });
      }
    }
  });

  await t.step("link closes for another one, and takes the application back", async () => {
    const replaced = { first: 5, max: 1_000, random: () => 0 };
    await using first = linkTo(asterisk, { pauses: { replaced } });
    await first.up();
    await using second = linkTo(asterisk);
    await second.up();
    await first.down("replaced");
    await first.up(2);
    await second.down("replaced");
  });

  await t.step("rest serves many requests over few connections", async () => {
    using rest = createRest({
      url: asterisk.httpUrl.replace("//", "//ari:ari-secret@"),
      connections: 8,
    });
    const sent = Array.from(
      { length: 200 },
      () => rest.send({ method: "GET", path: "/asterisk/ping" }),
    );
    for (const { status } of await Promise.all(sent)) assert.equal(status, 200);
  });

  await t.step("link notices a suspended Asterisk, and reconnects", async () => {
    const times = { silence: 50, probeTimeout: 50, requestTimeout: 50 };
    await using link = linkTo(asterisk, times);
    await link.up();
    Deno.kill(asterisk.pid, "SIGSTOP");
    try {
      await link.down("silent");
      await link.down("unreachable");
    } finally {
      Deno.kill(asterisk.pid, "SIGCONT");
    }
    await link.up(2);
  });

  await t.step("link reconnects after a crash and reports the new entity ID", async () => {
    await using link = linkTo(asterisk);
    await link.up();
    await asterisk.kill();
    await link.down("lost");
    await link.down("unreachable");
    await asterisk.restart({ entityId: "02:00:00:00:00:0b" });
    assert.equal((await link.up(2)).node, "02:00:00:00:00:0b");
  });
});
