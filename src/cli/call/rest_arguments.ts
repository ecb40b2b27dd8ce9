/**
 * Operations of Asterisk's REST interface, as someone names them on the command line.
 *
 * @module
 */
import { description, type OperationDescription } from "../../protocol/api/description.ts";
import { type RestMethod, restSegments } from "../../protocol/rest.ts";
import { didYouMean } from "../closest.ts";
import { UsageError } from "../errors.ts";
import { splitRoute } from "../../protocol/route.ts";

/** The operation that a call stands for. */
export interface FoundOperation {
  /** Method and path, as in `POST /channels/{channelId}/move`. */
  readonly name: string;
  /** What is known of it. */
  readonly row: OperationDescription;
  /** The parameters that the path has values of. */
  readonly values: Readonly<Record<string, string>>;
}

/** All operations, by method and path. */
export const operationNames: readonly string[] = Object.keys(description);

/**
 * The operation of a call. The path has values or the names of parameters in braces.
 *
 * @throws {UsageError} When Asterisk 22 does not describe it.
 * @throws {AriProxyError} With the code `invalid` for what is no path.
 */
export function findOperation(method: RestMethod, path: string): FoundOperation {
  const segments = restSegments(path);
  let found: FoundOperation | undefined;
  for (const [name, row] of Object.entries(description)) {
    const values = capture(name, method, segments);
    // A path in which less is a value is nearer: /channels/create is no channel.
    if (values && !(found && fewer(found.values, values))) found = { name, row, values };
  }
  if (found) return found;
  const call = `${method} ${path}`;
  const meant = didYouMean(call, operationNames) || "; see call --list";
  throw new UsageError(
    `Unknown operation ${call}${meant}\nWith --unchecked it is sent to an Asterisk that may know it`,
  );
}

function fewer(a: object, b: object): boolean {
  return Object.keys(a).length < Object.keys(b).length;
}

/** The values for the braces; undefined when the path is another one. */
function capture(
  name: string,
  method: RestMethod,
  segments: readonly string[],
): Record<string, string> | undefined {
  const { method: verb, segments: parts } = splitRoute(name);
  if (verb !== method || parts.length !== segments.length) return undefined;
  const values: Record<string, string> = {};
  for (const [i, part] of parts.entries()) {
    if (part === segments[i]) continue;
    const parameter = /^\{(\w+)\}$/.exec(part)?.[1];
    if (!parameter || /^\{.*\}$/.test(segments[i])) return undefined;
    values[parameter] = segments[i];
  }
  return values;
}
