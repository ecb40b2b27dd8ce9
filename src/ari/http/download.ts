/**
 * Downloads a file from Asterisk at the pace of its reader.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { AriError } from "../errors.ts";
import { closeConnection, dial, readHead, writeAll } from "../connection.ts";
import { BadResponse, type Head, parseHead } from "./response_reader.ts";

/** A download in progress. Its connection stays open until it is disposed of. */
export interface AriDownload extends Disposable {
  /** Content type; empty when Asterisk sends none. */
  readonly type: string;
  /** Size of the file in bytes. */
  readonly size: number;
  /**
   * Reads the next bytes, at least one, and returns how many; 0 at the end. Calls must not overlap.
   *
   * @throws {AriError} With the code `interrupted` when the file is incomplete, `timeout` or `aborted`.
   */
  read(into: Uint8Array): Promise<number>;
}

interface DownloadOptions {
  readonly url: URL;
  /** Certificates to trust besides the system's, as PEM. @default none */
  readonly ca?: readonly string[];
  /** Time for the head of the response, and between two chunks of its body, in milliseconds. */
  readonly timeout: number;
  /** Aborts the download. */
  readonly signal: AbortSignal;
}

/** A response that is not a file. */
interface Refusal {
  readonly status: number;
  readonly reason: string;
  /** The body, cut to 64 KiB. */
  readonly body: string;
}

/** Maximum size of a head, and of the body of a refusal, in bytes. */
const MAX_TEXT = 64 * 1024;

/**
 * Sends a request on a separate connection, and reads the head of the response.
 *
 * @param request The bytes to send, with `Connection: close`.
 * @throws {BadResponse} Or what the runtime throws, or the reason of the signal, or an
 * {@linkcode AriError} with the code `timeout`.
 */
export async function download(
  request: Uint8Array,
  options: DownloadOptions,
): Promise<AriDownload | Refusal> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const late = new AriError("timeout", `No response from Asterisk in ${options.timeout} ms`);
  const timer = setTimeout(() => stop.abort(late), options.timeout);
  let source: Source | undefined;
  try {
    const { ca } = options;
    source = new Source(await dial(options.url, { ca, signal }), signal);
    await writeAll(source.connection, request);
    const head = await source.head();
    if (head.status < 200 || head.status > 299) {
      const { status, reason } = head;
      return { status, reason, body: await source.text(head.length ?? 0) };
    }
    if (head.length === undefined || head.length === Infinity) {
      throw new BadResponse("it does not have the size of the file");
    }
    const file = new Download(source, head, options);
    source = undefined;
    return file;
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    clearTimeout(timer);
    source?.[Symbol.dispose]();
  }
}

/** The bytes of a connection, first those that were read together with the head. */
class Source implements Disposable {
  #rest: Buffer = Buffer.alloc(0);
  readonly #abort = () => closeConnection(this.connection);

  constructor(readonly connection: Deno.Conn, private readonly signal: AbortSignal) {
    signal.addEventListener("abort", this.#abort);
    if (signal.aborted) this.#abort();
  }

  async head(): Promise<Head> {
    for (;;) {
      const { connection } = this;
      const read = await readHead(connection, {
        limit: MAX_TEXT,
        begin: "HTTP/",
        before: this.#rest,
      });
      if (!read) throw new BadResponse("it is not HTTP");
      this.#rest = Buffer.from(read.rest);
      const head = parseHead(read.head);
      // An interim response is followed by the final one.
      if (head.status >= 200) return head;
    }
  }

  async text(length: number): Promise<string> {
    const wanted = Math.min(length, MAX_TEXT);
    while (this.#rest.length < wanted && await this.#more());
    return this.#rest.toString("utf8", 0, wanted);
  }

  async read(into: Uint8Array): Promise<number> {
    if (this.#rest.length === 0) return await this.connection.read(into) ?? 0;
    const count = this.#rest.copy(into);
    this.#rest = this.#rest.subarray(count);
    return count;
  }

  async #more(): Promise<boolean> {
    const buffer = new Uint8Array(4_096);
    const count = await this.connection.read(buffer) ?? 0;
    this.#rest = Buffer.concat([this.#rest, buffer.subarray(0, count)]);
    return count > 0;
  }

  [Symbol.dispose](): void {
    this.signal.removeEventListener("abort", this.#abort);
    closeConnection(this.connection);
  }
}

class Download implements AriDownload {
  readonly size: number;
  readonly type: string;
  readonly #source: Source;
  readonly #options: DownloadOptions;
  #left: number;

  constructor(source: Source, { length = 0, type }: Head, options: DownloadOptions) {
    this.#source = source;
    this.#options = options;
    this.size = this.#left = length;
    this.type = type;
  }

  async read(into: Uint8Array): Promise<number> {
    if (this.#left === 0) return 0;
    const { timeout, signal } = this.#options;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this[Symbol.dispose]();
    }, timeout);
    try {
      const count = await this.#source.read(into.subarray(0, this.#left));
      if (count === 0) throw new Error("The connection was closed");
      this.#left -= count;
      return count;
    } catch (cause) {
      if (late) {
        throw new AriError("timeout", `Nothing more of the file from Asterisk in ${timeout} ms`);
      }
      if (signal.aborted) throw signal.reason;
      const text = "Cannot read the file to its end: Asterisk closed the connection";
      throw new AriError("interrupted", text, { cause });
    } finally {
      clearTimeout(timer);
    }
  }

  [Symbol.dispose](): void {
    this.#source[Symbol.dispose]();
  }
}
