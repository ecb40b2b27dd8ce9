/**
 * A bounded number of connections to one HTTP server, kept for further requests.
 *
 * @module
 */
import { closeConnection, dial, writeAll } from "../connection.ts";
import {
  type HttpResponse,
  ResponseBudget,
  type ResponseLimits,
  ResponseReader,
} from "./response_reader.ts";

/** Options of {@linkcode HttpPool}. */
interface HttpPoolOptions {
  /** Certificates to trust besides the system's, as PEM. @default none */
  readonly ca?: readonly string[];
  /** Most connections at a time. */
  readonly connections: number;
  /** How long an unused connection is kept, in milliseconds. */
  readonly idleTimeout: number;
  /** Bytes that large answers may take together while they are read. */
  readonly responseBudget: number;
}

/** A request, and what becomes of it. */
interface Job {
  /** The bytes to send. */
  readonly request: Uint8Array;
  /** Bytes that the body of the answer may have, as it is told. */
  readonly maxBody: number;
  /** When they must have been sent, in milliseconds since 1970. @default at any time */
  readonly notAfter?: number;
  /** Called when the job has left the queue of those for which there is no connection. */
  begun(): void;
  /** Called with the answer. */
  answered(answer: HttpResponse): void;
  /**
   * Called with what the runtime or the connection threw; with {@linkcode EXPIRED} for a job that was not
   * sent since its time was over.
   *
   * @param reached Whether a connection stood, so that the request may have arrived; whether that
   * connection had been used before.
   */
  failed(error: unknown, reached: "no" | "new" | "reused"): void;
}

interface Place {
  readonly job: Job;
  over: boolean;
  /** Ends what is done for the job at the moment. */
  stop: (reason: unknown) => void;
}

/** What a job fails with whose time is over before it is sent. */
export const EXPIRED = new Error("Not sent: its time was over");

/** Carries out jobs, and lets those wait for which there is no connection. */
export class HttpPool {
  readonly #url: URL;
  readonly #options: HttpPoolOptions;
  readonly #budget: ResponseBudget;
  readonly #idle: HttpConnection[] = [];
  readonly #waiting: Place[] = [];
  /** Jobs that have a connection, or are getting one. */
  #busy = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  /** Makes a pool without connections. */
  constructor(url: URL, options: HttpPoolOptions) {
    this.#url = url;
    this.#options = options;
    this.#budget = new ResponseBudget(options.responseBudget);
  }

  /** How many jobs wait for a connection. */
  get waiting(): number {
    return this.#waiting.filter(({ over }) => !over).length;
  }

  /**
   * Carries out a job, as soon as there is a connection.
   *
   * @returns A function that gives the job up: it is not sent any more, or its connection is closed,
   * and nothing is told of it.
   */
  run(job: Job): (reason: unknown) => void {
    const place: Place = { job, over: false, stop: () => {} };
    if (this.#busy < this.#options.connections) this.#begin(place);
    else this.#waiting.push(place);
    return (reason) => {
      if (place.over) return;
      place.over = true;
      place.stop(reason);
    };
  }

  /** Closes the connections that are not in use, now and later. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const kept of [...this.#idle]) kept.close();
  }

  #begin(place: Place): void {
    if (isLate(place.job)) return this.#expire(place);
    this.#busy++;
    place.job.begun();
    const kept = this.#idle.pop();
    if (kept !== undefined) return this.#send(place, kept, "reused");
    const stop = new AbortController();
    place.stop = (reason) => stop.abort(reason);
    dial(this.#url, { ca: this.#options.ca, signal: stop.signal }).then((connection) => {
      const kept = new HttpConnection(connection, (ended) => this.#forget(ended));
      if (!place.over) return this.#send(place, kept, "new");
      kept.close();
      this.#leave();
    }, (error) => {
      this.#leave();
      this.#finish(place, () => place.job.failed(error, "no"));
    });
  }

  #send(place: Place, kept: HttpConnection, reached: "new" | "reused"): void {
    // Connecting may have taken long.
    if (isLate(place.job)) {
      this.#keep(kept);
      this.#leave();
      return this.#expire(place);
    }
    place.stop = (reason) => kept.close(reason);
    const { request, maxBody } = place.job;
    kept.exchange(request, { maxBody, budget: this.#budget }).then((answer) => {
      if (kept.open) this.#keep(kept);
      this.#leave();
      this.#finish(place, () => place.job.answered(answer));
    }, (error) => {
      this.#leave();
      this.#finish(place, () => place.job.failed(error, reached));
    });
  }

  #expire(place: Place): void {
    this.#finish(place, () => place.job.failed(EXPIRED, "no"));
  }

  #finish(place: Place, tell: () => void): void {
    if (place.over) return;
    place.over = true;
    tell();
  }

  #leave(): void {
    this.#busy--;
    while (this.#busy < this.#options.connections) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      if (!next.over) this.#begin(next);
    }
  }

  #keep(kept: HttpConnection): void {
    if (this.#closed) return kept.close();
    kept.lastUsed = performance.now();
    this.#idle.push(kept);
    this.#timer ??= setTimeout(() => this.#tidy(), this.#options.idleTimeout);
  }

  /** Closes the lines that lie idle for too long; the one used last is the last. */
  #tidy(): void {
    this.#timer = undefined;
    const { idleTimeout } = this.#options;
    const now = performance.now();
    while (this.#idle.length > 0 && now - this.#idle[0].lastUsed >= idleTimeout) {
      this.#idle[0].close();
    }
    if (this.#idle.length === 0) return;
    const left = this.#idle[0].lastUsed + idleTimeout - now;
    this.#timer = setTimeout(() => this.#tidy(), Math.max(1, Math.ceil(left)));
  }

  #forget(kept: HttpConnection): void {
    const index = this.#idle.indexOf(kept);
    if (index >= 0) this.#idle.splice(index, 1);
  }
}

