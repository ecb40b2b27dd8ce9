import type { Coordinates } from "../../protocol/key.ts";
import { mint } from "../../protocol/mint.ts";
import { eventSubject } from "../../protocol/subjects.ts";
import { Gap, type MissingPart, type Moment } from "./gap.ts";

/**
 * The events of an application and node: where they go, and how far they are numbered. An event gets
 * its number when it leaves, published or given up, in the order in which events came; so a notice
 * that events are missing can take its place in that order.
 */
export class NumberedStream {
  /** The application. */
  readonly app: string;
  /** The node. */
  readonly node: string;
  /** Subject of the events. */
  readonly subject: string;
  /** The numbering. */
  readonly epoch: string;
  /** Number of the last event that left, published or given up; 0 before the first. */
  seq = 0;
  /** Number of the last event that was published. */
  sent = 0;
  /** Up to here what was published is known to have reached the bus, or is told of as missing. */
  safe = 0;
  /** The last event that came. */
  came: Moment;
  /** The event with the number {@linkcode NumberedStream.sent}. */
  published: Moment;
  /** The last event that is known to have reached the bus. */
  arrived: Moment;
  /** What is missing and has not been told yet. */
  missing: Gap | undefined;
  /** What was told in a message that is not known to have reached the bus. */
  told: Gap | undefined;
  /** Number of the last such message. */
  toldSeq = 0;

  /** @throws {AriProxyError} With the code `invalid` when a part cannot stand in a subject. */
  constructor({ app, node }: Coordinates, epoch: string) {
    this.app = app;
    this.node = node;
    this.subject = eventSubject({ app, node });
    this.epoch = epoch;
  }
}

/** The streams of a proxy, all of one numbering. */
export class NumberedStreams implements Iterable<NumberedStream> {
  readonly #epoch = mint("ep");
  readonly #streams = new Map<string, NumberedStream>();

  /** The stream of an application and node if there is one. */
  find({ app, node }: Coordinates): NumberedStream | undefined {
    return this.#streams.get(`${app} ${node}`);
  }

  /**
   * The stream of an application and node. It is kept for ever, since its numbers must not begin
   * anew in the same numbering.
   *
   * @throws {AriProxyError} With the code `invalid` when a part cannot stand in a subject.
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
}

/** A notice that is due. */
export interface DueNotice {
  /** Where it belongs. */
  readonly stream: NumberedStream;
  /** What it tells of. */
  readonly missing: Gap;
  /** Its number. */
  readonly seq: number;
}

/** What is missing from streams and has not been told to listeners. */
export class PendingGaps {
  /** Notices that have their numbers, in order. */
  #numbered: DueNotice[] = [];
  /** Streams with something missing that has no number yet, so that more can join it. */
  readonly #open = new Set<NumberedStream>();

  /** Whether there is nothing to tell. */
  get empty(): boolean {
    return this.#open.size === 0 && this.#numbered.length === 0;
  }

  /** The notice to publish next. Until {@linkcode PendingGaps.done} says so it may become another one. */
  get next(): DueNotice | undefined {
    if (this.#numbered.length > 0) return this.#numbered[0];
    for (const stream of this.#open) {
      if (stream.missing) return { stream, missing: stream.missing, seq: stream.seq + 1 };
    }
    return undefined;
  }

  /** Takes note that the notice which came next was published, or never can be. */
  done({ stream, missing, seq }: DueNotice): void {
    if (this.#numbered[0]?.missing === missing) {
      this.#numbered.shift();
      return;
    }
    stream.seq = seq;
    stream.missing = undefined;
    this.#open.delete(stream);
  }

  /** Takes what is missing between the last event that left the stream and the next one. */
  add(stream: NumberedStream, missing: Gap): void {
    if (stream.missing) stream.missing.join(missing);
    else stream.missing = missing;
    this.#open.add(stream);
  }

  /** Takes an event for which there is no room; it uses up a number. */
  giveUp(stream: NumberedStream, data: Uint8Array, dialogs: readonly string[]): void {
    const seq = ++stream.seq;
    if (!stream.missing) {
      const before = stream.published;
      const numbers = [seq, seq] as const;
      this.add(stream, new Gap({ reason: "overflow", before, end: data, numbers }));
    }
    stream.missing?.giveUp(seq, data, dialogs);
  }

  /**
   * Takes what was published and may be lost, and what notices told that may be lost as well. The
   * notice gets its number at once, and so its place before what is yet to be given up.
   */
  doubt(
    stream: NumberedStream,
    part: Pick<MissingPart, "detail" | "end">,
    dialogs: Iterable<string>,
  ): void {
    const { sent, safe, told, arrived } = stream;
    const lost = new Gap({
      ...part,
      reason: "bus",
      before: arrived,
      numbers: [safe + 1, sent],
      doubtful: true,
    });
    lost.concern(dialogs);
    const missing = told ?? lost;
    if (told) told.join(lost);
    if (stream.missing) missing.join(stream.missing);
    stream.missing = undefined;
    stream.told = undefined;
    stream.safe = sent;
    this.#open.delete(stream);
    this.#numbered.push({ stream, missing, seq: ++stream.seq });
  }
}

/** Options of {@linkcode ArrivalCheck}. */
interface ArrivalCheckOptions {
  /** Resolves when the bus has everything that was published before. */
  readonly flush: () => Promise<void>;
  /** What is published. */
  readonly streams: Iterable<NumberedStream>;
  /**
   * Time from a message to the question whether it has arrived, in milliseconds.
   *
   * @default {50}
   */
  readonly interval?: number;
}

/**
 * Finds out up to which number events have reached the bus, by asking once in a while and not for
 * each of them: when the connection breaks, what was published later may be lost.
 */
export class ArrivalCheck {
  readonly #options: ArrivalCheckOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether a question is due or under way. */
  #busy = false;
  /** Tells the answer to a question of an earlier connection. */
  #connection = 0;

  /** Makes a check that rests until something is published. */
  constructor(options: ArrivalCheckOptions) {
    this.#options = options;
  }

  /** Takes note that something was published. */
  begin(): void {
    if (this.#busy) return;
    this.#busy = true;
    const connection = this.#connection;
    this.#timer = setTimeout(() => {
      this.#ask().catch(() => {}).finally(() => {
        if (connection !== this.#connection) return;
        this.#busy = false;
        for (const { sent, safe } of this.#options.streams) if (sent > safe) return this.begin();
      });
    }, this.#options.interval ?? 50);
  }

  /** Forgets what was published: the connection is gone. */
  reset(): void {
    this.#connection++;
    this.#busy = false;
    clearTimeout(this.#timer);
  }

  /** Rejects when the bus does not answer. */
  async #ask(): Promise<void> {
    const connection = this.#connection;
    const asked = Array.from(
      this.#options.streams,
      (stream) => [stream, stream.sent, stream.published] as const,
    );
    await this.#options.flush();
    if (connection !== this.#connection) return;
    for (const [stream, sent, published] of asked) {
      stream.safe = sent;
      stream.arrived = published;
      if (stream.toldSeq <= sent) stream.told = undefined;
    }
  }
}
