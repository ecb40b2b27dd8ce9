/**
 * Errors: one table that maps the texts of Asterisk and of proxies to codes that a program can act on.
 *
 * @module
 */

/** What went wrong, for programs. */
export type ErrorCode =
  /** The entity does not exist. */
  | "not_found"
  /** The entity is in a state that does not allow it. */
  | "conflict"
  /** The request is malformed. */
  | "invalid"
  /** The proxy or Asterisk does not allow it. */
  | "denied"
  /** The proxy does not have the kind of request. */
  | "unsupported"
  /** The proxy has no connection to its Asterisk. */
  | "asterisk_down"
  /** The response is larger than the bus allows. */
  | "too_large"
  /**
   * The proxy has too many requests in flight, or its Asterisk is busy with one that does not end; it did
   * not begin this one, or not once more.
   */
  | "busy"
  /** The request came after its deadline; it was not carried out. */
  | "expired"
  /** No proxy listens on the subject. */
  | "no_node"
  /** No response came in time. Whether the request was carried out is not known. */
  | "timeout"
  /** The bus cannot be reached, or the connection to it broke. */
  | "unreachable"
  /** The client or the bus is closed. */
  | "closed"
  /** Any other failure. */
  | "failed";

/**
 * The outcome of a request that failed, for a program that considers a retry: `not_sent` is certain not
 * to have been carried out, `failed` got an error as its response, and `unknown` may have been carried out.
 */
export type Outcome = "not_sent" | "unknown" | "failed";

/** The outcome of a code, where nothing more is known. */
const outcomeOfCode: Readonly<Record<ErrorCode, Outcome>> = {
  not_found: "failed",
  conflict: "failed",
  invalid: "not_sent",
  denied: "failed",
  unsupported: "failed",
  asterisk_down: "failed",
  too_large: "unknown",
  busy: "failed",
  expired: "failed",
  no_node: "not_sent",
  timeout: "unknown",
  unreachable: "not_sent",
  closed: "not_sent",
  failed: "failed",
};

/** Options of {@linkcode AriProxyError}. */
export interface AriProxyErrorOptions extends ErrorOptions {
  /** Outcome of the request. @default that of the code */
  readonly outcome?: Outcome;
  /** Node that responded. @default not known */
  readonly node?: string;
}

/** An error of the protocol. Its message is for the wire and for people. */
export class AriProxyError extends Error {
  /** What went wrong, for programs. */
  readonly code: ErrorCode;
  /** Whether the request may have been carried out all the same. */
  readonly outcome: Outcome;
  /** Node that responded; undefined where that is not known. */
  readonly node: string | undefined;

  /** Creates an error with a code. */
  constructor(code: ErrorCode, message: string, options: AriProxyErrorOptions = {}) {
    const { outcome = outcomeOfCode[code], node, ...rest } = options;
    super(message, rest);
    this.name = "AriProxyError";
    this.code = code;
    this.outcome = outcome;
    this.node = node;
  }
}

/** The same error with another outcome. */
export function withOutcome(
  { code, message, cause, node }: AriProxyError,
  outcome: Outcome,
): AriProxyError {
  return new AriProxyError(code, message, { cause, outcome, ...(node && { node }) });
}

/** The error of a malformed request. */
export function invalid(message: string): AriProxyError {
  return new AriProxyError("invalid", message);
}

/** A value for an error text: quoted, and cut to 80 characters. */
export function quoted(value: string): string {
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
}

/** Error texts of proxies, ours and the original's. Programs match on them. */
export const errorTexts = {
  notImplemented: "Not implemented",
  asteriskDown: "ARI connection is down",
  notFound: "not found",
  busy: (limit: number): string => `Busy: ${limit} requests are under way`,
  occupied: (why: string): string => `Busy: ${why}`,
  reusedId: "Malformed request: its id is that of an earlier request with other content",
  copies: "Busy: too many copies of the request wait for its answer",
  expired: (late: number): string => `Expired: came ${late} ms after its deadline`,
  expiredWaiting: "Expired: its deadline passed while it waited",
  denied: (what: string): string => `Denied: the proxy's policy does not allow ${what}`,
  refused: (status: number, reason: string): string =>
    `Non-2XX response: ${`${status} ${reason}`.trim()}`,
  noId: (what: string): string => `${what} key not supplied`,
  undecodable: (why: string): string => `failed to decode response: ${why}`,
  unreachable: (why: string): string => `failed to make request: ${why}`,
  changed: "Changed: the file is another one than was begun with",
  tooDeep: "Cannot write JSON: it is nested too deeply",
  tooLarge: (size: string, limit: number): string =>
    `Reply too large: ${size}, the bus allows ${limit}; ask for less at a time, and for the file of ` +
    "a recording in pieces (RecordingStoredFile)",
  busyBus: "Busy: too much is on its way to the bus",
  busyHistory: (limit: number): string => `Busy: ${limit} requests for past events wait`,
  busyReading: "Busy: too many large answers of Asterisk are being read",
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
  [/^Changed: /, "conflict"],
  [/^Cannot write JSON/, "too_large"],
  [/^Denied: /, "denied"],
  [/^Expired: /, "expired"],
  [/^not found$/i, "not_found"],
  [/key not supplied$/, "invalid"],
  [/^(Malformed request|Cannot use|Missing) ?/, "invalid"],
  [/(is mandatory|is required|invalid input ID|^wrong key type)$/, "invalid"],
  [/^Not allowed to /, "invalid"],
];

/**
 * The code for the error text of a response. Proxies of any kind send the reason as a text only, with
 * Asterisk's status in it.
 */
export function codeOfError(text: string): ErrorCode {
  const status = /Non-2XX response: (\d{3})\b/.exec(text);
  if (status) return codeOfStatus[Number(status[1])] ?? "failed";
  return codeOfText.find(([pattern]) => pattern.test(text))?.[1] ?? "failed";
}

/** Texts of responses after which Asterisk may have carried out the request. */
const outcomeUnknownTexts: readonly RegExp[] = [
  /failed to make request: (?!Cannot reach)/,
  /failed to decode response: /,
  /^Reply too large/,
  /^Busy: too many copies/,
];

/** The outcome for the error text of a response. */
export function outcomeOfError(text: string): Outcome {
  return outcomeUnknownTexts.some((pattern) => pattern.test(text)) ? "unknown" : "failed";
}
