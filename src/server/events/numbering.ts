/**
 * The numbering of events and gap notices: the streams of events, each of an application and node, how
 * far their events are numbered, how many of them have reached the bus, and what is missing among them.
 *
 * @module
 */
import type { Coordinates } from "../../protocol/key.ts";
import { mint } from "../../protocol/mint.ts";
import { eventSubject } from "../../protocol/subjects.ts";
import { Gap, type GapPart, type Moment } from "./gap.ts";

/** A notice of missing events, in its place among the events. */
export interface Notice {
  readonly stream: NumberedStream;
  readonly gap: Gap;
  readonly seq: number;
}

/**
 * The events of an application and node. An event gets its number when it leaves, published or dropped,
 * in the order in which events were received; so a notice that events are missing can have its place in
 * that order.
 */
export class NumberedStream {
  readonly app: string;
  readonly node: string;
  /** Subject on which the events are published. */
  readonly subject: string;
  /** ID of the numbering. */
  readonly epoch: string;
  /** Number of the last event that left, published or dropped; 0 before the first. */
  #lastSeq = 0;
  #publishedSeq = 0;
  /** Events up to this number have reached the bus, or a notice names them. */
  #confirmedSeq = 0;
  #lastReceived: Moment;
  /** The event with the number of `#publishedSeq`. */
  #lastPublished: Moment;
  /** The last event that is known to have reached the bus. */
  #lastConfirmed: Moment;
  /** What is missing behind the last event that left; its notice has no number yet. */
  #gap: Gap | undefined;
  /** What is named by published notices that are not confirmed. */
  #notice: Gap | undefined;
  /** Number of the last such notice. */
  #noticeSeq = 0;

  /** @throws {AriProxyError} With the code `invalid` when a part cannot be in a subject. */
  constructor({ app, node }: Coordinates, epoch: string) {
    this.app = app;
    this.node = node;
    this.subject = eventSubject({ app, node });
    this.epoch = epoch;
  }

  /** The number of the event or notice that leaves next. */
  get nextSeq(): number {
    return this.#lastSeq + 1;
  }

  /** The last event that was received, or the end of the last gap behind it. */
  get lastReceived(): Moment {
    return this.#lastReceived;
  }

  /** The last event that was published. */
  get lastPublished(): Moment {
    return this.#lastPublished;
  }

  /** How many published events and notices are not known to have reached the bus. */
  get unconfirmed(): number {
    return this.#publishedSeq - this.#confirmedSeq;
  }

  /** What is missing and has no notice yet. */
  get gap(): Gap | undefined {
    return this.#gap;
  }

  /** Records an event from Asterisk, or that events up to a moment are missing. */
  received(last: Moment): void {
    this.#lastReceived = last;
  }

  /** Records that the bus accepted the event with the next number. */
  published(seq: number, event: Uint8Array): void {
    this.#lastSeq = seq;
    this.#publishedSeq = seq;
    this.#lastPublished = event;
  }

  /** Records that the event with the next number can never be published. */
  skipped(seq: number): void {
    this.#lastSeq = seq;
  }

