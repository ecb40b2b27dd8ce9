/**
 * The request of a kind, as in `call ChannelHangup 1700.1 reason=busy`.
 *
 * @module
 */
import { isObject, type JsonObject, parseJson } from "../../protocol/json.ts";
import { compactKey, type Key } from "../../protocol/key.ts";
import { namesId } from "../../protocol/kinds/columns.ts";
import { type Kind, kindRows, kinds, rowOf } from "../../protocol/kinds/kinds.ts";
import { type AnyRequest, decodeRequest } from "../../protocol/request.ts";
import { closest, didYouMean } from "../closest.ts";
import {
  type Field,
  fieldName,
  fieldsOf,
  findField,
  type FoundField,
  parseField,
  unknownField,
} from "./fields.ts";
import { UsageError } from "../errors.ts";

/** The parts of a request besides its fields. */
export interface RequestParts {
  /** ID of the entity, if it is not among the arguments. */
  readonly id?: string;
  /** Application, node and dialog. */
  readonly key: Key;
  /** Reads the payload, for the argument `-`. */
  readonly readPayload: () => Promise<string>;
}

/**
 * The kind of a name, ignoring letter case.
 *
 * @throws {UsageError} When there is none.
 */
export function findKind(name: string): Kind {
  const wanted = name.toLowerCase();
  const kind = kinds.find((kind) => kind.toLowerCase() === wanted);
  if (kind) return kind;
  const meant = didYouMean(name, kinds) || "; see call --list";
  throw new UsageError(`Unknown kind of request ${name}${meant}`);
}

/** The fields of a kind. */
export function fieldsOfKind(kind: Kind): Field[] {
  const { payload } = kindRows[kind];
  return payload ? fieldsOf(payload.shape) : [];
}

/**
 * Makes the request of the arguments after the kind.
 *
 * @throws {UsageError} When there is an argument too many, or a field that cannot be used.
 * @throws {AriProxyError} With the code `invalid` when the payload is not what it has to be.
 */
export async function buildRequest(
  kind: Kind,
  args: readonly string[],
  parts: RequestParts,
): Promise<AnyRequest> {
  const fields = fieldsOfKind(kind);
  const { id, rest } = splitId(kind, args, { id: parts.id, fields });
  checkId(kind, id);
  const payload: Record<string, unknown> = {};
  if (rest.includes("-")) {
    Object.assign(payload, readObject(await parts.readPayload(), kind, fields));
  }
  for (const arg of rest) {
    if (arg !== "-") setField(payload, readField(arg, kind, fields));
  }
  const left = kindRows[kind].payload?.optional && Object.keys(payload).length === 0;
  return requestOf(kind, { id, payload: left ? undefined : payload }, parts.key);
}

/**
 * The request of a kind, decoded as a proxy decodes it, which validates it and fills in defaults.
 *
 * @param parts ID of the entity and payload, which is ignored for a kind without one.
 * @param coordinates Application, node and dialog.
 * @throws {AriProxyError} With the code `invalid` when the payload is not what it has to be.
 */
export function requestOf(
  kind: Kind,
  { id, payload }: { readonly id?: string; readonly payload?: JsonObject },
  coordinates: Key,
): AnyRequest {
  const { about, entity, payload: row } = kindRows[kind];
  const key = compactKey({ ...coordinates, ...(id && { kind: about ?? entity, id }) });
  const request = { kind, key, ...(row && payload && { [row.member]: payload }) };
  return decodeRequest(new TextEncoder().encode(JSON.stringify(request)));
}

interface FieldValue {
  readonly found: FoundField;
  readonly value: unknown;
}

/** The ID is the first argument, unless that is a field. */
function splitId(
  kind: Kind,
  args: readonly string[],
  given: { readonly id?: string; readonly fields: readonly Field[] },
): { id?: string; rest: readonly string[] } {
  const [first, ...rest] = args;
  if (given.id !== undefined || first === undefined || first === "-") {
    return { id: given.id, rest: args };
  }
  const name = /^([A-Za-z_][\w.]*)=/.exec(first)?.[1];
  if (name === undefined) return { id: first, rest };
  if (findField(name, given.fields)) return { rest: args };
  const { about, entity } = kindRows[kind];
  if (["id", "name", about ?? entity].includes(name)) {
    const value = first.slice(name.length + 1);
    throw new UsageError(
      `Cannot use the argument ${first}: give the ID alone, as in call ${kind} ${value}`,
    );
  }
  const names = given.fields.map((field) => field.path.at(-1) ?? "");
  if (closest(name, [...names, ...given.fields.map(fieldName)]).length > 0) {
    throw unknownField(name, kind, given.fields);
  }
  return { id: first, rest };
}

function checkId(kind: Kind, id: string | undefined): void {
  const row = rowOf(kind);
  const { about, entity, probe, complete, reply } = row;
  if (id && reply === "keys") throw new UsageError(`Cannot use the ID ${id}: ${kind} takes none`);
  const isNeeded = probe !== undefined || namesId(row) && !complete;
  if (id || !isNeeded) return;
  throw new UsageError(`Missing ID of the ${about ?? entity}: as in call ${kind} ID`);
}

function readField(arg: string, kind: Kind, fields: readonly Field[]): FieldValue {
  const equals = arg.indexOf("=");
  if (equals < 1) throw new UsageError(`Cannot use the argument ${arg}: it is not FIELD=VALUE`);
  const name = arg.slice(0, equals);
  const found = findField(name, fields);
  if (!found) throw unknownField(name, kind, fields);
  return { found, value: parseField(found, arg.slice(equals + 1)) };
}

function setField(payload: Record<string, unknown>, { found, value }: FieldValue): void {
  const path = [...found.field.path, ...(found.entry === undefined ? [] : [found.entry])];
  const [last, ...parents] = path.reverse();
  let object = payload;
  for (const name of parents.reverse()) {
    const inner = object[name];
    const next: Record<string, unknown> = isObject(inner) ? { ...inner } : {};
    object[name] = next;
    object = next;
  }
  object[last] = value;
}

function readObject(text: string, kind: Kind, fields: readonly Field[]): JsonObject {
  const value = parseJson(text);
  if (!isObject(value)) {
    throw new UsageError("Cannot use standard input: it is not a JSON object with the fields");
  }
  if (fields.length === 0) throw new UsageError(`Cannot use standard input: ${kind} has no fields`);
  return withExactNames(value, kind, fields);
}

/** The members under the exact names of the fields, so that those of the command line replace them. */
function withExactNames(value: JsonObject, kind: Kind, fields: readonly Field[]): JsonObject {
  const names = [...new Set(fields.map(({ path }) => path[0]))];
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const exact = names.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
      if (exact === undefined) throw unknownField(name, kind, fields);
      const below = fields.filter(({ path }) => path[0] === exact && path.length > 1)
        .map((field) => ({ ...field, path: field.path.slice(1) }));
      return [exact, below.length > 0 && isObject(item) ? withExactNames(item, kind, below) : item];
    }),
  );
}
