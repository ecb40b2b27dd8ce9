/**
 * Why the embedded bus does not open.
 *
 * @module
 */

/**
 * - `in_use`: something listens on that port already.
 * - `invalid`: the options ask for what is refused.
 * - `failed`: the machine does not allow it.
 */
export type EmbeddedBusErrorCode = "in_use" | "invalid" | "failed";

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
