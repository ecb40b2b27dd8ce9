import type { NumberedStream } from "./stream.ts";
import type { Gap } from "./gap.ts";

/** An event that waits for the bus. */
export interface WaitingEvent {
  /** Where it belongs. */
  readonly stream: NumberedStream;
  /** Its text, in UTF-8. */
  readonly data: Uint8Array;
  /** Dialogs that get copies. */
  readonly dialogs: readonly string[];
}

/** A notice that waits for the bus. */
export interface WaitingNotice {
  /** Where it belongs. */
  readonly stream: NumberedStream;
  /** What it tells of. */
  readonly missing: Gap;
}

/** What a notice counts for, in bytes. */
const noticeSize = 1_024;

/** What waits for the bus, in order. */
export class Waiting {
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
