import { isResult } from "../../protocol/answer.ts";
import { AriProxyError, errorTexts } from "../../protocol/errors.ts";
import { encodeResponse, type Response } from "../../protocol/response.ts";

/** Options of {@linkcode AnswerCache}. */
interface AnswerCacheOptions {
  /**
   * How long an answer is kept from when it is there, or from the deadline of its request where that is
   * later, in milliseconds.
   *
   * @default {120_000}
   */
  readonly age?: number;
  /**
   * How much memory answers may take, in bytes; beyond that the oldest go.
   *
   * @default {16_777_216}
   */
  readonly sizeLimit?: number;
  /**
   * How many copies of one request may wait for its answer; beyond that they are refused.
   *
   * @default {16}
   */
  readonly copies?: number;
  /**
   * How many copies may wait in all; beyond that they are refused.
   *
   * @default {1_000}
   */
  readonly allCopies?: number;
  /**
   * Called when an answer had to go while its request may well be sent again: before the deadline, or,
   * where there is none, before its time. @default ignored
   */
  readonly onForgotten?: () => void;
  /** Tells the time, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** What tells a request from all others. */
interface RequestIdentity {
  /** Its ID. */
  readonly id: string;
  /** A hash of its content. The same ID with another hash is not the same request. */
  readonly hash: string;
  /** Until when it may be carried out, in milliseconds since 1970. @default for ever */
  readonly deadline?: number;
}

interface Kept {
  readonly hash: string;
  readonly answer: Promise<Response>;
  readonly deadline: number | undefined;
  /** When it is forgotten, in milliseconds since 1970; that is known when it is there. */
  expires: number;
  size: number;
  /** How many wait for it beside the first one; undefined when it is there. */
  copies: number | undefined;
}

/** What an answer takes beside its ID and content, in bytes. */
const frame = 256;
/** What an answer counts for that cannot be measured, in bytes. */
const unknownSize = 1024 * 1024;
/** Time between two looks for answers that have expired, in milliseconds. */
const sweepInterval = 5_000;
/** How full it is left when answers have to go: finding the oldest one each time costs its length. */
const filled = 7 / 8;

/**
 * The answers of requests that have an ID, for as long as someone may send one again: whoever does
 * gets the first one's answer, also while that is still under way, and nothing is done twice. Who
 * tries again may do so with a later deadline, so an answer outlives the one of its request.
 */
export class AnswerCache {
  readonly #kept = new Map<string, Kept>();
  readonly #options: AnswerCacheOptions;
  readonly #now: () => number;
  #size = 0;
  /** Copies that wait. */
  #copies = 0;
  #swept = 0;

  /** Makes an empty memory. */
  constructor(options: AnswerCacheOptions = {}) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** How many answers are remembered, those under way included. */
  get count(): number {
    return this.#kept.size;
  }

  /** Memory that the answers take, about, in bytes. */
  get size(): number {
    return this.#size;
  }

  /**
   * The answer to a request: the one it got before, or the one it gets now. What was certainly not
   * begun, for want of time or room, is not remembered: who tries again gets another chance.
   *
   * @throws {AriProxyError} With the code `busy` when too many copies wait already, and `invalid` when
   * the ID is that of a request with other content. What `perform` throws at once is not kept.
   */
  once(
    { id, hash, deadline }: RequestIdentity,
    perform: () => Promise<Response>,
  ): Promise<Response> {
    const now = this.#now();
    this.#sweep(now);
    const known = this.#kept.get(id);
    if (known && (known.copies !== undefined || known.expires > now)) {
      if (known.hash !== hash) throw new AriProxyError("invalid", errorTexts.reusedId);
      return this.#again(known);
    }
    this.#forget(id);
    const kept: Kept = {
      hash,
      answer: perform(),
      deadline,
      expires: Infinity,
      size: frame + id.length,
      copies: 0,
    };
    this.#kept.set(id, kept);
    this.#size += kept.size;
    const settle = (size: number) => this.#settle(kept, size);
    kept.answer.then((response) => settle(sizeOf(response)), (error) => {
      settle(sizeOfError(error));
      if (notBegun(error) && this.#kept.get(id) === kept) this.#forget(id);
    });
    return kept.answer;
  }

  #again(known: Kept): Promise<Response> {
    if (known.copies === undefined) return known.answer;
    const { copies = 16, allCopies = 1_000 } = this.#options;
    if (known.copies >= copies || this.#copies >= allCopies) {
      throw new AriProxyError("busy", errorTexts.copies, { outcome: "unknown" });
    }
    known.copies++;
    this.#copies++;
    return known.answer;
  }

  #settle(kept: Kept, size: number): void {
    this.#copies -= kept.copies ?? 0;
    kept.copies = undefined;
    kept.expires = Math.max(this.#now(), kept.deadline ?? 0) + (this.#options.age ?? 120_000);
    kept.size += size;
    this.#size += size;
    if (this.#size > this.#limit) this.#makeRoom();
  }

  get #limit(): number {
    return this.#options.sizeLimit ?? 16 * 1024 * 1024;
  }

  #makeRoom(): void {
    const now = this.#now();
    let early = false;
    for (const [id, { copies, expires, deadline = expires }] of this.#kept) {
      if (this.#size <= this.#limit * filled) break;
      if (copies !== undefined) continue;
      early ||= deadline > now;
      this.#forget(id);
    }
    if (early) this.#options.onForgotten?.();
  }

  #sweep(now: number): void {
    if (now >= this.#swept && now < this.#swept + sweepInterval) return;
    this.#swept = now;
    for (const [id, { copies, expires }] of this.#kept) {
      if (copies === undefined && expires <= now) this.#forget(id);
    }
  }

  #forget(id: string): void {
    this.#size -= this.#kept.get(id)?.size ?? 0;
    this.#kept.delete(id);
  }
}

function notBegun(error: unknown): boolean {
  return error instanceof AriProxyError && (error.code === "expired" || error.code === "busy");
}

function sizeOf(response: Response): number {
  const { error, data, key, keys } = response;
  if (!data && !key && !keys) return error.length;
  try {
    return encodeResponse(response).length;
  } catch {
    // It is nested too deeply to be sent as well.
    return unknownSize;
  }
}

function sizeOfError(error: unknown): number {
  if (!(error instanceof Error)) return 0;
  const { message, cause } = error;
  return message.length + (isResult(cause) ? cause.body.length : 0);
}
