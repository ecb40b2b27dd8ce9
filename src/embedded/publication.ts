/**
 * A message between the client that publishes it and those that receive it.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Outgoing } from "./outgoing.ts";

/** How {@linkcode Publication} is made. Lengths are in bytes. */
interface PublicationParts {
  /** Where it was published, a character for each byte. */
  readonly subject: string;
  /** All that follows the subject on the wire: `[REPLY ][HEADERS ]TOTAL CRLF BODY CRLF`. */
  readonly tail: Buffer;
  /** Length of the reply subject at the start of the tail; 0 when there is none. */
  readonly replyLength: number;
  /** Length of the line at the start of the tail, with its CRLF. */
  readonly lineLength: number;
  /** Length of the headers at the start of the body; 0 when there are none. */
  readonly headerLength: number;
  /** Whether the tail's memory is the publication's own; otherwise it is that of a read buffer. */
  readonly owned: boolean;
}

/**
 * A message. What follows the subject is the same when it comes in (`PUB subject tail`) and when it
 * goes out (`MSG subject sid tail`), so these bytes pass through as they are.
 */
export class Publication {
  /** Where it was published, a character for each byte. */
  readonly subject: string;
  readonly hasHeaders: boolean;
  /**
   * All that follows the subject on the wire. It is to be used before the next bytes are read from
   * the client; see {@linkcode Publication.keep}.
   */
  readonly tail: Buffer;
  /** The queue of a receiver that lags; the publisher has to slow down. */
  lagging: Outgoing | undefined;
  readonly #parts: PublicationParts;
  #kept: Buffer | undefined;
  #plain: Buffer | undefined;

  constructor(parts: PublicationParts) {
    this.subject = parts.subject;
    this.tail = parts.tail;
    this.hasHeaders = parts.headerLength > 0;
    this.#parts = parts;
  }

  /** The reply subject, a character for each byte; empty when there is none. */
  get reply(): string {
    return this.tail.toString("latin1", 0, this.#parts.replyLength);
  }

  /** The tail in memory that is not overwritten, the same for all receivers. */
  keep(): Buffer {
    return this.#kept ??= this.#parts.owned ? this.tail : Buffer.from(this.tail);
  }

  /** The tail without the headers, for a client that does not support them. */
  plain(): Buffer {
    if (this.#plain === undefined) {
      const { lineLength, headerLength } = this.#parts;
      const body = this.tail.subarray(lineLength + headerLength);
      const reply = this.reply;
      const line = `${reply}${reply === "" ? "" : " "}${body.length - 2}\r\n`;
      this.#plain = Buffer.concat([Buffer.from(line, "latin1"), body]);
    }
    return this.#plain;
  }
}
