/**
 * The metrics of the program, a row each; those of a proxy are rows of `server/metrics.ts`. `/metrics`
 * and the table in docs/operations.md are made of them.
 *
 * @module
 */
import process from "node:process";
import { counterRows, type Counters, gaugeRows, type Gauges } from "../server/metrics.ts";
import { connections, type Readiness } from "./readiness.ts";

/** What metrics are read from when they are requested. */
export interface MetricSources {
  /** Version of the program. */
  readonly version: string;
  /** When the process started. */
  readonly started: Date;
  readonly readiness: Readiness;
  /** Bytes that are pending on the connection to the bus; 0 without one. */
  busPending(): number;
  /** Log lines that were dropped. */
  logLinesDropped(): number;
  /** The proxy; undefined until the bus has been connected for the first time. */
  proxy(): MeasuredProxy | undefined;
}

/** What is read from a proxy. */
export interface MeasuredProxy {
  readonly counters: Readonly<Counters>;
  readonly gauges: Gauges;
  /** What it serves; empty while Asterisk is not connected. */
  readonly selves: readonly { readonly app: string; readonly node: string }[];
}

/** A metric whose values are read when they are requested. */
export interface ReadMetric {
  /** Counters never fall while the process lives, gauges do. */
  readonly type: "counter" | "gauge";
  /** What it is, with its unit. */
  readonly help: string;
  /** @default none */
  readonly labels?: readonly string[];
  readonly read: (sources: MetricSources) => number | readonly Sample[];
}

interface Sample {
  readonly value: number;
  /** A value for each label of the metric. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A metric that is updated by what happens. */
interface ObservedMetric {
  readonly type: "counter" | "histogram";
  /** What it is, with its unit. */
  readonly help: string;
  /** @default none */
  readonly labels?: readonly string[];
  /** Upper bounds of the buckets of a histogram. */
  readonly buckets?: readonly number[];
}

/** The metrics that are read. */
export const readMetrics: Readonly<Record<string, ReadMetric>> = {
  ari_proxy_build_info: {
    type: "gauge",
    help: "Always 1; the version of the program is in the label",
    labels: ["version"],
    read: ({ version }) => [{ labels: { version }, value: 1 }],
  },
  ari_proxy_serving_info: {
    type: "gauge",
    help:
      "Always 1; one for each application that is served, absent while Asterisk is not connected",
    labels: ["application", "node"],
    read: ({ proxy }) =>
      (proxy()?.selves ?? []).map(({ app, node }) => ({
        labels: { application: app, node },
        value: 1,
      })),
  },
  ari_proxy_ready: {
    type: "gauge",
    help: "1 when bus and Asterisk are connected and the program is not shutting down, else 0",
    read: ({ readiness }) => Number(readiness.ready),
  },
  ari_proxy_connected: {
    type: "gauge",
    help: "1 while connected, else 0; with --listen 1 for asterisk while Asterisks can connect",
    labels: ["to"],
    read: ({ readiness }) =>
      connections.map((to) => ({ labels: { to }, value: Number(readiness.isConnected(to)) })),
  },
  ari_proxy_reconnects_total: {
    type: "counter",
    help: "Connections that were restored after a loss",
    labels: ["to"],
    read: ({ readiness }) =>
      connections.map((to) => ({ labels: { to }, value: readiness.reconnects(to) })),
  },
  ...proxyMetrics(),
  ari_proxy_bus_pending_bytes: {
    type: "gauge",
    help: "Bytes that the bus accepted and that are not known to have reached its server",
    read: ({ busPending }) => busPending(),
  },
  ari_proxy_log_lines_dropped_total: {
    type: "counter",
    help: "Log lines that were dropped because they were not read in time or could not be written",
    read: ({ logLinesDropped }) => logLinesDropped(),
  },
  process_start_time_seconds: {
    type: "gauge",
    help: "When the process started, in seconds since 1970",
    read: ({ started }) => started.getTime() / 1_000,
  },
  process_cpu_seconds_total: {
    type: "counter",
    help: "CPU time that the process used, in seconds",
    read: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
  },
  process_resident_memory_bytes: {
    type: "gauge",
    help: "Resident memory of the process, in bytes",
    read: () => Deno.memoryUsage().rss,
  },
  ari_proxy_heap_used_bytes: {
    type: "gauge",
    help: "Memory used by its objects, in bytes",
    read: () => Deno.memoryUsage().heapUsed,
  },
};

/** The metrics that are observed. */
export const observedMetrics = {
  ari_proxy_requests_total: {
    type: "counter",
    help:
      "Requests that were answered, by kind (unknown for what is not a request) and by outcome: " +
      "ok or the code of the error",
    labels: ["kind", "outcome"],
  },
  ari_proxy_request_duration_seconds: {
    type: "histogram",
    help: "Time from the receipt of a request to its response, in seconds",
    labels: ["kind"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
  ari_proxy_event_loop_delay_seconds: {
    type: "histogram",
    help: "How late a timer was, ten times a second, in seconds; from 0.1 s on events may be lost",
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
  },
} as const satisfies Readonly<Record<string, ObservedMetric>>;

/** The metrics of a proxy: 0 before there is one. */
function proxyMetrics(): Record<string, ReadMetric> {
  const metrics: Record<string, ReadMetric> = {};
  for (const [name, { metric, help }] of typedEntries(counterRows)) {
    if (metric === undefined) continue;
    const read = ({ proxy }: MetricSources) => proxy()?.counters[name] ?? 0;
    metrics[metric] = { type: "counter", help, read };
  }
  for (const [name, { metric, help }] of typedEntries(gaugeRows)) {
    const read = ({ proxy }: MetricSources) => proxy()?.gauges[name] ?? 0;
    metrics[metric] = { type: "gauge", help, read };
  }
  return metrics;
}

function typedEntries<T extends object>(object: T): [keyof T, T[keyof T]][] {
  return Object.entries(object) as [keyof T, T[keyof T]][];
}
