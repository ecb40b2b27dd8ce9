/**
 * The metrics of the program, in one table. `/metrics` and the table in docs/operations.md are made
 * from it, so a new metric is a row here.
 *
 * @module
 */
import process from "node:process";
import type { Levels, Stats } from "../server/metrics.ts";
import { parts, type Readiness } from "./readiness.ts";

/** A value, and which of the things with the name of the metric it belongs to. */
interface Sample {
  /** The value. */
  readonly value: number;
  /** A value for each label of the metric. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A metric that is looked up when somebody asks for it. */
export interface ReadMetric {
  /** Counters never fall while the process lives, gauges do. */
  readonly type: "counter" | "gauge";
  /** What it is, with its unit. */
  readonly help: string;
  /** Names of its labels. @default none */
  readonly labels?: readonly string[];
  /** Its values at this moment. */
  readonly read: (figures: Figures) => number | readonly Sample[];
}

/** A metric that is made of what happens, at the moment when it happens. */
interface ObservedMetric {
  /** Counters count; histograms count by size as well. */
  readonly type: "counter" | "histogram";
  /** What it is, with its unit. */
  readonly help: string;
  /** Names of its labels. @default none */
  readonly labels?: readonly string[];
  /** Upper bounds of the sizes that a histogram tells apart. */
  readonly buckets?: readonly number[];
}

const ofProxy = (read: (proxy: ProxyFigures) => number) => ({ proxy }: Figures): number => {
  const running = proxy();
  return running ? read(running) : 0;
};

/** What is looked up. */
export const readMetrics: Readonly<Record<string, ReadMetric>> = {
  ari_proxy_build_info: {
    type: "gauge",
    help: "Always 1; the version of the program is in the label",
    labels: ["version"],
    read: ({ version }) => [{ labels: { version }, value: 1 }],
  },
  ari_proxy_serving_info: {
    type: "gauge",
    help: "Always 1; one for each application that is served, and absent while Asterisk is away",
    labels: ["application", "node"],
    read: ({ proxy }) =>
      (proxy()?.selves ?? []).map(({ app, node }) => ({
        labels: { application: app, node },
        value: 1,
      })),
  },
  ari_proxy_ready: {
    type: "gauge",
    help: "1 when bus and Asterisk are connected and the program is not about to end, else 0",
    read: ({ readiness }) => Number(readiness.ready),
  },
  ari_proxy_connected: {
    type: "gauge",
    help:
      "1 while the connection stands, else 0; with --listen 1 for asterisk while Asterisks can dial",
    labels: ["to"],
    read: ({ readiness }) =>
      parts.map((to) => ({ labels: { to }, value: Number(readiness.has(to)) })),
  },
  ari_proxy_asterisks_connected: {
    type: "gauge",
    help: "Asterisks that are connected; more than 1 only where they dial",
    read: ofProxy(({ levels }) => levels.asterisks),
  },
  ari_proxy_reconnects_total: {
    type: "counter",
    help: "Connections that came back after a loss",
    labels: ["to"],
    read: ({ readiness }) =>
      parts.map((to) => ({ labels: { to }, value: readiness.reconnects(to) })),
  },
  ari_proxy_events_received_total: {
    type: "counter",
    help: "Events that came from Asterisk",
    read: ofProxy(({ stats }) => stats.eventsReceived),
  },
  ari_proxy_events_published_total: {
    type: "counter",
    help: "Messages with events that the bus accepted, copies for dialogs included",
    read: ofProxy(({ stats }) => stats.eventsPublished),
  },
  ari_proxy_events_dropped_total: {
    type: "counter",
    help:
      "Messages with events that were given up: the buffer was full, the event too large, or its " +
      "application one too many",
    read: ofProxy(({ stats }) => stats.eventsLost),
  },
  ari_proxy_events_doubtful_total: {
    type: "counter",
    help: "Events that were under way when the connection to the bus broke, and may have arrived",
    read: ofProxy(({ stats }) => stats.eventsDoubtful),
  },
  ari_proxy_gaps_total: {
    type: "counter",
    help: "Notices to listeners that events are missing, one for each application and node",
    read: ofProxy(({ stats }) => stats.gaps),
  },
  ari_proxy_requests_received_total: {
    type: "counter",
    help: "Requests that came from the bus",
    read: ofProxy(({ stats }) => stats.requestsReceived),
  },
  ari_proxy_reply_subjects_refused_total: {
    type: "counter",
    help:
      "Requests that were not carried out because their reply subject belongs to the protocol or to " +
      "the bus server",
    read: ofProxy(({ stats }) => stats.replySubjectsRefused),
  },
  ari_proxy_requests_under_way: {
    type: "gauge",
    help: "Requests that have not been answered yet",
    read: ofProxy(({ levels }) => levels.requestsUnderWay),
  },
  ari_proxy_requests_waiting: {
    type: "gauge",
    help: "Requests that wait for a connection to Asterisk",
    read: ofProxy(({ levels }) => levels.requestsWaiting),
  },
  ari_proxy_answers_remembered: {
    type: "gauge",
    help: "Answers that are kept for who sends a request again",
    read: ofProxy(({ levels }) => levels.answersRemembered),
  },
  ari_proxy_answers_dropped_total: {
    type: "counter",
    help: "Answers that the bus did not take",
    read: ofProxy(({ stats }) => stats.answersLost),
  },
  ari_proxy_outbox_messages: {
    type: "gauge",
    help: "Messages with events that wait for the bus",
    read: ofProxy(({ levels }) => levels.waitingMessages),
  },
  ari_proxy_outbox_bytes: {
    type: "gauge",
    help: "Size of the messages with events that wait for the bus, in bytes",
    read: ofProxy(({ levels }) => levels.waitingBytes),
  },
  ari_proxy_outbox_limit_bytes: {
    type: "gauge",
    help: "Size at which the oldest of them are given up, in bytes",
    read: ofProxy(({ levels }) => levels.waitingBytesLimit),
  },
  ari_proxy_history_bytes: {
    type: "gauge",
    help: "Memory that the events take which are kept for who comes late, in bytes",
    read: ofProxy(({ levels }) => levels.historyBytes),
  },
  ari_proxy_bus_pending_bytes: {
    type: "gauge",
    help: "Bytes that the bus accepted and that are not known to have reached its server",
    read: ({ busPending }) => busPending(),
  },
  ari_proxy_bound_entities: {
    type: "gauge",
    help: "Channels, bridges and the like that are bound to a dialog",
    read: ofProxy(({ levels }) => levels.boundEntities),
  },
  ari_proxy_unrestored_sources: {
    type: "gauge",
    help: "What clients had subscribed to, and Asterisk does not send events of again yet",
    read: ofProxy(({ levels }) => levels.unrestoredSources),
  },
  ari_proxy_dialog_bindings_dropped_total: {
    type: "counter",
    help:
      "Bindings to dialogs that ended while what was bound may live: there were too many, or no event " +
      "of it for a day",
    read: ofProxy(({ stats }) => stats.bindingsDropped),
  },
  ari_proxy_log_lines_dropped_total: {
    type: "counter",
    help:
      "Lines of the log that were given up, since nobody read them or they could not be written",
    read: ({ logLinesDropped }) => logLinesDropped(),
  },
  process_start_time_seconds: {
    type: "gauge",
    help: "When the process began, in seconds since 1970",
    read: ({ started }) => started.getTime() / 1_000,
  },
  process_cpu_seconds_total: {
    type: "counter",
    help: "Time of processors that the process took, in seconds",
    read: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
  },
  process_resident_memory_bytes: {
    type: "gauge",
    help: "Memory that the process holds, in bytes",
    read: () => Deno.memoryUsage().rss,
  },
  ari_proxy_heap_used_bytes: {
    type: "gauge",
    help: "Memory that its objects take, in bytes",
    read: () => Deno.memoryUsage().heapUsed,
  },
};

/** What is observed. */
export const observedMetrics = {
  ari_proxy_requests_total: {
    type: "counter",
    help:
      "Requests that were answered, by kind (unknown for what is no request) and by outcome: ok or " +
      "the code of the error",
    labels: ["kind", "outcome"],
  },
  ari_proxy_request_duration_seconds: {
    type: "histogram",
    help: "Time from the arrival of a request to its answer, in seconds",
    labels: ["kind"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
  ari_proxy_event_loop_delay_seconds: {
    type: "histogram",
    help:
      "How late a timer came, ten times a second, in seconds; from 0.1 s on events may get lost",
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
  },
} as const satisfies Readonly<Record<string, ObservedMetric>>;

/** What the metrics are made of, looked at when somebody asks for them. */
export interface Figures {
  /** Version of the program. */
  readonly version: string;
  /** When the process began. */
  readonly started: Date;
  /** Whether bus and Asterisk are there. */
  readonly readiness: Readiness;
  /** Bytes that the connection to the bus holds; 0 without one. */
  busPending(): number;
  /** Lines of the log that nobody read in time. */
  logLinesDropped(): number;
  /** The proxy; undefined until the bus has been reached for the first time. */
  proxy(): ProxyFigures | undefined;
}

/** What is asked of a proxy. */
export interface ProxyFigures {
  /** What it has done so far. */
  readonly stats: Readonly<Stats>;
  /** What it holds at this moment. */
  readonly levels: Levels;
  /** What it serves; nothing while Asterisk is away. */
  readonly selves: readonly { readonly app: string; readonly node: string }[];
}
