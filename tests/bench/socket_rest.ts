/**
 * Compares REST over HTTP with REST over the event WebSocket, on a real Asterisk:
 * `deno run -A tests/bench/socket_rest.ts`. It prints a table.
 *
 * @module
 */
import { cpuUsage } from "node:process";
import { parseAddress } from "../../src/ari/address.ts";
import { readEvent } from "../../src/ari/read_event.ts";
import { type AriRest, createRest } from "../../src/ari/rest.ts";
import { SocketRest } from "../../src/ari/inbound/socket_rest.ts";
import { OpenWebSocket } from "../../src/ari/websocket/messages.ts";
import { performHandshake } from "../../src/ari/websocket/handshake.ts";
import { percentile } from "./statistics.ts";
import { type AsteriskServer, startAsterisk } from "../testing/servers/asterisk.ts";

const ROUNDS = 5;
const ALONE = 2_000;
const TOGETHER = 10_000;
const CHANNELS = 400;

/** An event socket that carries requests as well, and what to do with its events. */
interface Socket extends AsyncDisposable {
  readonly rest: AriRest;
  onEvent: (text: string) => void;
}

async function openSocket({ websocketUrl, username, password }: AsteriskServer): Promise<Socket> {
  const { url, host, authorization } = parseAddress({ url: websocketUrl, username, password }, [
    "ws:",
  ]);
  url.search = "app=bench";
  const signal = AbortSignal.timeout(10_000);
  const headers = { Authorization: authorization };
  const { connection, received } = await performHandshake(url, { headers, signal });
  const webSocket = new OpenWebSocket(connection, { side: "client", received });
  const rest = new SocketRest({ send: (text) => webSocket.send(text), host });
  const socket = {
    rest,
    onEvent: (_: string) => {},
    async [Symbol.asyncDispose]() {
      webSocket.close();
      await read;
    },
  };
  const read = webSocket.read((text, bytes) => {
    const { response } = readEvent(text, bytes);
    if (response) rest.take(response);
    else socket.onEvent(text);
  }).catch(() => {});
  return socket;
}

const small = { method: "GET", path: "/asterisk/ping" } as const;
const large = { method: "GET", path: "/channels" } as const;

/** Median time of a request that is alone, in microseconds. */
async function alone(rest: AriRest): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < ALONE; i++) {
    const begun = performance.now();
    await rest.send(small);
    times.push((performance.now() - begun) * 1_000);
  }
  return quantile(times, 0.5);
}

/** Requests a second with 64 in flight, and milliseconds of our CPU for 1,000 of them. */
async function together(rest: AriRest): Promise<readonly [number, number]> {
  const begun = performance.now();
  const cpu = cpuUsage();
  let left = TOGETHER;
  const work = async () => {
    while (left-- > 0) await rest.send(small);
  };
  await Promise.all(Array.from({ length: 64 }, work));
  const { user, system } = cpuUsage(cpu);
  return [TOGETHER / (performance.now() - begun) * 1_000, (user + system) / TOGETHER];
}

/** Time from a user event's request to its arrival while large answers come, in milliseconds. */
async function latency(rest: AriRest, { http, socket }: { http: AriRest; socket: Socket }) {
  let run = true;
  const load = (async () => {
    while (run) await rest.send(large);
  })();
  const times: number[] = [];
  for (let i = 0; i < 300; i++) {
    const came = Promise.withResolvers<void>();
    socket.onEvent = (text) => text.includes('"eventname":"tick"') && came.resolve();
    const begun = performance.now();
    http.send({ method: "POST", path: "/events/user/tick", query: "application=bench" });
    await came.promise;
    times.push(performance.now() - begun);
  }
  run = false;
  await load;
  return [quantile(times, 0.5), quantile(times, 0.99)] as const;
}

/** Times (median and 99th of 100) of a small request while four others ask for large answers, in milliseconds. */
async function beside(rest: AriRest): Promise<readonly [number, number]> {
  let run = true;
  const load = Array.from({ length: 4 }, async () => {
    while (run) await rest.send(large);
  });
  const times: number[] = [];
  for (let i = 0; i < 200; i++) {
    const begun = performance.now();
    await rest.send(small);
    times.push(performance.now() - begun);
  }
  run = false;
  await Promise.all(load);
  return [quantile(times, 0.5), quantile(times, 0.99)];
}

function quantile(values: readonly number[], part: number): number {
  return percentile(Float64Array.from(values), part);
}

await using asterisk = await startAsterisk();
await using socket = await openSocket(asterisk);
using http = createRest({ ...asterisk, url: asterisk.httpUrl });
using aside = createRest({ ...asterisk, url: asterisk.httpUrl });
const ways = { "HTTP": http, "WebSocket": socket.rest };
const figures = new Map<string, number[]>();
const note = (name: string, value: number) => {
  figures.set(name, [...figures.get(name) ?? [], value]);
};
for (let round = 0; round <= ROUNDS; round++) {
  for (const [way, rest] of Object.entries(ways)) {
    const p50 = await alone(rest);
    const [rate, cpu] = await together(rest);
    if (round === 0) continue;
    note(`${way}: alone, p50, µs`, p50);
    note(`${way}: 64 under way, requests/s`, rate);
    note(`${way}: CPU ms per 1,000`, cpu);
  }
}
for (let i = 0; i < CHANNELS; i++) {
  const query = "endpoint=Local%2Fanswer%40demo&extension=answer&context=demo&priority=1";
  await http.send({ method: "POST", path: "/channels", query });
}
const size = (await http.send(large)).body.length;
for (let round = 0; round <= ROUNDS; round++) {
  for (const [way, rest] of Object.entries(ways)) {
    const [p50, p99] = await latency(rest, { http: aside, socket });
    const [pingP50, pingP99] = await beside(rest);
    if (round === 0) continue;
    note(`${way}: small request beside four large ones, p50, ms`, pingP50);
    note(`${way}: small request beside four large ones, p99, ms`, pingP99);
    note(`${way}: event beside answers of ${Math.round(size / 1_000)} KB, p50, ms`, p50);
    note(`${way}: event beside answers of ${Math.round(size / 1_000)} KB, p99, ms`, p99);
  }
}
for (const [name, values] of figures) {
  console.log(`${name.padEnd(60)} ${quantile(values, 0.5).toFixed(2)}`);
}
