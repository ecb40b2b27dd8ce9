import { Buffer } from "node:buffer";
import { createHash, type Hash } from "node:crypto";
import type { AriDownload } from "../../ari/asterisk_link.ts";
import type { AriResult } from "../../protocol/answer.ts";
import { AriProxyError, errorTexts } from "../../protocol/errors.ts";
import { type FilePieceData, longestPiece, type WantedPiece } from "../../protocol/file_piece.ts";
import type { AriCall } from "../../protocol/route.ts";

/** Options of {@linkcode RecordingFiles}. */
interface RecordingFilesOptions {
  /** Asks Asterisk for a file. */
  readonly download: (path: string) => Promise<AriDownload | AriResult>;
  /** The largest payload that the bus takes, in bytes. */
  readonly maxPayload: () => number;
  /**
   * How many files may be under way; each has a connection to Asterisk, which serves 100 in all by
   * default, and a piece in memory.
   *
   * @default {16}
   */
  readonly limit?: number;
  /**
   * How long a file waits for someone to go on, in milliseconds. Asterisk waits for half a minute and
   * more, but not for ever.
   *
   * @default {20_000}
   */
  readonly idleTimeout?: number;
  /**
   * How long a file is kept from others who want to begin one, in milliseconds.
   *
   * @default {2_000}
   */
  readonly reserved?: number;
  /** Tells the time, in milliseconds. */
  readonly now?: () => number;
}

/** Bytes of an answer beside the content of its piece. */
const ENVELOPE = 4_096;

/**
 * Reads files of Asterisk in pieces, as they are asked for. Asterisk sends a file from its beginning
 * only, so it is kept open between two pieces of it; what is asked for in another order, or late, is
 * read from the beginning again.
 *
 * Who goes on with a file shows by the hash of what he has that it is the same file, so a file that
 * has changed is noticed, and any reader of the same bytes can take the other's place.
 */
export class RecordingFiles implements Disposable {
  readonly #options: RecordingFilesOptions;
  readonly #limit: number;
  readonly #idleTimeout: number;
  readonly #now: () => number;
  readonly #files = new Map<RecordingFile, string>();
  /** Pieces that are being read. */
  readonly #underWay = new Map<string, Promise<FilePieceData | AriResult>>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #opening = 0;
  #closed = false;

