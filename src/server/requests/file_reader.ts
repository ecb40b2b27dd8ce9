import { Buffer } from "node:buffer";
import { createHash, type Hash } from "node:crypto";
import type { AriDownload } from "../../ari/asterisk_link.ts";
import type { AriResult } from "../../protocol/kinds/engine.ts";
import { AriProxyError, errorTexts } from "../../protocol/errors.ts";
import { type FileChunkData, longestChunk } from "../../protocol/kinds/recordings.ts";
import type { WantedChunk } from "../../protocol/kinds/columns.ts";
import type { AriCall } from "../../protocol/ari_call.ts";

interface FileReaderOptions {
  /** The REST interface of Asterisk. */
  readonly rest: { download(path: string): Promise<AriDownload | AriResult> };
  readonly bus: { readonly maxPayload: number };
  /**
   * How many files may be open; each uses a connection to Asterisk, which serves 100 in all by default,
   * and the memory of a chunk.
   *
   * @default {16}
   */
  readonly limit?: number;
  /**
   * How long a file is kept open between two chunks, in milliseconds. Asterisk waits for half a minute
   * and more, but not for ever.
   *
   * @default {20_000}
   */
  readonly idleTimeout?: number;
  /**
   * How long after a chunk a file is not closed in favour of another one, in milliseconds.
   *
   * @default {2_000}
   */
  readonly reserved?: number;
  /** Returns the time, in milliseconds. */
  readonly now?: () => number;
}

/** Bytes of a response besides the content of its chunk. */
const ENVELOPE = 4_096;

/**
 * Reads files of Asterisk in chunks, as they are requested. Asterisk sends a file from its beginning only,
 * so it is kept open between two chunks; a chunk that is requested in another order, or late, is read from
 * the beginning again.
 *
 * A client shows by the hash of what it has that it continues the same file, so a file that has changed
 * is noticed, and any reader of the same bytes can take over from another one.
 */
export class FileReader implements Disposable {
  readonly #options: FileReaderOptions;
  readonly #limit: number;
  readonly #idleTimeout: number;
  readonly #now: () => number;
  readonly #files = new Map<OpenFile, string>();
  /** Chunks that are being read. */
  readonly #reading = new Map<string, Promise<FileChunkData | AriResult>>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #opening = 0;
  #closed = false;

  /** Makes a reader without open files. */
  constructor(options: FileReaderOptions) {
    this.#options = options;
    this.#limit = options.limit ?? 16;
    this.#idleTimeout = options.idleTimeout ?? 20_000;
    this.#now = options.now ?? (() => performance.now());
  }