  /** Records that the bus accepted a notice, which may have got its number long ago. */
  noticePublished({ gap, seq }: Notice, now: number): void {
    this.#publishedSeq = seq;
    this.#lastPublished = now;
    if (this.#notice) this.#notice.join(gap);
    else this.#notice = gap;
    this.#noticeSeq = seq;
  }

  /** @returns A function that records what is published so far as confirmed. */
  checkpoint(): () => void {
    const seq = this.#publishedSeq;
    const event = this.#lastPublished;
    return () => {
      this.#confirmedSeq = seq;
      this.#lastConfirmed = event;
      if (this.#noticeSeq <= seq) this.#notice = undefined;
    };
  }

  /** Records that something is missing between the last event that left and the next one. */
  lost(gap: Gap): void {
    if (this.#gap) this.#gap.join(gap);
    else this.#gap = gap;
  }

  /** Records that an event for which there is no room is dropped. It uses up a number. */
  dropped(event: Uint8Array, dialogs: readonly string[]): void {
    const seq = ++this.#lastSeq;
    const before = this.#lastPublished;
    this.#gap ??= new Gap({ reason: "overflow", before, end: event, numbers: [seq, seq] });
    this.#gap.addDropped(seq, event, dialogs);
  }

  /** Records that the notice of the gap has left, with the next number. */
  gapReported(seq: number): void {
    this.#lastSeq = seq;
    this.#gap = undefined;
  }

  /**
   * Records that what is not confirmed may be lost, and so may be what unconfirmed notices named.
   *
   * @returns Its notice. It has its number at once, and so its place before what is dropped later.
   */
  lostUnconfirmed(part: Pick<GapPart, "detail" | "end">, dialogs: Iterable<string>): Notice {
    const lost = new Gap({
      ...part,
      reason: "bus",
      before: this.#lastConfirmed,
      numbers: [this.#confirmedSeq + 1, this.#publishedSeq],
      uncertain: true,
    });
    lost.addDialogs(dialogs);
    const gap = this.#notice ?? lost;
    if (this.#notice) gap.join(lost);
    if (this.#gap) gap.join(this.#gap);
    this.#gap = undefined;
    this.#notice = undefined;
    this.#confirmedSeq = this.#publishedSeq;
    return { stream: this, gap, seq: ++this.#lastSeq };
  }
}

/** The streams of a proxy, all of one numbering, and the notices that are due on them. */
export class NumberedStreams implements Iterable<NumberedStream> {
  readonly #epoch = mint("ep");
  readonly #streams = new Map<string, NumberedStream>();
  /** Notices that have their numbers, in order. */
  readonly #numbered: Notice[] = [];
  /** Streams with a gap whose notice has no number yet, so that more can be added to it. */
  readonly #open = new Set<NumberedStream>();

  /** The stream of an application and node, if there is one. */
  find({ app, node }: Coordinates): NumberedStream | undefined {
    return this.#streams.get(`${app} ${node}`);
  }

  /**
   * The stream of an application and node. It is never removed, since its numbers must not start again
   * in the same numbering.
   *
   * @throws {AriProxyError} With the code `invalid` when a part cannot be in a subject.
   */
  of(self: Coordinates): NumberedStream {
    const known = this.find(self);
    if (known) return known;
    const stream = new NumberedStream(self, this.#epoch);
    this.#streams.set(`${self.app} ${self.node}`, stream);
    return stream;
  }

  [Symbol.iterator](): Iterator<NumberedStream> {
    return this.#streams.values();
  }

  /** Whether a notice is due. */
  get noticeDue(): boolean {
    return this.#open.size > 0 || this.#numbered.length > 0;
  }

  /** The notice to publish next. Until it has left, another one may become the next. */
  get nextNotice(): Notice | undefined {
    if (this.#numbered.length > 0) return this.#numbered[0];
    for (const stream of this.#open) {
      if (stream.gap) return { stream, gap: stream.gap, seq: stream.nextSeq };
    }
    return undefined;
  }

  /** Records that the next notice was published, or can never be. */
  noticeLeft({ stream, gap, seq }: Notice): void {
    if (this.#numbered[0]?.gap === gap) {
      this.#numbered.shift();
      return;
    }
    stream.gapReported(seq);
    this.#open.delete(stream);
  }

  /** Records what is missing between the last event that left a stream and the next one. */
  lost(stream: NumberedStream, gap: Gap): void {
    stream.lost(gap);
    this.#open.add(stream);
  }

  /** Records that an event for which there is no room is dropped. */
  dropped(stream: NumberedStream, event: Uint8Array, dialogs: readonly string[]): void {
    stream.dropped(event, dialogs);
    this.#open.add(stream);
  }

  /** Records that what a stream has published may be lost, as far as it is not confirmed. */
  lostUnconfirmed(
    stream: NumberedStream,
    part: Pick<GapPart, "detail" | "end">,
    dialogs: Iterable<string>,
  ): void {
    this.#numbered.push(stream.lostUnconfirmed(part, dialogs));
    this.#open.delete(stream);
  }

  /** @returns A function that records what all streams have published so far as confirmed. */
  checkpoint(): () => void {
    const confirms = Array.from(this, (stream) => stream.checkpoint());
    return () => confirms.forEach((confirm) => confirm());
  }

  /** Whether anything published is not known to have reached the bus. */
  get unconfirmed(): boolean {
    return this.#streams.values().some(({ unconfirmed }) => unconfirmed > 0);
  }
}

/**
 * Flushes the bus from time to time, not for each event, and so confirms what was published before:
 * when the connection breaks, only what was published later may be lost.
 */
export class FlushCheckpoint {
  readonly #flush: () => Promise<void>;
  readonly #streams: NumberedStreams;
  readonly #interval: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether a flush is due or in flight. */
  #busy = false;
  /** Counts connections: a flush of an earlier one confirms nothing. */
  #connection = 0;

  /**
   * Makes a checkpoint that is idle until something is published.
   *
   * @param options.flush Resolves when the bus has everything that was published before.
   * @param options.interval Time from a message to the flush, in milliseconds. @default 50
   */
  constructor({ flush, streams, interval = 50 }: {
    readonly flush: () => Promise<void>;
    readonly streams: NumberedStreams;
    readonly interval?: number;
  }) {
    this.#flush = flush;
    this.#streams = streams;
    this.#interval = interval;
  }

  /** Records that something was published. */
  published(): void {
    if (this.#busy) return;
    this.#busy = true;
    const connection = this.#connection;
    this.#timer = setTimeout(() => {
      this.#confirm().catch(() => {}).finally(() => {
        if (connection !== this.#connection) return;
        this.#busy = false;
        if (this.#streams.unconfirmed) this.published();
      });
    }, this.#interval);
  }

  /** Clears the record of published events: the connection is lost. */
  reset(): void {
    this.#connection++;
    this.#busy = false;
    clearTimeout(this.#timer);
  }

  async #confirm(): Promise<void> {
    const connection = this.#connection;
    const confirm = this.#streams.checkpoint();
    await this.#flush();
    if (connection === this.#connection) confirm();
  }
}
