import type { Response } from "../protocol/response.ts";

/** Options of {@linkcode Answered}. */
export interface AnsweredOptions {
  /**
   * How long an answer is kept, in milliseconds.
   *
   * @default {120_000}
   */
  readonly age?: number;
  /**
   * How many answers are kept; beyond that the oldest go.
   *
   * @default {10_000}
   */
  readonly limit?: number;
  /** Tells the time, in milliseconds. */
  readonly now?: () => number;
}

/**
 * The answers of requests that have an ID, for as long as someone may send one again: whoever does
 * gets the first one's answer, also while that is still under way, and nothing is done twice.
 */
export class Answered {
  readonly #answers = new Map<
    string,
    { readonly at: number; readonly answer: Promise<Response> }
  >();
  readonly #age: number;
  readonly #limit: number;
  readonly #now: () => number;

  /** Makes an empty memory. */
  constructor(options: AnsweredOptions = {}) {
    this.#age = options.age ?? 120_000;
    this.#limit = options.limit ?? 10_000;
    this.#now = options.now ?? Date.now;
  }

  /** How many answers are kept. */
  get size(): number {
    return this.#answers.size;
  }

  /** The answer to a request: the one it got before, or the one it gets now. */
  once(id: string, perform: () => Promise<Response>): Promise<Response> {
    this.#forget();
    const known = this.#answers.get(id);
    if (known) return known.answer;
    const answer = perform();
    this.#answers.set(id, { at: this.#now(), answer });
    return answer;
  }

  #forget(): void {
    const oldest = this.#now() - this.#age;
    for (const [id, { at }] of this.#answers) {
      if (at > oldest && this.#answers.size < this.#limit) return;
      this.#answers.delete(id);
    }
  }
}
