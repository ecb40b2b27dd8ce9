import assert from "node:assert/strict";
import { type AriRequest, type AriRest, createRest } from "../../../src/ari/rest.ts";
import { withDeadline } from "../../testing/deadline.ts";
import { startAsterisk } from "../../testing/servers/asterisk.ts";
import { freePort } from "../../testing/servers/free_port.ts";
import { outboundConfig } from "../../testing/servers/outbound_config.ts";
import { type AriListenerOptions, node, TestListener } from "./test_listener.ts";

const ping = { method: "GET", path: "/asterisk/ping" } as const;
const post = (path: string, query = ""): AriRequest => ({ method: "POST", path, query });
const add = post("/bridges/b1/addChannel", "channel=c1");
const stopTone = { method: "DELETE", path: "/playbacks/p1" } as const;
const inFirst = "endpoint=Local%2Fanswer%40demo&channelId=c1&app=first";
const LONG = 60_000;

/** A real Asterisk that connects once for each name, which is its application. */
async function startDialling(
  names: readonly string[],
  { overHttp = false, ...options }: Partial<AriListenerOptions> & { overHttp?: boolean } = {},
) {
  await using stack = new AsyncDisposableStack();
  const httpPort = await freePort();
  const url = `http://127.0.0.1:${httpPort}/ari`;
  const http = stack.use(createRest({ url, username: "ari", password: "ari-secret" }));
  const listener = stack.use(new TestListener({ ...options, ...(overHttp && { http: [http] }) }));
  const { port } = listener;
  const sockets = Object.fromEntries(names.map((apps) => [apps, { port, apps }]));
  const config = outboundConfig(sockets);
  stack.use(await startAsterisk({ entityId: node, httpPort, config }));
  const { rest } = await listener.link();
  const happened = (type: string) =>
    listener.events.until((events) => events.some((event) => event.type === type));
  for (const application of names) {
    await listener.events.until((events) =>
      events.some((event) => event.application === application)
    );
  }
  const owned = stack.move();
  return { listener, rest, http, happened, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Requests that a channel be added to a bridge after a tone, which has no end. */
async function standStill(rest: AriRest, happened: (type: string) => Promise<unknown>) {
  await rest.send(post("/channels", inFirst));
  await happened("StasisStart");
  await rest.send(post("/bridges/b1"));
  await rest.send(post("/channels/c1/play/p1", "media=tone%3Aring"));
  await happened("PlaybackStarted");
  const added = rest.send(add, { timeout: LONG });
  // If the test fails before it awaits this, its own failure is reported.
  added.catch(() => {});
  return { added };
}

Deno.test("a WebSocket that is blocked by a request is kept, and further requests are refused at once", async () => {
  const socket = { silence: 100, probeTimeout: 500 };
  await using asterisk = await startDialling(["first"], { socket, queueTimeout: 30 });
  const { listener, rest, http, happened } = asterisk;
  const { added } = await standStill(rest, happened);
  const codes: string[] = [];
  const outcome = () => rest.send(ping, { timeout: 50 }).then(() => "", ({ code }) => code);
  // Requests of the first moment queue in Asterisk; they are not yet distinguished from slow ones.
  do codes.push(await outcome()); while (codes.at(-1) === "timeout");
  // So many take far longer than the timeout of a silent WebSocket.
  for (let i = 0; i < 50; i++) codes.push(await outcome());
  assert.match(codes.join(" "), /^(timeout )*busy( busy){50}$/);
  assert.ok(listener.states.items.every(({ up }) => up));
  assert.match(
    listener.warnings.items[0],
    /one after the other; set ari.http_url, or let Asterisk/,
  );
  assert.equal((await http.send(stopTone)).status, 204);
  assert.equal((await added).status, 204);
  assert.equal((await rest.send(ping)).status, 200);
});

Deno.test("a request uses a second WebSocket while another one blocks the first", async () => {
  await using asterisk = await startDialling(["first", "requests"]);
  const { rest, happened } = asterisk;
  const { added } = await standStill(rest, happened);
  await withDeadline(
    (async () => {
      assert.equal((await rest.send(ping)).status, 200);
      assert.equal((await rest.send(stopTone)).status, 204);
    })(),
    { what: "requests on the second WebSocket" },
  );
  assert.equal((await added).status, 204);
});

Deno.test("no request blocks another one where HTTP leads to the same Asterisk", async () => {
  await using asterisk = await startDialling(["first"], { overHttp: true });
  const { rest, happened } = asterisk;
  // After this the Asterisk at the HTTP address is known.
  await rest.download("/recordings/stored/none/file");
  const { added } = await standStill(rest, happened);
  assert.equal((await rest.send(ping)).status, 200);
  assert.equal((await rest.send(stopTone)).status, 204);
  assert.equal((await added).status, 204);
});