function isLate({ notAfter }: Job): boolean {
  return notAfter !== undefined && Date.now() > notAfter;
}

/** Bytes of one read. */
const BUFFER = 32 * 1024;

/** An exchange under way. */
interface Exchange {
  readonly reader: ResponseReader;
  readonly answered: (answer: HttpResponse) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * A connection that is kept. It is read all the time, so that its end is noticed before it is given
 * another request.
 */
class HttpConnection {
  /** When it was last used, in milliseconds of `performance.now()`. */
  lastUsed = 0;
  readonly #connection: Deno.Conn;
  readonly #onEnd: (ended: HttpConnection) => void;
  #exchange: Exchange | undefined;
  #open = true;

  /**
   * Takes over a connection.
   *
   * @param onEnd Called once, when the connection is closed by either side.
   */
  constructor(connection: Deno.Conn, onEnd: (ended: HttpConnection) => void) {
    this.#connection = connection;
    this.#onEnd = onEnd;
    void this.#read();
  }

  /** Whether it can carry another request. */
  get open(): boolean {
    return this.#open;
  }

  /**
   * Sends a request and reads its answer. There must be none under way.
   *
   * @throws What the runtime throws, or an error that says how the connection ended, or
   * {@linkcode BadResponse}. The connection is closed then.
   */
  exchange(request: Uint8Array, limits: ResponseLimits): Promise<HttpResponse> {
    const { promise, resolve, reject } = Promise.withResolvers<HttpResponse>();
    const reader = new ResponseReader(limits);
    this.#exchange = { reader, answered: resolve, failed: reject };
    writeAll(this.#connection, request).catch((error) => this.close(error));
    return promise;
  }

  /** Closes the connection; an exchange under way rejects with the reason. */
  close(reason: unknown = new Error("the connection was closed")): void {
    if (!this.#open) return;
    this.#open = false;
    closeConnection(this.#connection);
    this.#exchange?.reader.release();
    this.#exchange?.failed(reason);
    this.#exchange = undefined;
    this.#onEnd(this);
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(BUFFER);
    try {
      while (this.#open) {
        const count = await this.#connection.read(buffer);
        const reader = this.#exchange?.reader;
        // Bytes that nobody asked for would pass for the answer to the next request.
        if (reader === undefined) break;
        const answer = count === null ? reader.end() : reader.push(buffer.subarray(0, count));
        if (answer !== undefined) this.#answer(answer);
        if (count === null) break;
      }
      this.close();
    } catch (error) {
      this.close(error);
    }
  }

  #answer(answer: HttpResponse): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    exchange?.reader.release();
    if (!answer.reusable) this.close();
    exchange?.answered(answer);
  }
}
