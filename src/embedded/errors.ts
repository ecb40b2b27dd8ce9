/**
 * Why the embedded bus does not start, and why it ends the connection of a client.
 *
 * @module
 */

/**
 * - `in_use`: something listens on that port already.
 * - `invalid`: the options are refused.
 * - `failed`: the operating system refuses it.
 */
type EmbeddedBusErrorCode = "in_use" | "invalid" | "failed";

/** An error on opening the embedded bus. */
export class EmbeddedBusError extends Error {
  /** What happened, for programs. */
  readonly code: EmbeddedBusErrorCode;

  /** Makes an error with a code. */
  constructor(code: EmbeddedBusErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "EmbeddedBusError";
    this.code = code;
  }
}

/** A violation of the protocol, which ends the connection. The message is the text of its `-ERR`. */
export class ProtocolError extends Error {
  /** Makes an error with the text for the client. */
  constructor(message: string) {
    super(message);
    this.name = "ProtocolError";
  }
}
