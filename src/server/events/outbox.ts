import { type Bus, BusError, type BusPublisher } from "../../bus/bus.ts";
import { dialogCopy } from "../../protocol/event_text.ts";
import { epochHeader, nodeHeader, seqHeader } from "../../protocol/headers.ts";
import { dialogSubject } from "../../protocol/subjects.ts";
import { Gap } from "./gap.ts";
import type { History } from "./history.ts";
import {
  ArrivalCheck,
  type DueNotice,
  type NumberedStream,
  type NumberedStreams,
  PendingGaps,
} from "./stream.ts";

/** What is told of an event that the bus never takes, by its size in bytes. */
const refusalTexts: Readonly<Record<Exclude<WhyLost, "overflow">, (size: number) => string>> = {
  too_large: (size) => `An event of ${size} bytes is larger than the bus allows`,
  impossible: () => "The bus does not take the subject of an event, or of its copy for a dialog",
};

/** What came of a message. */
type Outcome = "sent" | "refused" | Exclude<WhyLost, "overflow">;

/** Copies of a message that was published, which are to follow. */
interface Following {
  readonly stream: NumberedStream;
  readonly data: Uint8Array;
  readonly seq: number;
  readonly dialogs: readonly string[];
  /** How many of them are done. */
  done: number;
  readonly isNotice: boolean;
}

const encoder = new TextEncoder();

/**
 * Publishes events in order, with numbers, and keeps within a bound what the bus does not take at
 * the moment. When the bound is reached the oldest events are given up and counted. What is given up,
 * or may be lost with a connection, is told to listeners by a notice, in the place where it is
 * missing.
 */
export class Outbox implements Disposable {
  readonly #bus: OutboxBus;
  readonly #limit: number;
  readonly #options: OutboxOptions;
  readonly #now: () => number;
  readonly #arrivals: ArrivalCheck;
  readonly #waiting = new Waiting();
  #following: Following | undefined;
  readonly #pendingGaps = new PendingGaps();
  readonly #publishers = new Map<NumberedStream, BusPublisher>();

  /** Makes an empty outbox in front of a bus. */
  constructor(bus: OutboxBus, options: OutboxOptions) {
    this.#bus = bus;
    this.#limit = options.limit ?? 32 * 1024 * 1024;
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#arrivals = new ArrivalCheck({ flush: () => bus.flush(), streams: options.streams });
  }

  /** How many messages with events wait; notices are not counted. */
  get waiting(): number {
    const { dialogs = [], done = 0, isNotice = true } = this.#following ?? {};
    return this.#waiting.messages + (isNotice ? 0 : dialogs.length - done);
  }

  /** Their size, in bytes. */
  get bytes(): number {
    return this.#waiting.bytes;
  }

  /** The size at which the oldest are given up, in bytes. */
  get limit(): number {
    return this.#limit;
  }

  /** Publishes an event, and copies for dialogs; or keeps it for later. It never waits. */
  send(stream: NumberedStream, data: Uint8Array, dialogs: readonly string[] = []): void {
    stream.came = data;
    if (this.retry() && this.#publishEvent(stream, data, dialogs)) {
      this.retry();
      return;
    }
    this.#waiting.add({ stream, data, dialogs });
    this.#makeRoom();
  }

