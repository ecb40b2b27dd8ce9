import type { AriEvent } from "../../ari/asterisk_link.ts";
import type { Bus } from "../../bus/bus.ts";
import { inTime } from "../../common/in_time.ts";
import type { Coordinates } from "../../protocol/key.ts";
import type { EventHistoryData, EventHistoryPayload } from "../../protocol/history.ts";
import type { PerformContext } from "../../protocol/perform.ts";
import type { Dialogs } from "../dialogs.ts";
import { EventSources, Restoration } from "./asterisk_subscriptions.ts";
import { NumberedStreams } from "./stream.ts";
import { createForward, type ForwardOptions } from "./forward.ts";
import { History, type HistoryOptions } from "./history.ts";
import type { Log } from "../../common/log.ts";
import { type OutageOptions, Outages } from "./downtime.ts";
import { Outbox, type WhyLost } from "./outbox.ts";
import type { Stats } from "../metrics.ts";
import type { ThrottledLog } from "../../common/throttle.ts";

/** Options of {@linkcode EventFlow}. */
interface EventFlowOptions {
  /** Applications of the proxy. More of them may come. */
  readonly apps: readonly string[];
  /** As in {@linkcode ForwardOptions.adopt}. */
  readonly adopt?: ForwardOptions["adopt"];
  /** Node of the proxy at this moment. */
  readonly node: () => string;
  /** Whether the node has another name than Asterisk gives it in its events. */
  readonly rename: boolean;
  /** Where events go. */
  readonly bus: Bus;
  /** Asks Asterisk. It rejects when Asterisk cannot be reached. */
  readonly send: PerformContext["send"];
  /** Who gets copies. */
  readonly dialogs: Dialogs;
  /** What is counted. */
  readonly stats: Stats;
  /** Says what was restored. */
  readonly log: Log;
  /** Says what is lost. */
  readonly warnings: ThrottledLog;
  /** How much of the last events is kept. */
  readonly history?: HistoryOptions;
}

/** How often what waits for the bus is tried again, in milliseconds. */
const retryInterval = 250;

const lossText: Readonly<Record<WhyLost, string>> = {
  overflow: "Lost events: too many wait for the bus",
  too_large: "Lost events: they are larger than the bus allows",
  impossible: "Lost events: the bus does not take their subject",
};

/** The way of the events from Asterisk to the bus, and the notices of what is missing in it. */
export class EventFlow implements Disposable {
  /** Takes an event from Asterisk. */
  readonly handle: (event: AriEvent) => void;
  /** What waits for the bus. */
  readonly outbox: Outbox;
  readonly #history: History;
  readonly #outages: Outages;
  readonly #sources: EventSources;
  readonly #restoration: Restoration;
  readonly #options: EventFlowOptions;
  readonly #streams = new NumberedStreams();
  readonly #timer: ReturnType<typeof setInterval>;
  /** Ends with the present connection to Asterisk. */
  #connection = new AbortController();

  /** Makes a flow without events. */
  constructor(options: EventFlowOptions) {
    const { apps, bus, dialogs, stats, warnings } = options;
    const streams = this.#streams;
    this.#options = options;
    this.#history = new History(options.history);
    this.outbox = new Outbox(bus, {
      streams,
      history: this.#history,
      dialogs: () => dialogs.all(),
      onSent: (count) => stats.eventsPublished += count,
      onLost: (count, why) => this.#lose(count, lossText[why]),
      onDoubt: (count) => stats.eventsDoubtful += count,
      onTold: ({ missing: { reason }, stream: { app, node }, seq }) => {
        stats.gaps++;
        if (reason === "started") return;
        warnings.warn("Told listeners that events are missing", { reason, app, node, seq });
      },
    });
    this.#outages = new Outages({ apps, streams, outbox: this.outbox });
    this.#sources = new EventSources(options);
    this.#restoration = new Restoration({
      ...options,
      sources: this.#sources,
      onRestored: (self, count) => this.#outages.restored(self, count),
    });
    this.handle = createForward({ ...options, streams, outbox: this.outbox });
    this.#timer = setInterval(() => this.outbox.retry(), retryInterval);
  }

  /** Asks Asterisk for a client, and remembers what the events depend on. */
  readonly send: PerformContext["send"] = (call, options) => this.#sources.send(call, options);

  /** Sources and filters that Asterisk does not have again yet. */
  get unrestored(): number {
    return this.#restoration.missing;
  }

  /** Memory that the last events take, in bytes. */
  get historyBytes(): number {
    return this.#history.bytes;
  }

  /**
   * A part of the last events of an application and node; undefined when none are kept.
   *
   * @throws {AriProxyError} With the code `invalid` for a time that is none.
   */
  history(self: Coordinates, query: EventHistoryPayload): EventHistoryData | undefined {
    if (!this.#history.enabled) return undefined;
    return this.#history.page(this.#streams.of(self), query, this.#options.bus.maxPayload);
  }

  /** Takes note that the event socket is away. */
  interrupt(reason: string): void {
    this.#connection.abort();
    this.#outages.begin(reason);
  }

  /**
   * Takes note that the event socket is there: tells listeners what they have missed, and Asterisk
   * what to send.
   *
   * @param former The node before; empty at the start.
   */
  resume(node: string, former: string, options?: OutageOptions): void {
    this.#connection.abort();
    this.#connection = new AbortController();
    this.#outages.end(node, former, options);
    const { signal } = this.#connection;
    for (const app of this.#options.apps) this.#restoration.run({ app, node }, signal);
  }

  /** Takes note of one more application, before its first event. */
  begin(self: Coordinates): void {
    this.#outages.start(self);
  }

  /**
   * Publishes what still waits, if the bus takes it, and gives up the rest.
   *
   * @param timeout Time for the bus to take it, in milliseconds.
   */
  async finish(timeout: number): Promise<void> {
    const { bus } = this.#options;
    clearInterval(this.#timer);
    // The bus refuses while much is on its way.
    if (!this.outbox.retry() && bus.connected) await inTime(bus.flush(), timeout).catch(() => {});
    this.outbox.retry();
    const { waiting } = this.outbox;
    if (waiting > 0) this.#lose(waiting, "Lost events: the bus did not take them before the end");
    this[Symbol.dispose]();
  }

  /** Stops at once. */
  [Symbol.dispose](): void {
    this.#connection.abort();
    clearInterval(this.#timer);
    this.outbox[Symbol.dispose]();
  }

  #lose(count: number, text: string): void {
    const { stats, warnings } = this.#options;
    stats.eventsLost += count;
    warnings.warn(text, { lost: stats.eventsLost });
  }
}
