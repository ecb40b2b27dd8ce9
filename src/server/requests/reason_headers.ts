/**
 * What Asterisk says when it refuses, as a header of the answer.
 *
 * @module
 */
import type { BusHeaders } from "../../bus/bus.ts";
import { isResult } from "../../protocol/answer.ts";
import { entities } from "../../protocol/entities.ts";
import { AriProxyError } from "../../protocol/errors.ts";
import { reasonHeader } from "../../protocol/headers.ts";
import { isObject, type JsonObject, parseJson } from "../../protocol/json.ts";

/** What Asterisk said when it refused, as a header; undefined for any other error. */
export function reasonOf(error: unknown): BusHeaders | undefined {
  const result = error instanceof AriProxyError ? error.cause : undefined;
  return isResult(result) ? reasonHeaders(parseJson(result.body)) : undefined;
}

/** What the answer of the kind `Rest` says, as a header; undefined when it is none. */
export function restReason(data: JsonObject | undefined): BusHeaders | undefined {
  const rest = data?.[entities.rest.data];
  return isObject(rest) ? reasonHeaders(rest.body) : undefined;
}

/** What the body of a refusal says, as a header. */
function reasonHeaders(body: unknown): BusHeaders | undefined {
  const said = isObject(body) ? body.message ?? body.error : undefined;
  if (typeof said !== "string" || !said) return undefined;
  // A header holds one line of printable characters without blanks around it.
  const line = said.replaceAll(/[^\x20-\x7e]+/g, " ").trim().slice(0, 500).trimEnd();
  return line ? { [reasonHeader]: line } : undefined;
}
