/**
 * One connection that carries HTTP requests, one after the other.
 *
 * @module
 */
import { closeConnection, writeAll } from "./dial.ts";
import { type AnswerLimits, AnswerReader, type HttpAnswer } from "./http/response_reader.ts";

/** Bytes of one read. */
const BUFFER = 32 * 1024;

/** An exchange under way. */
interface Exchange {
  readonly reader: AnswerReader;
  readonly answered: (answer: HttpAnswer) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * A connection that is kept. It is read all the time, so that its end is noticed before it is given
 * another request.
 */
export class HttpConnection {
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
   * {@linkcode BadAnswer}. The connection is closed then.
   */
  exchange(request: Uint8Array, limits: AnswerLimits): Promise<HttpAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
    const reader = new AnswerReader(limits);
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

  #answer(answer: HttpAnswer): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    exchange?.reader.release();
    if (!answer.reusable) this.close();
    exchange?.answered(answer);
  }
}
