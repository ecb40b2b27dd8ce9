import assert from "node:assert/strict";
import { mock } from "node:test";
import { type MetricSources, observedMetrics, readMetrics } from "../../src/health/metrics.ts";
import { createMetrics } from "../../src/health/prometheus.ts";
import { Readiness } from "../../src/health/readiness.ts";
import { createCounters } from "../../src/server/metrics.ts";
import { markdownTable } from "../testing/markdown_table.ts";

const docs = new URL("../../docs/operations.md", import.meta.url);
const dashboard = new URL("../../packaging/grafana/ari-proxy.json", import.meta.url);

function figures(): MetricSources & { readonly readiness: Readiness } {
  return {
    version: "1.2.3",
    started: new Date(1_700_000_000_000),
    readiness: new Readiness(),
    busPending: () => 12,
    logLinesDropped: () => 0,
    proxy: () => undefined,
  };
}

/** Names of all that a text has, those that a histogram makes included. */
function namesIn(text: string): Set<string> {
  return new Set(Array.from(text.matchAll(/^([a-z_]+)[ {]/gm), ([, name]) => name));
}

Deno.test("metrics have the values of a proxy, and zeros before there is one", async () => {
  const known = figures();
  {
    using metrics = createMetrics(known);
    const text = await metrics.text();
    assert.match(text, /^ari_proxy_build_info\{version="1\.2\.3"\} 1$/m);
    assert.match(text, /^ari_proxy_events_received_total 0$/m);
    assert.match(text, /^ari_proxy_bus_pending_bytes 12$/m);
    assert.match(text, /^process_start_time_seconds 1700000000$/m);
    assert.match(text, /^ari_proxy_connected\{to="bus"\} 0$/m);
    assert.doesNotMatch(text, /^ari_proxy_serving_info\{/m);
  }
  known.readiness.up("bus");
  const proxy = {
    counters: { ...createCounters(), eventsReceived: 5, eventsDropped: 2 },
    gauges: {
      asterisks: 2,
      queuedMessages: 1,
      queuedBytes: 100,
      queueLimitBytes: 1_000,
      requestsInFlight: 3,
      requestsWaiting: 2,
      cachedReplies: 7,
      historyBytes: 65_536,
      boundEntities: 4,
      unrestoredSubscriptions: 6,
    },
    selves: [{ app: 'a"b', node: "n1" }, { app: "c", node: "n1" }],
  };
  using metrics = createMetrics({ ...known, proxy: () => proxy });
  const text = await metrics.text();
  for (
    const line of [
      "ari_proxy_events_received_total 5",
      "ari_proxy_events_dropped_total 2",
      "ari_proxy_asterisks_connected 2",
      "ari_proxy_outbox_bytes 100",
      "ari_proxy_outbox_limit_bytes 1000",
      "ari_proxy_requests_under_way 3",
      "ari_proxy_unrestored_sources 6",
      "ari_proxy_requests_waiting 2",
      "ari_proxy_answers_remembered 7",
      "ari_proxy_history_bytes 65536",
      'ari_proxy_connected{to="bus"} 1',
      'ari_proxy_serving_info{application="a\\"b",node="n1"} 1',
      'ari_proxy_serving_info{application="c",node="n1"} 1',
    ]
  ) assert.ok(text.includes(`\n${line}\n`), line);
});

Deno.test("metrics count requests by kind and outcome, and by the time they took", async () => {
  using metrics = createMetrics(figures());
  metrics.onRequest("ChannelAnswer", "ok", 3);
  metrics.onRequest("ChannelAnswer", "not_found", 30);
  metrics.onRequest("unknown", "invalid", 0);
  const text = await metrics.text();
  assert.match(text, /^ari_proxy_requests_total\{kind="ChannelAnswer",outcome="ok"\} 1$/m);
  assert.match(text, /^ari_proxy_requests_total\{kind="ChannelAnswer",outcome="not_found"\} 1$/m);
  assert.match(text, /_seconds_bucket\{le="0\.005",kind="ChannelAnswer"\} 1$/m);
  assert.match(text, /_seconds_sum\{kind="ChannelAnswer"\} 0\.033$/m);
});

Deno.test("metrics are made once for many scrapes at a time", async () => {
  let looks = 0;
  using metrics = createMetrics({ ...figures(), busPending: () => looks++ });
  const texts = await Promise.all(Array.from({ length: 100 }, () => metrics.text()));
  assert.deepEqual([new Set(texts).size, looks], [1, 1]);
});

Deno.test("metrics measure the delay of the event loop", async () => {
  mock.timers.enable({ apis: ["setInterval"] });
  try {
    using metrics = createMetrics(figures());
    mock.timers.tick(100);
    mock.timers.tick(100);
    assert.match(await metrics.text(), /^ari_proxy_event_loop_delay_seconds_count 2$/m);
  } finally {
    mock.timers.reset();
  }
});

// `deno test -A tests/health/prometheus_test.ts -- --update` writes the table instead of comparing it.
Deno.test("the docs have the table of metrics", async () => {
  const rows = Object.entries({ ...readMetrics, ...observedMetrics }).map(([name, row]) => [
    `\`${name}\``,
    row.type,
    "labels" in row ? (row.labels ?? []).map((label) => `\`${label}\``).join(", ") : "",
    row.help,
  ]);
  const table = markdownTable(["metric", "type", "labels", "what"], rows);
  const place = /^\| metric .*\n(?:\|.*\n)*/m;
  const text = await Deno.readTextFile(docs);
  if (Deno.args.includes("--update")) {
    await Deno.writeTextFile(docs, text.replace(place, () => table));
  } else {
    assert.equal(place.exec(text)?.[0], table);
  }
});

Deno.test("the dashboard asks for metrics that exist, with labels that they have", async () => {
  using metrics = createMetrics(figures());
  metrics.onRequest("ChannelAnswer", "ok", 1);
  const proxy = { app: "a", node: "n" };
  const exist = namesIn(await metrics.text()).add("ari_proxy_serving_info");
  assert.ok(proxy);
  const expressions = expressionsOf(JSON.parse(await Deno.readTextFile(dashboard)));
  assert.ok(expressions.length >= 15, `there are ${expressions.length} queries`);
  const asked = new Set(
    expressions.flatMap((text) => text.match(/\b(?:ari_proxy|process)_[a-z_]+\b/g) ?? []),
  );
  for (const name of asked) assert.ok(exist.has(name), `the dashboard asks for ${name}`);
  const labels = Object.values({ ...readMetrics, ...observedMetrics })
    .flatMap((row) => "labels" in row ? row.labels ?? [] : []);
  const known = new Set<string>([...labels, "instance", "job", "le"]);
  for (const expression of expressions) {
    for (const [, names] of expression.matchAll(/\bby ?\(([^)]*)\)/g)) {
      for (const name of names.split(/, */)) assert.ok(known.has(name), `${name}: ${expression}`);
    }
  }
  const counters = [...exist].filter((name) => /^ari_proxy_.*_total$/.test(name));
  assert.deepEqual(counters.filter((name) => !asked.has(name)), [], "counters without a panel");
});

/** Every query of a dashboard, wherever it stands. */
function expressionsOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === "expr" && typeof member === "string" ? [member] : expressionsOf(member)
  );
}
