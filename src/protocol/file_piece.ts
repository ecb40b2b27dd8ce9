/**
 * Files in pieces: a piece fits into a message, and says how the file goes on.
 *
 * @module
 */

/** Bytes of a piece at the most: in Base64 they fit into the megabyte that NATS allows by default. */
export const longestPiece: number = 512 * 1024;

/** Which piece of a file is wanted. */
export interface WantedPiece {
  /** Where it begins, in bytes. */
  readonly offset: number;
  /** How long it may be, in bytes; 0 leaves it to the proxy. */
  readonly length: number;
  /** SHA-256 of all that precedes it, in hexadecimal digits; empty for no matter what that was. */
  readonly before: string;
}

/** A request for a piece of a file. The whole is asked for piece by piece. */
export interface FilePiecePayload {
  /** Where the piece begins, in bytes. @default {0} */
  readonly offset?: number;
  /** How long it may be, in bytes; the proxy may send less. @default {524_288} */
  readonly length?: number;
  /**
   * SHA-256 of all bytes before the offset, in hexadecimal digits. A file that does not begin so is
   * another one than was begun with, and refused.
   *
   * @default what precedes the piece is not compared
   */
  readonly before?: string;
}

/** A piece of a file. */
export interface FilePieceData {
  /** Where it begins, in bytes. */
  readonly offset: number;
  /** Bytes of the whole file. */
  readonly size: number;
  /** Content type, as Asterisk tells it; empty when it does not. */
  readonly content_type: string;
  /** The bytes in Base64; empty for none, at the end of the file only. */
  readonly content: string;
  /** With the last piece: SHA-256 of the whole file, in hexadecimal digits. */
  readonly sha256?: string;
}
