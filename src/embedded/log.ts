/**
 * Where the embedded bus tells what happens.
 *
 * @module
 */

/** A log; that of the proxy is one. */
export interface EmbeddedBusLog {
  /** For those who look for a fault. */
  debug(message: string, details?: Readonly<Record<string, unknown>>): void;
  /** A change of state that is as it should be. */
  info(message: string, details?: Readonly<Record<string, unknown>>): void;
  /** Something that needs attention. */
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
}
