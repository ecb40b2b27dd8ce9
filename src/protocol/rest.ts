/**
 * The kind that carries any call to Asterisk's REST interface, for what no other kind does.
 *
 * @module
 */
import { invalid, quoted } from "./errors.ts";

/** A call to Asterisk's REST interface. */
export interface RestPayload {
  /** `GET`, `POST`, `PUT` or `DELETE`. */
  readonly method: string;
  /**
   * Path below the base URL, as in `/channels/1700.1/move`. What is percent-encoded in it is taken
   * as such, so that an ID with a slash can be written with `%2F`.
   */
  readonly path: string;
  /** Query. */
  readonly query?: Readonly<Record<string, string>>;
  /** Body, a JSON object. */
  readonly body?: unknown;
}

/** What Asterisk answered to a {@linkcode RestPayload}. */
export interface RestData {
  /** HTTP status. */
  readonly status: number;
  /** Reason phrase, as in `Not Found`. */
  readonly reason: string;
  /** The body: its value if it is JSON, else its text; absent when it is empty. */
  readonly body?: unknown;
  /** For the bytes of a file, as that of a stored recording: the body is their Base64. */
  readonly encoding?: "base64";
}

/** The methods that ARI knows. */
export const restMethods = ["GET", "POST", "PUT", "DELETE"] as const;

/** A method that ARI knows. */
export type RestMethod = typeof restMethods[number];

/**
 * The method of a call.
 *
 * @throws {AriProxyError} With the code `invalid` for one that ARI does not know.
 */
export function restMethod(text: string): RestMethod {
  const method = restMethods.find((known) => known === text.toUpperCase());
  if (!method) {
    throw invalid(
      `Cannot use ${quoted(text)} as method: ARI knows ${restMethods.join(", ")}`,
    );
  }
  return method;
}

/**
 * The segments of a path, percent-decoded where they are encoded.
 *
 * @throws {AriProxyError} With the code `invalid` for a path that is none, or has a query in it.
 */
export function restSegments(path: string): string[] {
  if (!/^\/[^/?#]/.test(path) || /[?#]/.test(path)) {
    throw invalid(
      `Cannot use ${quoted(path)} as path: a path begins with one slash and has no query, as in ` +
        "/channels",
    );
  }
  return path.slice(1).split("/").map((segment) => {
    try {
      return decodeURIComponent(segment);
    } catch {
      return segment;
    }
  });
}
