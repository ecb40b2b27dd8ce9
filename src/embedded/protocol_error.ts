/**
 * What a client is told when it breaks the rules of the NATS protocol.
 *
 * @module
 */

/** A fault of a client that ends its connection. The message is the text of the `-ERR` it gets. */
export class ProtocolError extends Error {
  /** Makes an error with the text for the client. */
  constructor(message: string) {
    super(message);
    this.name = "ProtocolError";
  }
}
