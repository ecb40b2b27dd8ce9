/**
 * The kind that carries any call to Asterisk's REST interface, for what no other kind does.
 *
 * @module
 */
import type { EntityKind, EntityRef } from "./entities.ts";
import { invalid, quoted } from "./errors.ts";
import { isObject } from "./json.ts";
import type { RequestClass } from "./subjects.ts";

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

/** Calls that any one node can carry out, and that must not be carried out by several. */
const forOneNode: readonly RegExp[] = [
  /^POST \/(channels|bridges)(\/[^/]+)?$/,
  /^PUT \/endpoints(\/[^/]+\/[^/]+)?\/sendMessage$/,
  /^POST \/endpoints(\/[^/]+\/[^/]+)?\/refer$/,
];

/** Which any one node can raise, unless it is about what one of them has. */
const userEvent = /^POST \/events\/user\/[^/]+$/;

/**
 * The subject class of a call: reading goes to all nodes, what any one node can do to one, and what
 * concerns something that is there to all, of which one has it.
 */
export function restClass({ method, path, query, body }: RestPayload): RequestClass {
  const call = `${method.toUpperCase()} ${path}`;
  if (call.startsWith("GET ")) return "data";
  if (userEvent.test(call)) return sourcesOf({ query, body }).some(isOfNode) ? "command" : "create";
  return forOneNode.some((pattern) => pattern.test(call)) ? "create" : "command";
}

/** What a user event is about, as in `channel:1700.1`. */
function sourcesOf({ query, body }: Pick<RestPayload, "query" | "body">): string[] {
  const inBody = isObject(body) ? body.source : undefined;
  const given = Array.isArray(inBody) ? inBody : [inBody];
  return [query?.source, ...given].flatMap((text) =>
    typeof text === "string" ? text.split(",") : []
  );
}

/** Whether one node alone has the source; endpoints and device states are on all. */
function isOfNode(source: string): boolean {
  return /^(channel|bridge):/.test(source);
}

/** Where in a path an entity is named: behind which segments. */
const places: readonly (readonly [RegExp, EntityKind])[] = [
  [/^channels\n(?!(?:create|externalMedia)(?:\n|$))([^\n]+)/, "channel"],
  [/^bridges\n([^\n]+)/, "bridge"],
  [/^playbacks\n([^\n]+)/, "playback"],
  [/^recordings\nlive\n([^\n]+)/, "liverecording"],
  [/^(?:channels|bridges)\n[^\n]+\nplay\n([^\n]+)/, "playback"],
  [/^channels\n[^\n]+\nsnoop\n([^\n]+)/, "channel"],
];

/** The entities that a path names and that events can be about. */
export function restEntities(path: string): EntityRef[] {
  const joined = restSegments(path).map((segment) => segment.replaceAll("\n", " ")).join("\n");
  return places.flatMap(([pattern, kind]) => {
    const id = pattern.exec(joined)?.[1];
    return id ? [{ kind, id }] : [];
  });
}
