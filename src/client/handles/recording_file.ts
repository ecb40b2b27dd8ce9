import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { backoff } from "../../common/backoff.ts";
import { pause } from "../../common/pause.ts";
import { AriProxyError, type ErrorCode } from "../../protocol/errors.ts";
import { type FileChunkData, longestChunk } from "../../protocol/kinds/recordings.ts";
import type { Key } from "../../protocol/key.ts";
import type { ClusterClient } from "../cluster.ts";
import type { AriRequestOptions } from "../requester.ts";

/** Options of {@linkcode StoredRecording.file}. */
export interface RecordingFileOptions {
  /**
   * How long to wait for the response to each chunk, in milliseconds.
   *
   * @default that of the client
   */
  readonly timeout?: number;
  /**
   * How long to retry when a file that was begun gets no further, in milliseconds: while the proxy or the
   * bus is disconnected, or the proxy busy with other files.
   *
   * @default {30_000}
   */
  readonly patience?: number;
  /**
   * Bytes of a chunk at most; the proxy may send less. One chunk is in memory at a time.
   *
   * @default {524_288}
   */
  readonly chunkLength?: number;
  /**
   * Aborts the reading, which then rejects with the signal's reason.
   *
   * @default none
   */
  readonly signal?: AbortSignal;
  /**
   * Called after each chunk, with the number of bytes received and the size of the file.
   *
   * @default none
   */
  readonly onProgress?: (received: number, size: number) => void;
}

/**
 * The file of a stored recording. It is transferred in chunks, each requested when the one before has
 * been taken, and the transfer continues where it stopped when the connection is lost or the proxy
 * restarts.
 *
 * Each call that reads it starts a transfer of its own. The bytes are compared with those that the proxy
 * read by their SHA-256, before each chunk and at the end. Reading rejects with an
 * {@linkcode AriProxyError}: `not_found` when there is no such recording, `conflict` when it has changed
 * in the meantime, `unsupported` by a proxy of the original, `busy` when the proxy stays busy with other
 * files, and as any request.
 *
 * ```ts no-run
 * import { connect } from "@ari-proxy/ari-proxy";
 *
 * await using client = await connect({ app: "demo" });
 * const recording = await client.recordings.stored.get("greeting");
 * await Deno.writeFile("greeting.wav", recording.file().stream());
 * ```
 */
export class RecordingFile implements AsyncIterable<Uint8Array<ArrayBuffer>> {
  readonly #client: ClusterClient;
  readonly #key: Key;
  readonly #options: RecordingFileOptions;

  /** Sends no request before it is read. */
  constructor(client: ClusterClient, key: Key, options: RecordingFileOptions = {}) {
    this.#client = client;
    this.#key = key;
    this.#options = options;
  }

  /** Its chunks, in order. Leaving the loop aborts the transfer. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
    for await (const { bytes } of this.#chunks()) yield bytes;
  }

  /** Its bytes as a stream, which requests a chunk when one is read. Cancelling it aborts the transfer. */
  stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const chunks = this[Symbol.asyncIterator]();
    return new ReadableStream({
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await chunks.return();
      },
    }, { highWaterMark: 0 });
  }

  /** All its bytes at once. */
  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    let whole: Uint8Array<ArrayBuffer> | undefined;
    let offset = 0;
    for await (const { bytes, size } of this.#chunks()) {
      whole ??= new Uint8Array(size);
      whole.set(bytes, offset);
      offset += bytes.length;
    }
    return whole ?? new Uint8Array();
  }

  async *#chunks(): AsyncGenerator<{ bytes: Uint8Array<ArrayBuffer>; size: number }> {
    const place = await this.#locate();
    const hash = createHash("sha256");
    let offset = 0;
    let size: number | undefined;
    for (;;) {
      const before = offset > 0 ? hash.copy().digest("hex") : "";
      const chunk = await this.#chunk(place, offset, before);
      if (typeof chunk.content !== "string" || typeof chunk.size !== "number") {
        throw this.#failure("failed", "the response lacks the bytes or the size");
      }
      const bytes = new Uint8Array(Buffer.from(chunk.content, "base64"));
      size ??= chunk.size;
      const end = offset + bytes.length === size;
      if (chunk.size !== size) throw this.#failure("conflict", "it has changed in the meantime");
      if (chunk.offset !== offset || offset + bytes.length > size || bytes.length === 0 && !end) {
        throw this.#failure("failed", "the proxy sent another chunk than the requested one");
      }
      hash.update(bytes);
      offset += bytes.length;
      if (end && chunk.sha256 !== hash.copy().digest("hex")) {
        throw this.#failure("failed", "the checksum does not match");
      }
      this.#options.onProgress?.(offset, size);
      if (bytes.length > 0) yield { bytes, size };
      if (end) return;
    }
  }

  /** The key with the node that has it, from which all chunks are requested. */
  async #locate(): Promise<Key> {
    const key = this.#client.key(this.#key);
    if (key.app && key.node) return key;
    return await this.#client.request("RecordingStoredGet", key, undefined, this.#call());
  }

  #call(): AriRequestOptions {
    const { timeout, signal } = this.#options;
    return { ...(timeout !== undefined && { timeout }), ...(signal && { signal }) };
  }

  /** Requests a chunk, again after failures that may pass. */
  async #chunk(place: Key, offset: number, before: string): Promise<FileChunkData> {
    const { patience = 30_000, chunkLength: length = longestChunk } = this.#options;
    const payload = { offset, length, ...(before && { before }) };
    const over = performance.now() + patience;
    for (let attempt = 0;; attempt++) {
      try {
        return await this.#client.request("RecordingStoredFile", place, payload, this.#call());
      } catch (error) {
        if (!(error instanceof AriProxyError)) throw error;
        const { code, message } = error;
        if (code === "conflict") throw this.#failure(code, "it has changed in the meantime", error);
        const passing = offset > 0 ? passingCodes.includes(code) : code === "busy";
        const wait = backoff(attempt, pauses);
        if (!passing || performance.now() + wait > over) {
          throw this.#failure(code, message, error);
        }
        await pause(wait, this.#options.signal);
      }
    }
  }

  #failure(code: ErrorCode, why: string, cause?: AriProxyError): AriProxyError {
    const { id = "" } = this.#key;
    const { node, outcome } = cause ?? {};
    return new AriProxyError(code, `Cannot read the file of the recording ${id}: ${why}`, {
      ...(cause && { cause }),
      ...(node && { node }),
      ...(outcome && { outcome }),
    });
  }
}

/** Codes of failures that may pass. */
const passingCodes: readonly ErrorCode[] = [
  "asterisk_down",
  "busy",
  "failed",
  "no_node",
  "timeout",
  "unreachable",
];

const pauses = { first: 100, max: 2_000 };
