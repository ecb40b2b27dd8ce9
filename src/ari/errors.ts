/**
 * What can go wrong between this program and Asterisk.
 *
 * @module
 */

/**
 * Why Asterisk could not be asked, or gave no usable answer:
 *
 * - `unreachable`: no connection came about, so a request was certainly not carried out
 * - `interrupted`: the connection broke before the answer was complete; a request may have been
 *   carried out
 * - `expired`: it could not be sent before the time after which it must not begin; nothing was sent
 * - `timeout`: no answer in time; a request may have been carried out
 * - `aborted`: the caller gave up, or the connection was closed by this side
 * - `tls`: the certificate is not trusted, or the other side speaks no TLS
 * - `denied`: wrong user name or password, or no permission (401, 403); event socket only
 * - `not_found`: there is no ARI at this address (404); event socket only
 * - `bad_answer`: the answer is no HTTP, or has a status that makes no sense here
 * - `too_large`: the answer is larger than it may be; the request was carried out. The text of the
 *   cause is its size
 * - `no_room`: there is an answer, and no room for it beside other large ones; the request was carried out
 * - `busy`: Asterisk is at another request and takes this one no sooner; nothing was sent
 * - `invalid`: the request or the settings cannot be sent as they are; nothing was sent
 */
export type AriErrorCode =
  | "unreachable"
  | "interrupted"
  | "expired"
  | "timeout"
  | "aborted"
  | "tls"
  | "denied"
  | "not_found"
  | "bad_answer"
  | "too_large"
  | "no_room"
  | "busy"
  | "invalid";

/** An error on the way to Asterisk or back. Its text never contains credentials or queries. */
export class AriError extends Error {
  /** What happened, for programs. */
  readonly code: AriErrorCode;

  /** Makes an error with a code. */
  constructor(code: AriErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AriError";
    this.code = code;
  }
}
