/**
 * Errors: one table from what Asterisk or a proxy said to a code that a program can act on.
 *
 * @module
 */

/** What went wrong, for programs. */
export type ErrorCode =
  /** The entity does not exist. */
  | "not_found"
  /** The entity is in a state that does not allow it. */
  | "conflict"
  /** The request is not as it has to be. */
  | "invalid"
  /** The proxy or Asterisk does not allow it. */
  | "denied"
  /** The proxy does not know the kind of request. */
  | "unsupported"
  /** The proxy has no connection to its Asterisk. */
  | "asterisk_down"
  /** The answer is larger than the bus allows. */
  | "too_large"
  /** The proxy has too many requests under way; it did not begin this one. */
  | "busy"
  /** The request came after its deadline; it was not carried out. */
  | "expired"
  /** Nobody listens on the subject. */
  | "no_node"
  /** No answer came in time. Whether the request was carried out is not known. */
  | "timeout"
  /** The client or the bus is closed or not connected. */
  | "closed"
  /** Any other failure. */
  | "failed";

/** An error of the protocol. Its message is fit for the wire and for people. */
export class AriProxyError extends Error {
  /** What went wrong, for programs. */
  readonly code: ErrorCode;

  /** Makes an error with a code. */
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AriProxyError";
    this.code = code;
  }
}

/** An error of a request that is not as it has to be. */
export function invalid(message: string): AriProxyError {
  return new AriProxyError("invalid", message);
}

/** Texts that proxies answer with, ours and the Go ones alike. */
export const errorTexts = {
  notImplemented: "Not implemented",
  asteriskDown: "ARI connection is down",
  notFound: "not found",
  busy: (limit: number): string => `Busy: ${limit} requests are under way`,
  expired: (late: number): string => `Expired: came ${late} ms after its deadline`,
  refused: (status: number, reason: string): string =>
    `Non-2XX response: ${`${status} ${reason}`.trim()}`,
  noId: (what: string): string => `${what} key not supplied`,
  undecodable: (why: string): string => `failed to decode response: ${why}`,
  unreachable: (why: string): string => `failed to make request: ${why}`,
  tooLarge: (size: number, limit: number): string =>
    `Reply too large: ${size} bytes, the bus allows ${limit}`,
} as const;

const codeOfStatus: Readonly<Record<number, ErrorCode>> = {
  400: "invalid",
  401: "denied",
  403: "denied",
  404: "not_found",
  405: "denied",
  406: "invalid",
  409: "conflict",
  412: "conflict",
  422: "invalid",
};

const codeOfText: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^Not implemented$/, "unsupported"],
  [/^ARI connection is down$/, "asterisk_down"],
  [/^Reply too large/, "too_large"],
  [/^Busy: /, "busy"],
  [/^Expired: /, "expired"],
  [/^not found$/i, "not_found"],
  [/key not supplied$/, "invalid"],
  [/^(Malformed request|Cannot use|Missing) ?/, "invalid"],
  [/(is mandatory|is required|invalid input ID|^wrong key type)$/, "invalid"],
  [/^Not allowed to /, "invalid"],
];

/**
 * The code for the error text of an answer. Proxies of any kind say why in a text only, and in it
 * Asterisk's status.
 */
export function codeOfError(text: string): ErrorCode {
  const status = /Non-2XX response: (\d{3})\b/.exec(text);
  if (status) return codeOfStatus[Number(status[1])] ?? "failed";
  return codeOfText.find(([pattern]) => pattern.test(text))?.[1] ?? "failed";
}
