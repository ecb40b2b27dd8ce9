/**
 * The metrics as text, in the format of Prometheus. This module is loaded only where metrics are served,
 * since loading the library takes time.
 *
 * @module
 */
import client from "prom-client";
import { type MetricSources, observedMetrics, type ReadMetric, readMetrics } from "./metrics.ts";

/** How long a text is reused, in milliseconds: a flood of scrapes costs no more than a few. */
const maxAge = 250;

/** Metrics, until they are disposed of. */
export interface Metrics extends Disposable {
  /** MIME type of the text. */
  readonly contentType: string;
  /** Records a request that was answered, with the time that took, in milliseconds. */
  onRequest(kind: string, outcome: string, time: number): void;
  /** All of them. */
  text(): Promise<string>;
}

/** Creates the metrics. */
export function createMetrics(sources: MetricSources): Metrics {
  const registers = [new client.Registry()];
  const [registry] = registers;
  for (const [name, metric] of Object.entries(readMetrics)) {
    register(name, metric, registers, sources);
  }
  const requests = new client.Counter({
    ...described("ari_proxy_requests_total"),
    registers,
  });
  const durations = new client.Histogram({
    ...described("ari_proxy_request_duration_seconds"),
    registers,
  });
  const delays = new client.Histogram({
    ...described("ari_proxy_event_loop_delay_seconds"),
    registers,
  });
  const watch = watchEventLoop((seconds) => delays.observe(seconds));
  let latest: { readonly text: Promise<string>; readonly at: number } | undefined;
  return {
    contentType: registry.contentType,
    onRequest(kind, outcome, time) {
      requests.inc({ kind, outcome });
      durations.observe({ kind }, time / 1_000);
    },
    text() {
      const now = performance.now();
      if (!latest || now - latest.at > maxAge) latest = { text: registry.metrics(), at: now };
      return latest.text;
    },
    [Symbol.dispose]() {
      watch[Symbol.dispose]();
      registry.clear();
    },
  };
}

function described(name: keyof typeof observedMetrics) {
  const row = observedMetrics[name];
  return {
    name,
    help: row.help,
    labelNames: "labels" in row ? [...row.labels] : [],
    ...("buckets" in row && { buckets: [...row.buckets] }),
  };
}

/** Registers a metric that the library reads whenever the text is made. */
function register(
  name: string,
  { type, help, labels = [], read }: ReadMetric,
  registers: client.Registry[],
  sources: MetricSources,
): void {
  const common = { name, help, labelNames: [...labels], registers };
  const samples = () => {
    const found = read(sources);
    return typeof found === "number" ? [{ value: found, labels: {} }] : found;
  };
  if (type === "gauge") {
    new client.Gauge({
      ...common,
      collect() {
        this.reset();
        for (const { labels = {}, value } of samples()) this.set(labels, value);
      },
    });
  } else {
    new client.Counter({
      ...common,
      collect() {
        this.reset();
        for (const { labels = {}, value } of samples()) this.inc(labels, value);
      },
    });
  }
}

/** Time between two measurements of the event loop, in milliseconds. */
const interval = 100;

/**
 * Measures how late a timer is: everything else has to wait that long as well.
 *
 * @param observe Called with each delay, in seconds.
 */
function watchEventLoop(observe: (seconds: number) => void): Disposable {
  let due = performance.now() + interval;
  const timer = setInterval(() => {
    const now = performance.now();
    observe(Math.max(0, now - due) / 1_000);
    due = now + interval;
  }, interval);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
