/**
 * Look-ups in the table of routing, by the method and path of a request to Asterisk's REST interface.
 *
 * @module
 */
import type { EntityKind, EntityRef } from "../entity.ts";
import { isObject } from "../json.ts";
import { isPlaceholder, splitRoute } from "../ari_call.ts";
import type { RequestClass } from "../subjects.ts";
import type { RestOperation } from "./operation_types.ts";
import { type OperationRouting, routing } from "./routing.ts";

/** A request to Asterisk: its method, in capitals, and its path, percent-encoded. */
interface Call {
  readonly method: string;
  readonly path: string;
}

/** A place in the tree of paths. */
interface Branch {
  /** The operations of the path up to here, by method. */
  readonly operations: Map<string, RestOperation>;
  readonly words: Map<string, Branch>;
  value?: Branch;
  /** Kind of the entity whose ID ends here, if events are about such. */
  kind?: EntityKind;
}

/** Kinds of entities that a dialog can get the events of. */
const eventful: readonly string[] = ["channel", "bridge", "playback", "liverecording"];

/** The operations of a table, as a tree of the segments of their paths. */
class OperationIndex {
  readonly #routing: Readonly<Record<string, OperationRouting>>;
  readonly #root = branch();

  /** Makes the index of a table. */
  constructor(table: Readonly<Record<string, OperationRouting>>) {
    this.#routing = table;
    for (const [operation, row] of Object.entries(table)) {
      this.#add(operation as RestOperation, row);
    }
  }

  /** The same with further operations, as those of a newer Asterisk. */
  with(further: Readonly<Record<string, OperationRouting>>): OperationIndex {
    return new OperationIndex({ ...this.#routing, ...further });
  }

  /**
   * The operation that Asterisk carries out for a call; undefined for one that the table does not have.
   * Asterisk prefers a word to a value and does not backtrack: there is no channel `create`.
   */
  find({ method, path }: Call): RestOperation | undefined {
    return this.#walk(asteriskSegments(path))?.operations.get(method);
  }

  /** Whether the results of all nodes are merged to one list. */
  merges(operation: string): boolean {
    return Object.hasOwn(this.#routing, operation) && this.#routing[operation].merge !== undefined;
  }

  /** The entities that a path names and that events can be about, also for an unknown operation. */
  entities(path: string): EntityRef[] {
    const found: EntityRef[] = [];
    this.#walk(asteriskSegments(path), (kind, id) => {
      if (id) found.push({ kind, id });
    });
    return found;
  }

  /**
   * The subject class of a call. What any node can do goes to one of them, unless it is about a channel
   * or bridge that one of them has.
   *
   * Of the operations that the table does not have, a `POST` that names no known entity goes to exactly
   * one node: it may create something.
   */
  classOf({ method, path, query, body }: Call & {
    readonly query?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  }): RequestClass {
    if (method === "GET") return "data";
    const operation = this.find({ method, path });
    if (operation === undefined) {
      return method === "POST" && this.entities(path).length === 0 ? "create" : "command";
    }
    const row = this.#routing[operation];
    const located = row.scope === "any" && sourcesOf(row, { query, body }).some(isOfNode);
    return located ? "command" : row.class;
  }

  #add(operation: RestOperation, row: OperationRouting): void {
    const { method, segments } = splitRoute(operation);
    let place = this.#root;
    for (const segment of segments) {
      if (!isPlaceholder(segment)) {
        const next: Branch = place.words.get(segment) ?? branch();
        place.words.set(segment, next);
        place = next;
        continue;
      }
      place = place.value ??= branch();
      const places = [...row.entity ?? [], ...row.conflict ?? []];
      const [kind] = places.find(([, ...names]) => names.at(-1) === segment.slice(1, -1)) ?? [];
      if (kind !== undefined && eventful.includes(kind)) place.kind = kind as EntityKind;
    }
    place.operations.set(method, operation);
  }

  #walk(
    segments: readonly string[],
    onEntity?: (kind: EntityKind, id: string) => void,
  ): Branch | undefined {
    let place = this.#root;
    for (const segment of segments) {
      const next = place.words.get(segment) ?? place.value;
      if (!next) return undefined;
      if (next.kind) onEntity?.(next.kind, segment);
      place = next;
    }
    return place;
  }
}

function branch(): Branch {
  return { operations: new Map(), words: new Map() };
}

/** The operations of Asterisk 22. */
export const operations: OperationIndex = new OperationIndex(routing);

/**
 * The segments of a path as Asterisk reads them: decoded, and each ends where a NUL is.
 *
 * @param path Percent-encoded, as in {@linkcode AriCall.path}.
 */
export function asteriskSegments(path: string): string[] {
  return path.slice(1).split("/").map((segment) => {
    if (!segment.includes("%")) return segment;
    try {
      return decodeURIComponent(segment).split("\0", 1)[0];
    } catch {
      return segment;
    }
  });
}

/**
 * The operation that does the same as one that creates something, with the ID in its path or, the other
 * way round, without; undefined where there is none.
 */
export function twinOf(operation: RestOperation): RestOperation | undefined {
  const [, name] = routing[operation].conflict?.[0] ?? [];
  if (name === undefined) return undefined;
  const ending = `/{${name}}`;
  const twin = operation.endsWith(ending)
    ? operation.slice(0, -ending.length)
    : `${operation}${ending}`;
  return Object.hasOwn(routing, twin) ? twin as RestOperation : undefined;
}

/**
 * The kind of the entity whose whole ID an operation has in its path at some placeholder; undefined where
 * there is none that has to exist.
 *
 * @param placeholder As in `{channelId}`.
 */
export function entityIn(operation: RestOperation, placeholder: string): EntityKind | undefined {
  const places = routing[operation].entity ?? [];
  const [kind] = places.find(([, ...names]) => placeholder === `{${names.join("}/{")}}`) ?? [];
  return kind === "source" ? undefined : kind;
}

/** The event sources that a request names. */
function sourcesOf(
  { entity = [] }: OperationRouting,
  { query, body }: {
    readonly query?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  },
): string[] {
  return entity.filter(([kind]) => kind === "source").flatMap(([, name]) => {
    const inBody = isObject(body) ? body[name] : undefined;
    const given = Array.isArray(inBody) ? inBody : [inBody];
    return [query?.[name], ...given].flatMap((text) =>
      typeof text === "string" ? text.split(",") : []
    );
  });
}

/** Whether one node alone has the source; endpoints and device states are on all. */
function isOfNode(source: string): boolean {
  return /^(channel|bridge):/.test(source);
}
