import { invalid } from "../errors.ts";
import { isObject } from "../json.ts";
import type { Rows } from "../operation.ts";
import { operations } from "../api/lookup.ts";
import { restMethod, restSegments } from "../rest.ts";
import { joinPath, makeCall } from "../route.ts";

/** The kind that carries any call. */
export const restRows: Rows<"Rest"> = {
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
