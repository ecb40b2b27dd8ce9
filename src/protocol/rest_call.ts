/**
 * Requests to Asterisk's REST interface by the names of their parameters.
 *
 * @module
 */
import { bodyParameters } from "./api/body_parameters.ts";
import { invalid } from "./errors.ts";
import type { RestPayload } from "./kinds/any_operation.ts";
import { splitRoute } from "./ari_call.ts";

/**
 * The longest query that goes into the URL, in encoded characters; Asterisk refuses a line of more
 * than 4 KiB with the path in it, and takes the same parameters as members of the body.
 */
const LONGEST_QUERY = 2_000;

/**
 * The request for an operation. Values in braces of its path are percent-encoded into their place;
 * each of the others is where Asterisk expects it: in the query, in the body, or as the body.
 * Lists are separated by commas. What would be too long for a URL goes into the body.
 *
 * @param operation Method and path, as in `POST /channels/{channelId}/move`.
 * @param parameters Values by name; those that are undefined are left out.
 * @throws {AriProxyError} With the code `invalid` for a value that is missing from the path or cannot
 * be sent.
 */
export function restPayload(
  operation: string,
  parameters: Readonly<Record<string, unknown>>,
): RestPayload {
  const { method, path: template } = splitRoute(operation);
  const given = new Map(Object.entries(parameters).filter(([, value]) => value !== undefined));
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = given.get(name);
    given.delete(name);
    if (value === undefined || value === "") {
      throw invalid(`Missing ${name}: ${operation} needs one`);
    }
    return encodeURIComponent(queryText(name, value).toWellFormed());
  });
  let whole: unknown;
  let members: Record<string, unknown> = {};
  let query: Record<string, string> = {};
  const scalars: Record<string, unknown> = {};
  const inBody = Object.hasOwn(bodyParameters, operation) ? bodyParameters[operation] : {};
  for (const [name, value] of given) {
    const place = Object.hasOwn(inBody, name) ? inBody[name] : "query";
    if (place === "body") whole = value;
    else if (place === "member") members[name] = value;
    else {
      query[name] = queryText(name, value);
      scalars[name] = value;
    }
  }
  const long = new URLSearchParams(query).toString().length > LONGEST_QUERY;
  const commas = Object.values(scalars).find(hasComma);
  if (method === "GET" && commas !== undefined) {
    throw invalid(`Cannot use ${JSON.stringify(commas)}: Asterisk takes the comma for a separator`);
  }
  if (method !== "GET" && (long || commas !== undefined)) {
    members = { ...members, ...scalars };
    query = {};
  }
  const body = whole ?? (Object.keys(members).length > 0 ? members : undefined);
  return {
    method,
    path,
    ...(Object.keys(query).length > 0 && { query }),
    ...(body !== undefined && { body }),
  };
}

/** Whether a value is a list with an item that would be taken for several. */
function hasComma(value: unknown): boolean {
  return Array.isArray(value) && value.some((item) => String(item).includes(","));
}

function queryText(name: string, value: unknown): string {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((item) => {
    if (["string", "number", "boolean"].includes(typeof item)) return String(item);
    throw invalid(
      `Cannot use ${JSON.stringify(item)} as ${name}: it is not a text, number or boolean`,
    );
  }).join(",");
}
