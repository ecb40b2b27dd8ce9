import { type Bus, BusError, type BusPublisher } from "../../bus/bus.ts";
import { dialogCopy } from "../../protocol/event_text.ts";
import { epochHeader, nodeHeader, seqHeader } from "../../protocol/headers.ts";
import { dialogSubject } from "../../protocol/subjects.ts";
import { Gap } from "./gap.ts";
import type { History } from "./history.ts";
import {
  FlushCheckpoint,
  type Notice,
  type NumberedStream,
  type NumberedStreams,
} from "./numbering.ts";

/** Why messages with events are dropped: the queue is full, or the bus never takes their size or subject. */
export type DropReason = "overflow" | "too_large" | "impossible";

/** The detail of a gap notice about an event that the bus never takes, by its size in bytes. */
const refusalTexts: Readonly<Record<Exclude<DropReason, "overflow">, (size: number) => string>> = {
  too_large: (size) => `An event of ${size} bytes is larger than the bus allows`,
  impossible: () => "The bus does not take the subject of an event, or of its copy for a dialog",
};

type Outcome = "published" | "refused" | Exclude<DropReason, "overflow">;

/** Copies for dialogs of a message that was published. */
interface PendingCopies {
  readonly stream: NumberedStream;
  readonly data: Uint8Array;
  readonly seq: number;
  readonly dialogs: readonly string[];
  /** How many of them are done. */
  done: number;
  readonly isNotice: boolean;
}

/** The publishers of a stream. */
interface StreamPublisher {
  /** For the subject of the stream; undefined where the bus never takes it. */
  readonly own: BusPublisher | undefined;
  /** Makes one for another subject. */
  to(subject: string): BusPublisher;
}

type OutboxBus = Pick<Bus, "connected" | "maxPayload" | "publisher" | "flush">;

interface OutboxOptions {
  readonly streams: NumberedStreams;
  /** The dialogs that are bound at this moment. */
  readonly dialogs: () => Iterable<string>;
  /** Keeps what was published. @default nothing is kept */
  readonly history?: Pick<History, "keep">;
  /**
   * How many bytes may be queued, payloads counted.
   *
   * @default {33_554_432}
   */
  readonly limit?: number;
  /** Returns the time, in milliseconds since 1970. */
  readonly now?: () => number;
  /** Called with the number of messages with events that the bus accepted. */
  readonly onPublished: (count: number) => void;
  /** Called with the number of messages with events that were dropped. */
  readonly onDropped: (count: number, why: DropReason) => void;
  /** Called with the number of events that may be lost since they were not confirmed. */
  readonly onUnconfirmed: (count: number) => void;
  /** Called when the bus accepted a notice of missing events. */
  readonly onNotice: (notice: Notice) => void;
}

const encoder = new TextEncoder();

/**
 * Publishes events in order, with numbers, and queues up to a limit what the bus does not take at the
 * moment. At the limit the oldest events are dropped and counted. What is dropped, or may be lost with a
 * connection, is reported to listeners by a notice, in the place where it is missing.
 */
export class Outbox implements Disposable {
  readonly #bus: OutboxBus;
  readonly #limit: number;
  readonly #options: OutboxOptions;
  readonly #streams: NumberedStreams;
  readonly #now: () => number;
  readonly #checkpoint: FlushCheckpoint;
  readonly #queue = new Queue();
  readonly #publishers = new Map<NumberedStream, StreamPublisher>();
  #copies: PendingCopies | undefined;

  /** Makes an empty outbox in front of a bus. */
  constructor(bus: OutboxBus, options: OutboxOptions) {
    this.#bus = bus;
    this.#limit = options.limit ?? 32 * 1024 * 1024;
    this.#options = options;
    this.#streams = options.streams;
    this.#now = options.now ?? Date.now;
    this.#checkpoint = new FlushCheckpoint({ flush: () => bus.flush(), streams: options.streams });
  }

  /** How many messages with events are queued; notices are not counted. */
  get queued(): number {
    const { dialogs = [], done = 0, isNotice = true } = this.#copies ?? {};
    return this.#queue.messages + (isNotice ? 0 : dialogs.length - done);
  }

  /** Their size, in bytes. */
  get bytes(): number {
    return this.#queue.bytes;
  }

  /** The size at which the oldest are dropped, in bytes. */
  get limit(): number {
    return this.#limit;
  }

  /** Publishes an event and its copies for dialogs, or queues them. It never waits. */
  send(stream: NumberedStream, data: Uint8Array, dialogs: readonly string[] = []): void {
    stream.received(data);
    if (this.retry() && this.#publishEvent(stream, data, dialogs)) {
      this.retry();
      return;
    }
    this.#queue.add({ stream, data, dialogs });
    this.#dropOldest();
  }