  /** How many files are open. */
  get open(): number {
    return [...this.#files.keys()].filter(({ open }) => open).length + this.#opening;
  }

  /**
   * Reads a chunk of a file.
   *
   * @returns The chunk, or the response with which Asterisk refuses it.
   * @throws {AriProxyError} With the code `conflict` when the file has changed since its first chunk, and
   * `busy` when too many files are being read.
   * @throws {AriError} When Asterisk cannot be reached or does not send the file to its end.
   */
  read({ path }: AriCall, { length, ...place }: WantedChunk): Promise<FileChunkData | AriResult> {
    const fitting = Math.floor((this.#options.bus.maxPayload - ENVELOPE) * 3 / 4);
    const most = Math.max(1, Math.min(longestChunk, fitting));
    const wanted = { ...place, length: Math.min(length || most, most) };
    // A retry that comes before the response gets the same one.
    const id = JSON.stringify([path, wanted.offset, wanted.length, wanted.before]);
    const same = wanted.before || wanted.offset === 0 ? this.#reading.get(id) : undefined;
    if (same) return same;
    const reading = this.#read(path, wanted).finally(() => {
      if (this.#reading.get(id) === reading) this.#reading.delete(id);
    });
    this.#reading.set(id, reading);
    return reading;
  }

  /** Closes all files. */
  [Symbol.dispose](): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const file of this.#files.keys()) file[Symbol.dispose]();
    this.#files.clear();
  }

  async #read(path: string, wanted: WantedChunk): Promise<FileChunkData | AriResult> {
    const known = [...this.#files].filter(([file, of]) => of === path && !file.busy)
      .map(([file]) => file);
    const repeated = wanted.before
      ? known.map((file) => file.again(wanted)).find((chunk) => chunk)
      : undefined;
    if (repeated) return repeated;
    const file = (wanted.offset > 0 && known.find((one) => one.continues(wanted))) ||
      await this.#start(path);
    if (!(file instanceof OpenFile)) return file;
    try {
      return await file.read(wanted);
    } catch (error) {
      this.#remove(file);
      throw error;
    }
  }

  async #start(path: string): Promise<OpenFile | AriResult> {
    this.#makeRoom();
    this.#opening++;
    try {
      const download = await this.#options.rest.download(path);
      if ("status" in download) return download;
      const file = new OpenFile(download, this.#now);
      if (this.#closed) file[Symbol.dispose]();
      else this.#files.set(file, path);
      this.#timer ??= setTimeout(() => this.#closeIdle(), this.#idleTimeout);
      if (this.#closed) clearTimeout(this.#timer);
      return file;
    } finally {
      this.#opening--;
    }
  }

  /** Closes the file that was used longest ago, when there are too many. */
  #makeRoom(): void {
    const { reserved = 2_000 } = this.#options;
    if (this.#files.size + this.#opening < this.#limit) return;
    const [oldest] = [...this.#files.keys()].filter(({ busy }) => !busy)
      .sort((a, b) => Number(a.open) - Number(b.open) || a.lastUsed - b.lastUsed);
    if (!oldest || oldest.open && this.#now() - oldest.lastUsed < reserved) {
      throw new AriProxyError("busy", `Busy: ${this.#limit} files are being read`);
    }
    this.#remove(oldest);
  }

  #remove(file: OpenFile): void {
    file[Symbol.dispose]();
    this.#files.delete(file);
  }

  #closeIdle(): void {
    this.#timer = undefined;
    let next = this.#idleTimeout;
    for (const file of [...this.#files.keys()]) {
      if (file.busy) continue;
      const left = file.lastUsed + this.#idleTimeout - this.#now();
      if (left <= 0) this.#remove(file);
      else next = Math.min(next, left);
    }
    if (this.#files.size > 0) this.#timer = setTimeout(() => this.#closeIdle(), Math.ceil(next));
  }
}

/** Size of the buffer for what is read and not wanted, in bytes. */
const SKIP = 64 * 1024;

/**
 * A file that is read from Asterisk chunk by chunk, and hashed meanwhile. It keeps the last chunk in
 * memory, for a retry.
 */
class OpenFile implements Disposable {
  readonly #download: AriDownload;
  readonly #now: () => number;
  readonly #hash: Hash = createHash("sha256");
  #position = 0;
  #digest = "";
  #last: { readonly wanted: WantedChunk; readonly chunk: FileChunkData } | undefined;
  #open = true;
  #busy = true;
  #lastUsed = 0;

  /** Takes over a file of which nothing has been read. It is busy until its first chunk has been read. */
  constructor(download: AriDownload, now: () => number) {
    this.#download = download;
    this.#now = now;
    this.#updateDigest();
  }

  /** Whether a chunk is being read. */
  get busy(): boolean {
    return this.#busy;
  }

  /** When the last chunk had been read, in milliseconds of the clock that was handed in. */
  get lastUsed(): number {
    return this.#lastUsed;
  }

  /** Whether it uses a connection to Asterisk. */
  get open(): boolean {
    return this.#open;
  }

  /** The chunk, if it is the last one that was read. */
  again({ offset, length, before }: WantedChunk): FileChunkData | undefined {
    const last = this.#last;
    const same = last && last.wanted.offset === offset && last.wanted.length === length &&
      last.wanted.before === before;
    return same ? last.chunk : undefined;
  }

  /** Whether the chunk is the one that comes next. */
  continues({ offset, before }: WantedChunk): boolean {
    return this.#open && this.#position === offset && (before === "" || before === this.#digest);
  }

  /**
   * Reads a chunk that has not been passed, and skips what is before it.
   *
   * @throws {AriProxyError} With the code `conflict` when what is before it has another hash.
   * @throws {AriError} When Asterisk does not send the file to its end.
   */
  async read(wanted: WantedChunk): Promise<FileChunkData> {
    this.#busy = true;
    try {
      return await this.#read(wanted);
    } finally {
      this.#busy = false;
      this.#lastUsed = this.#now();
    }
  }

  /** Closes the connection. */
  [Symbol.dispose](): void {
    if (!this.#open) return;
    this.#open = false;
    this.#download[Symbol.dispose]();
  }

  async #read(wanted: WantedChunk): Promise<FileChunkData> {
    const { offset, length, before } = wanted;
    const { size, type } = this.#download;
    if (offset > size) throw changed();
    await this.#skip(offset);
    if (before !== "" && before !== this.#digest) throw changed();
    const content = await this.#take(Math.min(length, size - offset));
    const end = this.#position === size;
    const chunk = {
      offset,
      size,
      content_type: type,
      content: content.toString("base64"),
      ...(end && { sha256: this.#digest }),
    };
    this.#last = { wanted, chunk };
    if (end) this[Symbol.dispose]();
    return chunk;
  }

  async #skip(offset: number): Promise<void> {
    const buffer = new Uint8Array(Math.min(SKIP, offset - this.#position));
    while (this.#position < offset) {
      const count = await this.#download.read(buffer.subarray(0, offset - this.#position));
      this.#pass(buffer.subarray(0, count));
    }
    this.#updateDigest();
  }

  async #take(length: number): Promise<Buffer> {
    const content = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) filled += await this.#download.read(content.subarray(filled));
    this.#pass(content);
    this.#updateDigest();
    return content;
  }

  #pass(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.#position += bytes.length;
  }

  #updateDigest(): void {
    this.#digest = this.#hash.copy().digest("hex");
  }
}

function changed(): AriProxyError {
  return new AriProxyError("conflict", errorTexts.changed);
}
