/**
 * What is counted and measured of a proxy: a row for each counter and gauge. `/metrics` and the table in
 * docs/operations.md are made of these rows (and of those in `health/metrics.ts`, which are about the
 * program around it).
 *
 * @module
 */
import type { AnnouncedCounts } from "../protocol/announcement.ts";

/** What has happened since the start of a proxy. Code that counts increments a member of `counters`. */
export const counterRows = {
  eventsReceived: {
    metric: "ari_proxy_events_received_total",
    help: "Events received from Asterisk",
  },
  eventsPublished: {
    metric: "ari_proxy_events_published_total",
    help: "Messages with events that the bus accepted, copies for dialogs included",
  },
  eventsDropped: {
    metric: "ari_proxy_events_dropped_total",
    help:
      "Messages with events that were dropped: the queue was full, the event was too large, or " +
      "its application was beyond the limit",
  },
  eventsUnconfirmed: {
    metric: "ari_proxy_events_doubtful_total",
    help: "Events that were in flight when the connection to the bus broke, and may be lost",
  },
  gapNotices: {
    metric: "ari_proxy_gaps_total",
    help: "Notices to listeners that events are missing, one for each application and node",
  },
  requestsReceived: {
    metric: "ari_proxy_requests_received_total",
    help: "Requests received from the bus",
  },
  requestsFailed: {
    metric: undefined,
    help: "Requests that were answered with an error; by code in ari_proxy_requests_total",
  },
  requestsDenied: {
    metric: undefined,
    help: "Requests that the policy does not allow; also in ari_proxy_requests_total",
  },
  replySubjectsRefused: {
    metric: "ari_proxy_reply_subjects_refused_total",
    help:
      "Requests that were not carried out because their reply subject belongs to the protocol " +
      "or to the bus server",
  },
  repliesDropped: {
    metric: "ari_proxy_answers_dropped_total",
    help: "Responses that the bus did not accept",
  },
  bindingsDropped: {
    metric: "ari_proxy_dialog_bindings_dropped_total",
    help:
      "Bindings to dialogs that ended before their entity was known to have ended: there were " +
      "too many, or the entity had no event for a day",
  },
} as const satisfies Readonly<Record<string, CounterRow>>;

/** What a proxy has at a moment, and where that is read. */
export const gaugeRows = {
  asterisks: {
    metric: "ari_proxy_asterisks_connected",
    help: "Connected Asterisks; more than 1 only where they connect to the proxy",
    read: ({ connected }) => Number(connected),
  },
  requestsInFlight: {
    metric: "ari_proxy_requests_under_way",
    help: "Requests that have not been answered yet",
    read: ({ dispatch }) => dispatch.inFlight,
  },
  requestsWaiting: {
    metric: "ari_proxy_requests_waiting",
    help: "Requests that wait for a connection to Asterisk",
    read: ({ link }) => link.rest.waiting,
  },
  cachedReplies: {
    metric: "ari_proxy_answers_remembered",
    help: "Responses that are kept for retried requests",
    read: ({ dispatch }) => dispatch.cachedReplies,
  },
  queuedMessages: {
    metric: "ari_proxy_outbox_messages",
    help: "Messages with events that are queued for the bus",
    read: ({ events }) => events.outbox.queued,
  },
  queuedBytes: {
    metric: "ari_proxy_outbox_bytes",
    help: "Size of the messages with events that are queued for the bus, in bytes",
    read: ({ events }) => events.outbox.bytes,
  },
  queueLimitBytes: {
    metric: "ari_proxy_outbox_limit_bytes",
    help: "Size of that queue at which its oldest messages are dropped, in bytes",
    read: ({ events }) => events.outbox.limit,
  },
  historyBytes: {
    metric: "ari_proxy_history_bytes",
    help: "Memory used by the event history, in bytes",
    read: ({ events }) => events.historyBytes,
  },
  boundEntities: {
    metric: "ari_proxy_bound_entities",
    help: "Channels, bridges and other entities that are bound to a dialog",
    read: ({ dialogs }) => dialogs.size,
  },
  unrestoredSubscriptions: {
    metric: "ari_proxy_unrestored_sources",
    help: "Event subscriptions and filters that Asterisk lost and that are not restored yet",
    read: ({ events }) => events.unrestored,
  },
} as const satisfies Readonly<Record<string, GaugeRow>>;

interface CounterRow {
  /** Name of the metric; undefined when it is not exported as a metric. */
  readonly metric: string | undefined;
  /** What it is, with its unit. */
  readonly help: string;
}

interface GaugeRow extends CounterRow {
  readonly metric: string;
  readonly read: (proxy: Measured) => number;
}

/** The parts of a proxy of which something is measured. */
interface Measured {
  /** Whether Asterisk is connected. */
  readonly connected: boolean;
  readonly dialogs: { readonly size: number };
  readonly dispatch: { readonly inFlight: number; readonly cachedReplies: number };
  readonly events: {
    readonly outbox: { readonly queued: number; readonly bytes: number; readonly limit: number };
    readonly historyBytes: number;
    readonly unrestored: number;
  };
  readonly link: { readonly rest: { readonly waiting: number } };
}

/** The counters of a proxy. */
export type Counters = Record<keyof typeof counterRows, number>;

/** The gauges of a proxy. */
export type Gauges = Readonly<Record<keyof typeof gaugeRows, number>>;

export function createCounters(): Counters {
  return valuesOf(counterRows, () => 0);
}

/** Reads all gauges. */
export function readGauges(proxy: Measured): Gauges {
  return valuesOf(gaugeRows, ({ read }) => read(proxy));
}

/** The sums of several counters, such as those of the proxies in one process. */
export function sumCounters(all: readonly Readonly<Counters>[]): Counters {
  return valuesOf(counterRows, (_, name) => all.reduce((sum, counters) => sum + counters[name], 0));
}

/** The sums of several gauges. */
export function sumGauges(all: readonly Gauges[]): Gauges {
  return valuesOf(gaugeRows, (_, name) => all.reduce((sum, gauges) => sum + gauges[name], 0));
}

/** The counters that a proxy announces. */
export function announcedCounts(counters: Readonly<Counters>): AnnouncedCounts {
  return {
    events: counters.eventsReceived,
    lost: counters.eventsDropped,
    gaps: counters.gapNotices,
    requests: counters.requestsReceived,
    failed: counters.requestsFailed,
  };
}

function valuesOf<Rows extends object>(
  rows: Rows,
  valueOf: (row: Rows[keyof Rows], name: keyof Rows) => number,
): Record<keyof Rows, number> {
  const names = Object.keys(rows) as (keyof Rows)[];
  return Object.fromEntries(
    names.map((name) => [name, valueOf(rows[name], name)]),
  ) as Record<keyof Rows, number>;
}