  /** Makes a reader of no files. */
  constructor(options: RecordingFilesOptions) {
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
   * Reads a piece of a file, or tells why Asterisk refuses it.
   *
   * @throws {AriProxyError} With the code `conflict` when the file is another one than was begun with, and
   * `busy` when too many are under way.
   * @throws {AriError} When Asterisk cannot be reached or does not send the file to its end.
   */
  read({ path }: AriCall, { length, ...place }: WantedPiece): Promise<FilePieceData | AriResult> {
    const fitting = Math.floor((this.#options.maxPayload() - ENVELOPE) * 3 / 4);
    const most = Math.max(1, Math.min(longestPiece, fitting));
    const wanted = { ...place, length: Math.min(length || most, most) };
    // Who asks again before the answer has come gets the same one.
    const id = JSON.stringify([path, wanted.offset, wanted.length, wanted.before]);
    const same = wanted.before || wanted.offset === 0 ? this.#underWay.get(id) : undefined;
    if (same) return same;
    const reading = this.#read(path, wanted).finally(() => {
      if (this.#underWay.get(id) === reading) this.#underWay.delete(id);
    });
    this.#underWay.set(id, reading);
    return reading;
  }

  /** Gives all files up. */
  [Symbol.dispose](): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const file of this.#files.keys()) file[Symbol.dispose]();
    this.#files.clear();
  }

  async #read(path: string, wanted: WantedPiece): Promise<FilePieceData | AriResult> {
    const known = [...this.#files].filter(([file, of]) => of === path && !file.busy)
      .map(([file]) => file);
    const repeated = wanted.before
      ? known.map((file) => file.again(wanted)).find((piece) => piece)
      : undefined;
    if (repeated) return repeated;
    const file = (wanted.offset > 0 && known.find((one) => one.continues(wanted))) ||
      await this.#begin(path);
    if (!(file instanceof RecordingFile)) return file;
    file.busy = true;
    try {
      return await file.read(wanted);
    } catch (error) {
      this.#forget(file);
      throw error;
    } finally {
      file.busy = false;
      file.lastUsed = this.#now();
    }
  }

  async #begin(path: string): Promise<RecordingFile | AriResult> {
    this.#makeRoom();
    this.#opening++;
    try {
      const download = await this.#options.download(path);
      if ("status" in download) return download;
      const file = new RecordingFile(download);
      file.busy = true;
      if (this.#closed) file[Symbol.dispose]();
      else this.#files.set(file, path);
      this.#timer ??= setTimeout(() => this.#tidy(), this.#idleTimeout);
      if (this.#closed) clearTimeout(this.#timer);
      return file;
    } finally {
      this.#opening--;
    }
  }

  /** Gives up a file that nobody seems to want any more, when there are too many. */
  #makeRoom(): void {
    const { reserved = 2_000 } = this.#options;
    if (this.#files.size + this.#opening < this.#limit) return;
    const [oldest] = [...this.#files.keys()].filter(({ busy }) => !busy)
      .sort((a, b) => Number(a.open) - Number(b.open) || a.lastUsed - b.lastUsed);
    if (!oldest || oldest.open && this.#now() - oldest.lastUsed < reserved) {
      throw new AriProxyError("busy", `Busy: ${this.#limit} files are being read`);
    }
    this.#forget(oldest);
  }

  #forget(file: RecordingFile): void {
    file[Symbol.dispose]();
    this.#files.delete(file);
  }

  #tidy(): void {
    this.#timer = undefined;
    let next = this.#idleTimeout;
    for (const file of [...this.#files.keys()]) {
      if (file.busy) continue;
      const left = file.lastUsed + this.#idleTimeout - this.#now();
      if (left <= 0) this.#forget(file);
      else next = Math.min(next, left);
    }
    if (this.#files.size > 0) this.#timer = setTimeout(() => this.#tidy(), Math.ceil(next));
  }
}

/** Bytes of the buffer for what is read and not wanted. */
const SKIP = 64 * 1024;

/**
 * A file that is read from Asterisk from its beginning on, piece by piece, and its hash with it. It
 * holds one piece in memory: the last one, for whoever asks for it again.
 */
class RecordingFile implements Disposable {
  /** When it was last used, in milliseconds of the clock of its owner. */
  lastUsed = 0;
  /** Whether a piece is being read. */
  busy = false;
  readonly #download: AriDownload;
  readonly #hash: Hash = createHash("sha256");
  #position = 0;
  #digest = "";
  #last: { readonly wanted: WantedPiece; readonly piece: FilePieceData } | undefined;
  #open = true;

  /** Takes over a file of which nothing has been read. */
  constructor(download: AriDownload) {
    this.#download = download;
    this.#note();
  }

  /** Whether it holds a connection to Asterisk. */
  get open(): boolean {
    return this.#open;
  }

  /** The piece, if it is the last one that was read. */
  again({ offset, length, before }: WantedPiece): FilePieceData | undefined {
    const last = this.#last;
    const same = last && last.wanted.offset === offset && last.wanted.length === length &&
      last.wanted.before === before;
    return same ? last.piece : undefined;
  }

  /** Whether the piece is the one that comes next. */
  continues({ offset, before }: WantedPiece): boolean {
    return this.#open && this.#position === offset && (before === "" || before === this.#digest);
  }

  /**
   * Reads a piece that has not been passed by, and over all that is before it.
   *
   * @throws {AriProxyError} With the code `conflict` when the file does not begin as it has to.
   * @throws {AriError} When Asterisk does not go on.
   */
  async read(wanted: WantedPiece): Promise<FilePieceData> {
    const { offset, length, before } = wanted;
    const { size, type } = this.#download;
    if (offset > size) throw changed();
    await this.#skip(offset);
    if (before !== "" && before !== this.#digest) throw changed();
    const content = await this.#take(Math.min(length, size - offset));
    const end = this.#position === size;
    const piece = {
      offset,
      size,
      content_type: type,
      content: content.toString("base64"),
      ...(end && { sha256: this.#digest }),
    };
    this.#last = { wanted, piece };
    if (end) this[Symbol.dispose]();
    return piece;
  }

  /** Gives the connection up. */
  [Symbol.dispose](): void {
    if (!this.#open) return;
    this.#open = false;
    this.#download[Symbol.dispose]();
  }

  async #skip(offset: number): Promise<void> {
    const buffer = new Uint8Array(Math.min(SKIP, offset - this.#position));
    while (this.#position < offset) {
      const count = await this.#download.read(buffer.subarray(0, offset - this.#position));
      this.#pass(buffer.subarray(0, count));
    }
    this.#note();
  }

  async #take(length: number): Promise<Buffer> {
    const content = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) filled += await this.#download.read(content.subarray(filled));
    this.#pass(content);
    this.#note();
    return content;
  }

  #pass(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.#position += bytes.length;
  }

  #note(): void {
    this.#digest = this.#hash.copy().digest("hex");
  }
}

function changed(): AriProxyError {
  return new AriProxyError("conflict", errorTexts.changed);
}
