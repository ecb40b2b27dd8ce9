import { Buffer } from "node:buffer";
import { createHash, type Hash } from "node:crypto";
import type { AriDownload } from "../../ari/asterisk_link.ts";
import { AriProxyError, errorTexts } from "../../protocol/errors.ts";
import type { FilePieceData, WantedPiece } from "../../protocol/file_piece.ts";

/** Bytes of the buffer for what is read and not wanted. */
const SKIP = 64 * 1024;

/**
 * A file that is read from Asterisk from its beginning on, piece by piece, and its hash with it. It
 * holds one piece in memory: the last one, for whoever asks for it again.
 */
export class RecordingFile implements Disposable {
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
