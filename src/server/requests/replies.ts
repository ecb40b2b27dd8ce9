import { isResult } from "../../protocol/kinds/engine.ts";
import { AriProxyError, errorTexts } from "../../protocol/errors.ts";
import { encodeResponse, type Response } from "../../protocol/response.ts";

interface ReplyCacheOptions {
  /**
   * How long a reply is kept after it was made, or after the deadline of its request where that is later,
   * in milliseconds.
   *
   * @default {120_000}
   */
  readonly age?: number;
  /**
   * How much memory replies may use, in bytes; beyond that the oldest are forgotten.
   *
   * @default {16_777_216}
   */
  readonly sizeLimit?: number;
  /**
   * How many copies of one request may wait for its reply; beyond that they are refused.
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
   * Called when replies were forgotten whose requests may still be sent again: before the deadline, or,
   * where there is none, before the age. @default ignored
   */
  readonly onForgotten?: () => void;
  /** Returns the time, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** Identifies a request. */
interface RequestIdentity {
  readonly id: string;
  /** A hash of its content. The same ID with another hash is not the same request. */
  readonly hash: string;
  /** Until when it may be carried out, in milliseconds since 1970. @default no limit */
  readonly deadline?: number;
}

interface Cached {
  readonly hash: string;
  readonly reply: Promise<Response>;
  readonly deadline: number | undefined;
  /** When it is forgotten, in milliseconds since 1970; infinite until the reply is there. */
  expires: number;
  size: number;
  /** How many copies of the request wait for the reply; undefined when it is there. */
  copies: number | undefined;
}

/** What a reply uses besides its ID and content, in bytes. */
const frame = 256;
/** What a reply counts for whose size cannot be measured, in bytes. */
const unknownSize = 1024 * 1024;
/** Time between two sweeps for replies that have expired, in milliseconds. */
const sweepInterval = 5_000;
/** How full the cache is left when replies are forgotten: to find the oldest costs the length of the map. */
const filled = 7 / 8;

/**
 * The replies to requests that have an ID, as long as a client may retry one: the retry gets the reply of
 * the first request, also while that is in flight, and nothing is carried out twice. A retry may have a
 * later deadline, so a reply outlives the deadline of its request.
 */
export class ReplyCache {
  readonly #cached = new Map<string, Cached>();
  readonly #options: ReplyCacheOptions;
  readonly #now: () => number;
  #size = 0;
  /** Copies that wait. */
  #copies = 0;
  #swept = 0;

  /** Makes an empty cache. */
  constructor(options: ReplyCacheOptions = {}) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** How many replies are cached, those in flight included. */
  get count(): number {
    return this.#cached.size;
  }

  /** Memory used by the replies, about, in bytes. */
  get size(): number {
    return this.#size;
  }

  /**
   * Returns the reply to a request: the cached one, or that of `perform`. What was certainly not started,
   * out of time or room, is not cached, so that a retry has another chance.
   *
   * @throws {AriProxyError} With the code `busy` when too many copies wait already, and `invalid` when
   * the ID is that of a request with other content. What `perform` throws at once is not cached.
   */
  once(
    { id, hash, deadline }: RequestIdentity,
    perform: () => Promise<Response>,
  ): Promise<Response> {
    const now = this.#now();
    this.#sweep(now);
    const known = this.#cached.get(id);
    if (known && (known.copies !== undefined || known.expires > now)) {
      if (known.hash !== hash) throw new AriProxyError("invalid", errorTexts.reusedId);
      return this.#again(known);
    }
    this.#forget(id);
    const cached: Cached = {
      hash,
      reply: perform(),
      deadline,
      expires: Infinity,
      size: frame + id.length,
      copies: 0,
    };
    this.#cached.set(id, cached);
    this.#size += cached.size;
    const settle = (size: number) => this.#settle(cached, size);
    cached.reply.then((response) => settle(sizeOf(response)), (error) => {
      settle(sizeOfError(error));
      if (notStarted(error) && this.#cached.get(id) === cached) this.#forget(id);
    });
    return cached.reply;
  }

  #again(known: Cached): Promise<Response> {
    if (known.copies === undefined) return known.reply;
    const { copies = 16, allCopies = 1_000 } = this.#options;
    if (known.copies >= copies || this.#copies >= allCopies) {
      throw new AriProxyError("busy", errorTexts.copies, { outcome: "unknown" });
    }
    known.copies++;
    this.#copies++;
    return known.reply;
  }

  #settle(cached: Cached, size: number): void {
    this.#copies -= cached.copies ?? 0;
    cached.copies = undefined;
    cached.expires = Math.max(this.#now(), cached.deadline ?? 0) + (this.#options.age ?? 120_000);
    cached.size += size;
    this.#size += size;
    if (this.#size > this.#limit) this.#forgetOldest();
  }

  get #limit(): number {
    return this.#options.sizeLimit ?? 16 * 1024 * 1024;
  }

  #forgetOldest(): void {
    const now = this.#now();
    let early = false;
    for (const [id, { copies, expires, deadline = expires }] of this.#cached) {
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
    for (const [id, { copies, expires }] of this.#cached) {
      if (copies === undefined && expires <= now) this.#forget(id);
    }
  }

  #forget(id: string): void {
    this.#size -= this.#cached.get(id)?.size ?? 0;
    this.#cached.delete(id);
  }
}

function notStarted(error: unknown): boolean {
  return error instanceof AriProxyError && (error.code === "expired" || error.code === "busy");
}

function sizeOf(response: Response): number {
  const { error, data, key, keys } = response;
  if (!data && !key && !keys) return error.length;
  try {
    return encodeResponse(response).length;
  } catch {
    // It is nested too deeply to be sent either.
    return unknownSize;
  }
}

function sizeOfError(error: unknown): number {
  if (!(error instanceof Error)) return 0;
  const { message, cause } = error;
  return message.length + (isResult(cause) ? cause.body.length : 0);
}
