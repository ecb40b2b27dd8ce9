import { operations } from "../api/lookup.ts";
import { invalid } from "../errors.ts";
import { isObject } from "../json.ts";
import { joinPath, makeCall, restMethod, restSegments } from "../ari_call.ts";
import type { ReplyData, Rows } from "./columns.ts";

/** A request to Asterisk's REST interface. */
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

/** Asterisk's response to a {@linkcode RestPayload}. */
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

/** The kind that carries any operation, for those that no other kind does. */
export interface RestKinds {
  /** Carries any request to Asterisk's REST interface. Proxies of the original do not have it. */
  Rest: ReplyData<RestData, RestPayload>;
}

/** Its row. */
export const restRows: Rows<RestKinds> = {
  Rest: {
    class: "command",
    classOf: ({ method, ...call }) => operations.classOf({ method: method.toUpperCase(), ...call }),
    reply: "data",
    entity: "rest",
    payload: {
      member: "rest",
      shape: { method: "string", path: "string", query: "strings?", body: "json?" },
    },
    given: ({ payload: { method, path, query, body } }) => {
      if (body !== undefined && body !== null && !isObject(body)) {
        throw invalid("Malformed request: rest.body must be an object");
      }
      return makeCall(restMethod(method), joinPath(restSegments(path)), {
        query,
        ...(isObject(body) && { body }),
      });
    },
    binds: {
      when: "first",
      entities: ({ payload: { path } }) => operations.entities(joinPath(restSegments(path))),
    },
    raw: true,
  },
};
