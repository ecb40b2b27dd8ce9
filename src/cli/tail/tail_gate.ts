import { readEventMarks } from "../../protocol/headers.ts";
import type { EventMessage } from "../events/recorder.ts";

/** Characters that may wait while the past is shown. */
const limit = 64 * 1024 * 1024;

/**
 * Holds back what comes while the past is shown, and then lets it through without what the past had
 * already.
 */
export class TailGate {
  readonly #take: (message: EventMessage) => void;
  #open: boolean;
  #waiting: EventMessage[] = [];
  #size = 0;
  /** The last number of the past, by subject and numbering. */
  readonly #past = new Map<string, number>();

  /**
   * Makes a gate.
   *
   * @param take Gets the messages in order.
   */
  constructor(take: (message: EventMessage) => void, options: { readonly open: boolean }) {
    this.#take = take;
    this.#open = options.open;
  }

  /** Takes a message that comes now. */
  readonly now = (message: EventMessage): void => {
    if (this.#open) return this.#pass(message);
    // What is given up here may still come with the past; else its number is found to be missing.
    if (this.#size > limit) {
      this.#waiting = [];
      this.#size = 0;
    }
    this.#waiting.push(message);
    this.#size += message.text.length;
  };

  /** Takes a message of the past. */
  past(message: EventMessage): void {
    const marks = readEventMarks(message.headers);
    if (marks) this.#past.set(`${message.subject} ${marks.epoch}`, marks.seq);
    this.#take(message);
  }

  /** Lets through what has come and what will. */
  open(): void {
    this.#open = true;
    for (const message of this.#waiting) this.#pass(message);
    this.#waiting = [];
  }

  #pass(message: EventMessage): void {
    if (this.#past.size > 0) {
      const marks = readEventMarks(message.headers);
      const last = marks && this.#past.get(`${message.subject} ${marks.epoch}`);
      if (last !== undefined && marks && marks.seq <= last) return;
    }
    this.#take(message);
  }
}