  /** Reports to listeners that something is missing between what was sent so far and what is sent next. */
  report(stream: NumberedStream, gap: Gap): void {
    stream.received(gap.end);
    gap.addDialogs(this.#options.dialogs());
    this.#queue.addGap(stream, gap);
    this.#dropOldest();
    this.retry();
  }

  /**
   * Publishes what is queued, as far as the bus takes it.
   *
   * @returns whether nothing is queued any more.
   */
  retry(): boolean {
    if (this.#empty) return true;
    if (!this.#bus.connected) return false;
    while (this.#publishCopies() && this.#publishNotices()) {
      const next = this.#queue.first;
      if (!next) return true;
      if ("gap" in next) this.#streams.lost(next.stream, next.gap);
      else if (!this.#publishEvent(next.stream, next.data, next.dialogs)) return false;
      this.#queue.shift();
    }
    return false;
  }

  /** Reports to listeners that messages which the bus accepted may be lost, as far as unconfirmed. */
  reportUnconfirmed(reason: string): void {
    this.#checkpoint.reset();
    const detail = `The connection to the bus broke with events in flight: ${reason}`;
    const end = this.#now();
    for (const stream of this.#streams) {
      if (stream.unconfirmed === 0) continue;
      this.#options.onUnconfirmed(stream.unconfirmed);
      this.#streams.lostUnconfirmed(stream, { detail, end }, this.#options.dialogs());
    }
  }

  /** Ends the flushes of the bus. */
  [Symbol.dispose](): void {
    this.#checkpoint.reset();
  }

  /** Whether an event can be published at once without overtaking anything. */
  get #empty(): boolean {
    return this.#queue.first === undefined && this.#copies === undefined &&
      !this.#streams.noticeDue;
  }

  /** @returns whether no notice is due any more. */
  #publishNotices(): boolean {
    for (let notice; (notice = this.#streams.nextNotice);) {
      if (!this.#publishNotice(notice)) return false;
      this.#streams.noticeLeft(notice);
      if (!this.#publishCopies()) return false;
    }
    return true;
  }

  #dropOldest(): void {
    let dropped = 0;
    while (this.#queue.bytes > this.#limit) {
      const oldest = this.#queue.shift();
      if (!oldest) break;
      if ("gap" in oldest) {
        this.#streams.lost(oldest.stream, oldest.gap);
        continue;
      }
      this.#streams.dropped(oldest.stream, oldest.data, oldest.dialogs);
      dropped += 1 + oldest.dialogs.length;
    }
    if (dropped > 0) this.#options.onDropped(dropped, "overflow");
  }

  /** @returns false when the bus does not take it now, and nothing has happened. */
  #publishEvent(stream: NumberedStream, data: Uint8Array, dialogs: readonly string[]): boolean {
    const seq = stream.nextSeq;
    const outcome = this.#publish(stream, seq, data);
    if (outcome === "refused") return false;
    if (outcome !== "published") {
      stream.skipped(seq);
      this.#options.onDropped(1 + dialogs.length, outcome);
      this.#reportRefused(stream, seq, { data, dialogs, why: outcome });
      return true;
    }
    stream.published(seq, data);
    this.#options.history?.keep(stream, seq, data);
    this.#options.onPublished(1);
    if (dialogs.length === 0) return true;
    this.#copies = { stream, data, seq, dialogs, done: 0, isNotice: false };
    this.#publishCopies();
    return true;
  }

  /** @returns false when the bus does not take it now. */
  #publishNotice(notice: Notice): boolean {
    const { stream, gap, seq } = notice;
    const now = this.#now();
    const data = encoder.encode(gap.text(stream, now));
    const outcome = this.#publish(stream, seq, data);
    if (outcome === "refused") return false;
    if (outcome === "published") {
      stream.noticePublished(notice, now);
      this.#options.history?.keep(stream, seq, data);
      this.#options.onNotice(notice);
    }
    const { dialogs } = gap;
    this.#copies = { stream, data, seq, dialogs, done: 0, isNotice: true };
    return true;
  }

  /** @returns whether all copies are published. */
  #publishCopies(): boolean {
    const copies = this.#copies;
    if (!copies) return true;
    const { stream, data, seq, dialogs, isNotice } = copies;
    for (; copies.done < dialogs.length; copies.done++) {
      const dialog = dialogs[copies.done];
      const outcome = this.#publish(stream, seq, dialogCopy(data, dialog), dialog);
      if (outcome === "refused") return false;
      if (isNotice) continue;
      if (outcome === "published") {
        this.#options.onPublished(1);
        continue;
      }
      this.#options.onDropped(1, outcome);
      this.#reportRefused(stream, seq, { data, dialogs: [dialog], why: outcome });
    }
    this.#copies = undefined;
    return true;
  }

  /** Reports an event, or its copy for a dialog, that the bus never takes. */
  #reportRefused(
    stream: NumberedStream,
    seq: number,
    { data, dialogs, why }: {
      readonly data: Uint8Array;
      readonly dialogs: readonly string[];
      readonly why: Exclude<DropReason, "overflow">;
    },
  ): void {
    const gap = new Gap({
      reason: "too_large",
      detail: refusalTexts[why](data.length),
      before: stream.lastPublished,
      end: data,
      numbers: [seq, seq],
      // The copy for a dialog may be too large, or have too long a subject, where the event has not.
      uncertain: stream.lastPublished === data,
    });
    gap.addDialogs(dialogs);
    this.#streams.lost(stream, gap);
  }

