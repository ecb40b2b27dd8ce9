import assert from "node:assert/strict";
import { InProcessBroker } from "../../src/bus/memory.ts";
import { Requester } from "../../src/client/requester.ts";
import type { AriProxyError } from "../../src/protocol/errors.ts";
import { isObject } from "../../src/protocol/json.ts";
import { kindRows } from "../../src/protocol/kinds/kinds.ts";
import { decodeRequest } from "../../src/protocol/request.ts";
import { ProxyFixture } from "../testing/proxy_fixture.ts";
import { type Exchange, type RequestVector, vectors } from "../testing/vectors.ts";

interface RoutingVector extends RequestVector {
  readonly client?: { readonly error: string | null; readonly value?: unknown };
}

const nodes = [
  { app: "calls", node: "02:42:ac:11:00:0a" },
  { app: "calls", node: "02:42:ac:11:00:0b" },
  { app: "other", node: "02:42:ac:11:00:0c" },
];

for (const vector of vectors<RoutingVector>("routing", ({ name }) => name)) {
  Deno.test(`three proxies and a client do as in routing: ${vector.name}`, async () => {
    const broker = new InProcessBroker();
    await using _proxies = new AsyncDisposableStack();
    const proxies: ProxyFixture[] = [];
    for (const { app, node } of nodes) {
      const options = { broker, app, node, drainTimeout: 50 };
      proxies.push(_proxies.use(await ProxyFixture.start(options)));
    }
    const [exchange] = vector.exchanges;
    script(proxies, exchange);
    slow[vector.name]?.forEach((i) => proxies[i].asterisk.hang(() => true));
    using client = new Requester(proxies[0].bus, { timeout: 300, nodes: { settleTime: 20 } });
    await client.nodes.settled;

    const { error, keys } = await outcome(client, exchange.request);
    // Ours tells what Asterisk said, too.
    assert.ok(vector.client);
    assert.equal(error?.startsWith(vector.client.error ?? "") ?? null, vector.client.error && true);
    const wanted = keysOf(vector.client.value);
    if (wanted) assert.deepEqual(keys.map(show).sort(), wanted.map(show).sort());

    const calls = proxies.flatMap(({ asterisk }) =>
      asterisk.calls.map(({ method, path }) => `${method} ${path}`)
    );
    assert.deepEqual(
      calls.filter((call) => call !== "GET /asterisk/info").sort(),
      exchange.rest.map(({ method, path }) => `${method} ${path}`).sort(),
    );
  });
}

/** Which proxies' Asterisks do not answer in time, by the name of the vector. */
const slow: Readonly<Record<string, readonly number[]>> = {
  "broadcast-timeout": [0, 1],
  "list-one-is-slow": [1],
};

/** The keys that the client of a vector got. */
function keysOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  return isObject(value) && Array.isArray(value.keys) ? value.keys : undefined;
}

/** Lets each Asterisk answer as its node does in the vector; any one of them to what is made. */
function script(proxies: readonly ProxyFixture[], { rest, subject }: Exchange): void {
  proxies.forEach(({ asterisk }, i) => {
    const { node } = nodes[i];
    const own = rest.filter((call) => subject.startsWith("ari.create") || call.node === node);
    asterisk.answer(own.map(({ reply }) => reply));
  });
}

function show(key: unknown): string {
  return JSON.stringify(Object.entries(key ?? {}).sort());
}

async function outcome(client: Requester, text: string) {
  const { kind, key, payload } = decodeRequest(new TextEncoder().encode(text));
  try {
    if (kindRows[kind].reply !== "keys") {
      await client.request(kind, key, payload);
      return { error: null, keys: [] };
    }
    const { responses } = await client.gather(kind, key, payload);
    return { error: null, keys: responses.flatMap(({ keys = [] }) => keys) };
  } catch (error) {
    return { error: (error as AriProxyError).message, keys: [] };
  }
}
