/**
 * A bounded number of keep-alive connections to one HTTP server.
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

interface HttpPoolOptions {
  /** Certificates to trust besides the system's, as PEM. @default none */
  readonly ca?: readonly string[];
  /** Maximum number of connections. */
  readonly connections: number;
  /** How long an unused connection is kept open, in milliseconds. */
  readonly idleTimeout: number;
  /** Memory for large responses while they are read, in bytes. */
  readonly responseBudget: number;
}

/** A request, with callbacks for its progress. */
interface Job {
  /** The bytes to send. */
  readonly request: Uint8Array;
  /** Maximum size of the body of the response, in bytes as encoded. */
  readonly maxBody: number;
  /** Deadline for sending, in milliseconds since 1970. @default none */
  readonly notAfter?: number;
  /** Called when the job leaves the queue for a connection. */
  begun(): void;
  /** Called with the response. */
  responded(response: HttpResponse): void;
  /**
   * Called with what the runtime or the connection threw, or {@linkcode EXPIRED} for a job that was not
   * sent because its deadline had passed.
   *
   * @param reached Whether there was a connection, so that the request may have arrived, and whether
   * that connection had been used before.
   */
  failed(error: unknown, reached: "no" | "new" | "reused"): void;
}

interface Entry {
  readonly job: Job;
  over: boolean;
  /** Stops connecting, or closes the connection. */
  stop: (reason: unknown) => void;
}

/** The failure of a job whose deadline passes before it is sent. */
export const EXPIRED = new Error("Not sent: its deadline had passed");

/** Sends requests on its connections; further ones wait in a queue. */
export class HttpPool {
  readonly #url: URL;
  readonly #options: HttpPoolOptions;
  readonly #budget: ResponseBudget;
  readonly #idle: HttpConnection[] = [];
  readonly #waiting: Entry[] = [];
  /** Number of jobs that have a connection, or are getting one. */
  #busy = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(url: URL, options: HttpPoolOptions) {
    this.#url = url;
    this.#options = options;
    this.#budget = new ResponseBudget(options.responseBudget);
  }

  /** Number of jobs that wait for a connection. */
  get waiting(): number {
    return this.#waiting.filter(({ over }) => !over).length;
  }

  /**
   * Sends a request as soon as there is a connection.
   *
   * @returns A function that aborts the job: it is not sent, or its connection is closed, and none of
   * its callbacks is called.
   */
  run(job: Job): (reason: unknown) => void {
    const entry: Entry = { job, over: false, stop: () => {} };
    if (this.#busy < this.#options.connections) this.#begin(entry);
    else this.#waiting.push(entry);
    return (reason) => {
      if (entry.over) return;
      entry.over = true;
      entry.stop(reason);
    };
  }

  /** Closes the idle connections, and each other one when it becomes idle. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const connection of [...this.#idle]) connection.close();
  }

  #begin(entry: Entry): void {
    if (isLate(entry.job)) return this.#expire(entry);
    this.#busy++;
    entry.job.begun();
    const connection = this.#idle.pop();
    if (connection !== undefined) return this.#send(entry, connection, "reused");
    const stop = new AbortController();
    entry.stop = (reason) => stop.abort(reason);
    dial(this.#url, { ca: this.#options.ca, signal: stop.signal }).then((socket) => {
      const connection = new HttpConnection(socket, (ended) => this.#forget(ended));
      if (!entry.over) return this.#send(entry, connection, "new");
      connection.close();
      this.#leave();
    }, (error) => {
      this.#leave();
      this.#finish(entry, () => entry.job.failed(error, "no"));
    });
  }

  #send(entry: Entry, connection: HttpConnection, reached: "new" | "reused"): void {
    // Connecting may have taken long.
    if (isLate(entry.job)) {
      this.#keep(connection);
      this.#leave();
      return this.#expire(entry);
    }
    entry.stop = (reason) => connection.close(reason);
    const { request, maxBody } = entry.job;
    connection.exchange(request, { maxBody, budget: this.#budget }).then((response) => {
      if (connection.open) this.#keep(connection);
      this.#leave();
      this.#finish(entry, () => entry.job.responded(response));
    }, (error) => {
      this.#leave();
      this.#finish(entry, () => entry.job.failed(error, reached));
    });
  }

  #expire(entry: Entry): void {
    this.#finish(entry, () => entry.job.failed(EXPIRED, "no"));
  }

  #finish(entry: Entry, report: () => void): void {
    if (entry.over) return;
    entry.over = true;
    report();
  }

  #leave(): void {
    this.#busy--;
    while (this.#busy < this.#options.connections) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      if (!next.over) this.#begin(next);
    }
  }

  #keep(connection: HttpConnection): void {
    if (this.#closed) return connection.close();
    connection.lastUsed = performance.now();
    this.#idle.push(connection);
    this.#timer ??= setTimeout(() => this.#tidy(), this.#options.idleTimeout);
  }

  /** Closes the connections that have been idle for too long; the last one was used last. */
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

  #forget(connection: HttpConnection): void {
    const index = this.#idle.indexOf(connection);
    if (index >= 0) this.#idle.splice(index, 1);
  }
}

function isLate({ notAfter }: Job): boolean {
  return notAfter !== undefined && Date.now() > notAfter;
}

/** Size of the read buffer in bytes. */
const BUFFER = 32 * 1024;

interface Exchange {
  readonly reader: ResponseReader;
  readonly responded: (response: HttpResponse) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * One connection, which carries requests one after the other. It is read all the time, so that its end
 * is noticed before it gets another request.
 */
class HttpConnection {
  /** When it became idle, by `performance.now()`. */
  lastUsed = 0;
  readonly #connection: Deno.Conn;
  readonly #onEnd: (ended: HttpConnection) => void;
  #exchange: Exchange | undefined;
  #open = true;

  /**
   * Takes ownership of a connection.
   *
   * @param onEnd Called once, when either side has closed the connection.
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
   * Sends a request and reads its response. The previous one must be complete.
   *
   * @throws What the runtime throws, or an error that says how the connection ended, or
   * {@linkcode BadResponse}. The connection is closed then.
   */
  exchange(request: Uint8Array, limits: ResponseLimits): Promise<HttpResponse> {
    const { promise, resolve, reject } = Promise.withResolvers<HttpResponse>();
    const reader = new ResponseReader(limits);
    this.#exchange = { reader, responded: resolve, failed: reject };
    writeAll(this.#connection, request).catch((error) => this.close(error));
    return promise;
  }

  /** Closes the connection; a pending exchange rejects with the reason. */
  close(reason: unknown = new Error("the connection was closed")): void {
    if (!this.#open) return;
    this.#open = false;
    closeConnection(this.#connection);
    this.#exchange?.reader.release();
    this.#exchange?.failed(reason);
    this.#onEnd(this);
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(BUFFER);
    try {
      while (this.#open) {
        const count = await this.#connection.read(buffer);
        const reader = this.#exchange?.reader;
        // Bytes without a request would be read as the response to the next one.
        if (reader === undefined) break;
        const response = count === null ? reader.end() : reader.push(buffer.subarray(0, count));
        if (response !== undefined) this.#complete(response);
        if (count === null) break;
      }
      this.close();
    } catch (error) {
      this.close(error);
    }
  }

  #complete(response: HttpResponse): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    exchange?.reader.release();
    if (!response.reusable) this.close();
    exchange?.responded(response);
  }
}
