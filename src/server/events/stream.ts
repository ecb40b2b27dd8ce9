import { mint } from "../../protocol/mint.ts";
import type { EventMarks } from "../../protocol/headers.ts";
import type { Coordinates } from "../../protocol/key.ts";
import { eventSubject } from "../../protocol/subjects.ts";
import type { Gap, Moment } from "./gap.ts";

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

  /** The marks of the event with a number. */
  marks(seq: number): EventMarks {
    return { node: this.node, epoch: this.epoch, seq };
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