  /** Tells listeners that something is missing between what came so far and what comes next. */
  tell(stream: NumberedStream, missing: Gap): void {
    stream.came = missing.end;
    missing.concern(this.#options.dialogs());
    this.#waiting.addNotice(stream, missing);
    this.#makeRoom();
    this.retry();
  }

  /**
   * Publishes what waits, as far as the bus takes it.
   *
   * @returns whether nothing waits any more.
   */
  retry(): boolean {
    if (this.#clear) return true;
    if (!this.#bus.connected) return false;
    while (this.#follow() && this.#tellMissing()) {
      const next = this.#waiting.first;
      if (!next) return true;
      if ("missing" in next) this.#pendingGaps.add(next.stream, next.missing);
      else if (!this.#publishEvent(next.stream, next.data, next.dialogs)) return false;
      this.#waiting.shift();
    }
    return false;
  }

  /** Takes note that messages which the bus accepted may be lost. */
  doubt(reason: string): void {
    this.#arrivals.reset();
    const detail = `The connection to the bus broke with events under way: ${reason}`;
    const end = this.#now();
    for (const stream of this.#options.streams) {
      if (stream.sent === stream.safe) continue;
      this.#options.onDoubt(stream.sent - stream.safe);
      this.#pendingGaps.doubt(stream, { detail, end }, this.#options.dialogs());
    }
  }

  /** Stops looking whether messages arrive. */
  [Symbol.dispose](): void {
    this.#arrivals.reset();
  }

  /** Whether an event can be published at once without overtaking anything. */
  get #clear(): boolean {
    return this.#waiting.first === undefined && this.#following === undefined &&
      this.#pendingGaps.empty;
  }

  /** @returns whether all that is missing has been told. */
  #tellMissing(): boolean {
    for (let notice; (notice = this.#pendingGaps.next);) {
      if (!this.#publishNotice(notice)) return false;
      this.#pendingGaps.done(notice);
      if (!this.#follow()) return false;
    }
    return true;
  }

  #makeRoom(): void {
    let lost = 0;
    while (this.#waiting.bytes > this.#limit) {
      const given = this.#waiting.shift();
      if (!given) break;
      if ("missing" in given) {
        this.#pendingGaps.add(given.stream, given.missing);
        continue;
      }
      this.#pendingGaps.giveUp(given.stream, given.data, given.dialogs);
      lost += 1 + given.dialogs.length;
    }
    if (lost > 0) this.#options.onLost(lost, "overflow");
  }

  /** @returns false when the bus does not take it now, and nothing has happened. */
  #publishEvent(stream: NumberedStream, data: Uint8Array, dialogs: readonly string[]): boolean {
    const seq = stream.seq + 1;
    const outcome = this.#publish(stream, seq, data);
    if (outcome === "refused") return false;
    stream.seq = seq;
    if (outcome !== "sent") {
      this.#options.onLost(1 + dialogs.length, outcome);
      this.#miss(stream, seq, { data, dialogs, why: outcome });
      return true;
    }
    stream.sent = seq;
    stream.published = data;
    this.#options.history?.keep(stream, seq, data);
    this.#options.onSent(1);
    if (dialogs.length === 0) return true;
    this.#following = { stream, data, seq, dialogs, done: 0, isNotice: false };
    this.#follow();
    return true;
  }

  /** @returns false when the bus does not take it now. */
  #publishNotice({ stream, missing, seq }: DueNotice): boolean {
    const now = this.#now();
    const data = encoder.encode(missing.text(stream, now));
    const outcome = this.#publish(stream, seq, data);
    if (outcome === "refused") return false;
    if (outcome === "sent") {
      stream.sent = seq;
      stream.published = now;
      this.#options.history?.keep(stream, seq, data);
      if (stream.told) stream.told.join(missing);
      else stream.told = missing;
      stream.toldSeq = seq;
      this.#options.onTold({ stream, missing, seq });
    }
    const { dialogs } = missing;
    this.#following = { stream, data, seq, dialogs, done: 0, isNotice: true };
    return true;
  }

  /** @returns whether all copies that were to follow are published. */
  #follow(): boolean {
    const following = this.#following;
    if (!following) return true;
    const { stream, data, seq, dialogs, isNotice } = following;
    for (; following.done < dialogs.length; following.done++) {
      const dialog = dialogs[following.done];
      const outcome = this.#publish(stream, seq, dialogCopy(data, dialog), dialog);
      if (outcome === "refused") return false;
      if (isNotice) continue;
      if (outcome === "sent") {
        this.#options.onSent(1);
        continue;
      }
      this.#options.onLost(1, outcome);
      this.#miss(stream, seq, { data, dialogs: [dialog], why: outcome });
    }
    this.#following = undefined;
    return true;
  }

  /** Takes what the bus never takes, an event or its copy for a dialog. */
  #miss(
    stream: NumberedStream,
    seq: number,
    { data, dialogs, why }: {
      readonly data: Uint8Array;
      readonly dialogs: readonly string[];
      readonly why: Exclude<WhyLost, "overflow">;
    },
  ): void {
    const gap = new Gap({
      reason: "too_large",
      detail: refusalTexts[why](data.length),
      before: stream.published,
      end: data,
      numbers: [seq, seq],
      // The copy for a dialog may be too large, or have too long a subject, where the event has not.
      doubtful: stream.published === data,
    });
    gap.concern(dialogs);
    this.#pendingGaps.add(stream, gap);
  }

