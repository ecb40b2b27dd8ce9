import { restRows } from "./api/rest_rows.ts";
import type { RestOperation } from "./api/rest_operations.ts";
import type { AriCall } from "./route.ts";
import { isPlaceholder, splitRoute } from "./route.ts";

/** What follows a path: its operations by method, and the segments that may come next. */
interface Branch {
  readonly operations: Map<string, RestOperation>;
  readonly words: Map<string, Branch>;
  value?: Branch;
}

const branch = (): Branch => ({ operations: new Map(), words: new Map() });

/**
 * The operation that Asterisk carries out for a call; undefined for one that its description does not
 * have. Asterisk prefers a word to a value and does not turn back: there is no channel `create`.
 */
export function findOperation(
  { method, path }: Pick<AriCall, "method" | "path">,
): RestOperation | undefined {
  let place = root;
  for (const segment of asteriskSegments(path)) {
    const next = place.words.get(segment) ?? place.value;
    if (!next) return undefined;
    place = next;
  }
  return place.operations.get(method);
}

/**
 * The segments of a call's path as Asterisk reads them: decoded, and each ends where a NUL stands.
 *
 * @param path Percent-encoded, as in {@linkcode AriCall.path}.
 */
export function asteriskSegments(path: string): string[] {
  return path.slice(1).split("/").map((segment) => {
    if (!segment.includes("%")) return segment;
    return decodeURIComponent(segment).split("\0", 1)[0];
  });
}

const root = branch();
for (const operation of Object.keys(restRows) as RestOperation[]) {
  const { method, segments } = splitRoute(operation);
  let place = root;
  for (const segment of segments) {
    if (isPlaceholder(segment)) place = place.value ??= branch();
    else {
      const next: Branch = place.words.get(segment) ?? branch();
      place.words.set(segment, next);
      place = next;
    }
  }
  place.operations.set(method, operation);
}