  #publish(stream: NumberedStream, seq: number, data: Uint8Array, dialog?: string): Outcome {
    if (data.length > this.#bus.maxPayload) return "too_large";
    try {
      const publisher = this.#publisherOf(stream, dialog);
      if (!publisher) return "impossible";
      if (!publisher.publish(seq, data)) return "refused";
      this.#checkpoint.published();
      return "published";
    } catch (error) {
      return error instanceof BusError && error.code === "too_large" ? "too_large" : "impossible";
    }
  }

  /**
   * The publisher for the events of a stream, or for their copies for a dialog; undefined where the bus
   * never takes the subject.
   *
   * @throws {BusError} With the code `invalid` where the bus never takes the subject of the dialog.
   */
  #publisherOf(stream: NumberedStream, dialog: string | undefined): BusPublisher | undefined {
    let publisher = this.#publishers.get(stream);
    if (!publisher) {
      publisher = prepare(this.#bus, stream);
      this.#publishers.set(stream, publisher);
    }
    return dialog === undefined ? publisher.own : publisher.to(dialogSubject(dialog));
  }
}

function prepare(bus: OutboxBus, { subject, node, epoch }: NumberedStream): StreamPublisher {
  const options = { headers: { [nodeHeader]: node, [epochHeader]: epoch }, number: seqHeader };
  try {
    const own = bus.publisher(subject, options);
    return { own, to: (other) => own.to(other) };
  } catch {
    // A very long subject, for instance. Copies for dialogs have subjects of their own.
    return { own: undefined, to: (other) => bus.publisher(other, options) };
  }
}

interface QueuedEvent {
  readonly stream: NumberedStream;
  readonly data: Uint8Array;
  /** Dialogs that get copies. */
  readonly dialogs: readonly string[];
}

interface QueuedGap {
  readonly stream: NumberedStream;
  readonly gap: Gap;
}

/** What a notice counts for, in bytes. */
const noticeSize = 1_024;

/** What the bus has not taken yet, in order. */
class Queue {
  #items: (QueuedEvent | QueuedGap)[] = [];
  #first = 0;
  #bytes = 0;
  #messages = 0;

  /** How many messages with events are queued, copies for dialogs included; notices are not counted. */
  get messages(): number {
    return this.#messages;
  }

  /** Their size without the copies, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  get first(): QueuedEvent | QueuedGap | undefined {
    return this.#items[this.#first];
  }

  add(item: QueuedEvent | QueuedGap): void {
    this.#items.push(item);
    this.#bytes += sizeOf(item);
    this.#messages += messagesOf(item);
  }

  /** Adds a gap behind all events; it is joined to the last item where that is a gap of the same stream. */
  addGap(stream: NumberedStream, gap: Gap): void {
    const last = this.#items.at(-1);
    if (this.first && last?.stream === stream && "gap" in last) last.gap.join(gap);
    else this.add({ stream, gap });
  }

  shift(): QueuedEvent | QueuedGap | undefined {
    const item = this.first;
    if (!item) return undefined;
    this.#bytes -= sizeOf(item);
    this.#messages -= messagesOf(item);
    this.#first++;
    // Taking from the front of an array costs its length, so the used part is removed in large steps.
    if (this.#first * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return item;
  }
}

function sizeOf(item: QueuedEvent | QueuedGap): number {
  return "data" in item ? item.data.length : noticeSize;
}

function messagesOf(item: QueuedEvent | QueuedGap): number {
  return "data" in item ? 1 + item.dialogs.length : 0;
}