  /** Publishes an event or a notice, or its copy for a dialog. */
  #publish(stream: NumberedStream, seq: number, data: Uint8Array, dialog?: string): Outcome {
    if (data.length > this.#bus.maxPayload) return "too_large";
    try {
      if (!this.#publisher(stream, dialog).publish(seq, data)) return "refused";
      this.#arrivals.begin();
      return "sent";
    } catch (error) {
      // The bus takes no such subject, a very long one for instance; it never will.
      return error instanceof BusError && error.code === "too_large" ? "too_large" : "impossible";
    }
  }

  /** @throws {BusError} With the code `invalid` when the bus does not take the subject. */
  #publisher(stream: NumberedStream, dialog?: string): BusPublisher {
    const known = this.#publishers.get(stream);
    const subject = dialog === undefined ? stream.subject : dialogSubject(dialog);
    if (known !== undefined) return dialog === undefined ? known : known.to(subject);
    const headers = { [nodeHeader]: stream.node, [epochHeader]: stream.epoch };
    const publisher = this.#bus.publisher(subject, { headers, number: seqHeader });
    if (dialog === undefined) this.#publishers.set(stream, publisher);
    return publisher;
  }
}

/** What the outbox needs of a bus. */
type OutboxBus = Pick<Bus, "connected" | "maxPayload" | "publisher" | "flush">;

/** Options of {@linkcode Outbox}. */
interface OutboxOptions {
  /** Where the numbers come from. */
  readonly streams: NumberedStreams;
  /** The dialogs that are bound at this moment. */
  readonly dialogs: () => Iterable<string>;
  /** Keeps what was published. @default nothing is kept */
  readonly history?: Pick<History, "keep">;
  /**
   * How many bytes may wait, payloads counted.
   *
   * @default {33_554_432}
   */
  readonly limit?: number;
  /** Tells the time, in milliseconds since 1970. */
  readonly now?: () => number;
  /** Called with the number of messages with events that were accepted by the bus. */
  readonly onSent: (count: number) => void;
  /** Called with the number of messages with events that had to be given up, and why. */
  readonly onLost: (count: number, why: WhyLost) => void;
  /** Called with the number of events that were under way when the connection to the bus broke. */
  readonly onDoubt: (count: number) => void;
  /** Called when listeners were told that events are missing. */
  readonly onTold: (notice: DueNotice) => void;
}

/**
 * Why messages with events were given up: too many waited, or the bus never takes one of that size or
 * of that subject.
 */
export type WhyLost = "overflow" | "too_large" | "impossible";

/** An event that waits for the bus. */
interface WaitingEvent {
  /** Where it belongs. */
  readonly stream: NumberedStream;
  /** Its text, in UTF-8. */
  readonly data: Uint8Array;
  /** Dialogs that get copies. */
  readonly dialogs: readonly string[];
}

/** A notice that waits for the bus. */
interface WaitingNotice {
  /** Where it belongs. */
  readonly stream: NumberedStream;
  /** What it tells of. */
  readonly missing: Gap;
}

/** What a notice counts for, in bytes. */
const noticeSize = 1_024;

/** What waits for the bus, in order. */
class Waiting {
  #items: (WaitingEvent | WaitingNotice)[] = [];
  #first = 0;
  #bytes = 0;
  #messages = 0;

  /** How many messages with events wait, copies for dialogs included; notices are not counted. */
  get messages(): number {
    return this.#messages;
  }

  /** Their size without the copies, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What has waited longest. */
  get first(): WaitingEvent | WaitingNotice | undefined {
    return this.#items[this.#first];
  }

  /** Adds an event behind all others. */
  add(event: WaitingEvent): void {
    this.#push(event);
  }

  /** Adds a notice behind all events; it joins one that is there already, for the same stream. */
  addNotice(stream: NumberedStream, missing: Gap): void {
    const last = this.#items.at(-1);
    if (this.first && last?.stream === stream && "missing" in last) {
      last.missing.join(missing);
    } else this.#push({ stream, missing });
  }

  /** Takes what has waited longest. */
  shift(): WaitingEvent | WaitingNotice | undefined {
    const item = this.first;
    if (!item) return undefined;
    this.#bytes -= sizeOf(item);
    this.#messages -= messagesOf(item);
    this.#first++;
    // Taking from the front of an array costs its length, so the used part goes in large steps.
    if (this.#first * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return item;
  }

  #push(item: WaitingEvent | WaitingNotice): void {
    this.#items.push(item);
    this.#bytes += sizeOf(item);
    this.#messages += messagesOf(item);
  }
}

function sizeOf(item: WaitingEvent | WaitingNotice): number {
  return "data" in item ? item.data.length : noticeSize;
}

function messagesOf(item: WaitingEvent | WaitingNotice): number {
  return "data" in item ? 1 + item.dialogs.length : 0;
}
