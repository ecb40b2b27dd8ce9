import type { RawEvent } from "../../ari/asterisk_link.ts";
import type { Bus } from "../../bus/bus.ts";
import { inTime } from "../../common/in_time.ts";
import type { Log } from "../../common/log.ts";
import type { ThrottledLog } from "../../common/throttle.ts";
import type { EventHistoryData, EventHistoryPayload } from "../../protocol/kinds/event_history.ts";
import type { Coordinates } from "../../protocol/key.ts";
import type { PerformContext } from "../../protocol/kinds/engine.ts";
import type { ApplicationRegistry } from "../application_registry.ts";
import type { Dialogs } from "../dialogs.ts";
import type { Counters } from "../metrics.ts";
import { AsteriskSubscriptions, Restoration } from "./asterisk_subscriptions.ts";
import { AsteriskDowntime } from "./downtime.ts";
import { createForward } from "./forward.ts";
import { History, type HistoryOptions } from "./history.ts";
import { type DropReason, Outbox } from "./outbox.ts";
import { NumberedStreams } from "./numbering.ts";

interface EventFlowOptions {
  readonly applications: ApplicationRegistry;
  /** The Asterisk, with its node at this moment. */
  readonly asterisk: { readonly node: string };
  /** Whether the node has another name than Asterisk gives it in its events. */
  readonly rename: boolean;
  readonly bus: Bus;
  /** Sends a request to Asterisk. It rejects when Asterisk cannot be reached. */
  readonly send: PerformContext["send"];
  /** Dialogs that get copies of events. */
  readonly dialogs: Dialogs;
  readonly counters: Counters;
  readonly log: Log;
  readonly warnings: ThrottledLog;
  /** How many of the last events are kept. */
  readonly history?: HistoryOptions;
}

/** How often the bus is tried again while events are queued, in milliseconds. */
const retryInterval = 250;

const dropTexts: Readonly<Record<DropReason, string>> = {
  overflow: "Dropped events: the queue for the bus is full",
  too_large: "Dropped events: they are larger than the bus allows",
  impossible: "Dropped events: the bus does not take their subject",
};

/** The flow of events from Asterisk to the bus, with the notices of what is missing in it. */
export class EventFlow implements Disposable {
  /** Takes an event from Asterisk. */
  readonly handle: (event: RawEvent) => void;
  /** What the bus has not taken yet. */
  readonly outbox: Outbox;
  /** Sends a request of a client to Asterisk, and records the subscriptions that it makes. */
  readonly send: PerformContext["send"];
  readonly #options: EventFlowOptions;
  readonly #streams = new NumberedStreams();
  readonly #history: History;
  readonly #downtime: AsteriskDowntime;
  readonly #restoration: Restoration;
  readonly #timer: ReturnType<typeof setInterval>;
  /** Aborts with the present connection to Asterisk. */
  #connection = new AbortController();

  /** Makes a flow without events. */
  constructor(options: EventFlowOptions) {
    const { applications, bus, dialogs, counters, log, warnings } = options;
    const streams = this.#streams;
    this.#options = options;
    this.#history = new History(options.history);
    this.outbox = new Outbox(bus, {
      streams,
      history: this.#history,
      dialogs: () => dialogs.all(),
      onPublished: (count) => counters.eventsPublished += count,
      onDropped: (count, why) => this.#drop(count, dropTexts[why]),
      onUnconfirmed: (count) => counters.eventsUnconfirmed += count,
      onNotice: ({ gap: { reason }, stream: { app, node }, seq }) => {
        counters.gapNotices++;
        if (reason === "started") return;
        warnings.warn("Notified listeners of missing events", { reason, app, node, seq });
      },
    });
    this.handle = createForward({ ...options, streams, outbox: this.outbox });
    const downtime = new AsteriskDowntime({ applications, streams, outbox: this.outbox });
    this.#downtime = downtime;
    const subscriptions = new AsteriskSubscriptions({ applications, send: options.send });
    this.send = subscriptions.send;
    this.#restoration = new Restoration({
      subscriptions,
      onRestored: (self, count) => downtime.restored(self, count),
      log,
      warnings,
    });
    this.#timer = setInterval(() => this.outbox.retry(), retryInterval);
  }

  /** Subscriptions and filters that Asterisk lost and that are not restored yet. */
  get unrestored(): number {
    return this.#restoration.missing;
  }

  /** Memory used by the event history, in bytes. */
  get historyBytes(): number {
    return this.#history.bytes;
  }

  /**
   * A part of the last events of an application and node; undefined when none are kept.
   *
   * @throws {AriProxyError} With the code `invalid` for a malformed time.
   */
  history(self: Coordinates, query: EventHistoryPayload): EventHistoryData | undefined {
    if (!this.#history.enabled) return undefined;
    return this.#history.page(this.#streams.of(self), query, this.#options.bus.maxPayload);
  }

  /** Records that the ARI WebSocket is not connected. */
  interrupt(reason: string): void {
    this.#connection.abort();
    this.#downtime.begin(reason);
  }

  /**
   * Records that the ARI WebSocket is connected: reports to listeners what they have missed, and
   * restores subscriptions.
   *
   * @param node The node now.
   * @param former The node before; empty at the start.
   * @param kept Whether Asterisk kept the events meanwhile.
   */
  resume(node: string, former: string, kept = false): void {
    this.#connection.abort();
    this.#connection = new AbortController();
    this.#downtime.end(node, former, kept);
    const { signal } = this.#connection;
    for (const app of this.#options.applications.names) {
      this.#restoration.run({ app, node }, signal);
    }
  }

  /** Records that the events of one more application start. */
  start(self: Coordinates): void {
    this.#downtime.start(self);
  }

  /**
   * Publishes what is queued, if the bus takes it, and drops the rest.
   *
   * @param timeout Time for the bus to take it, in milliseconds.
   */
  async finish(timeout: number): Promise<void> {
    const { bus } = this.#options;
    clearInterval(this.#timer);
    // The bus refuses messages while much is pending.
    if (!this.outbox.retry() && bus.connected) await inTime(bus.flush(), timeout).catch(() => {});
    this.outbox.retry();
    const { queued } = this.outbox;
    if (queued > 0) this.#drop(queued, "Dropped events: the bus did not take them before the end");
    this[Symbol.dispose]();
  }

  /** Stops at once. */
  [Symbol.dispose](): void {
    this.#connection.abort();
    clearInterval(this.#timer);
    this.outbox[Symbol.dispose]();
  }

  #drop(count: number, text: string): void {
    const { counters, warnings } = this.#options;
    counters.eventsDropped += count;
    warnings.warn(text, { dropped: counters.eventsDropped });
  }
}
