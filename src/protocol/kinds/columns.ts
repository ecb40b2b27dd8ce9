/**
 * The columns of the table of kinds. A kind of request is a row of them, and one engine carries out
 * every row; no kind has a handler of its own.
 *
 * @module
 */
import type { RestOperation } from "../api/operation_types.ts";
import type { EntityKind, EntityRef } from "../entity.ts";
import { isObject } from "../json.ts";
import type { Coordinates, Key } from "../key.ts";
import type { MintKind } from "../mint.ts";
import {
  type AriCall,
  isPlaceholder,
  type Parameters,
  segmentOf,
  splitRoute,
} from "../ari_call.ts";
import type { Shape } from "../shape.ts";
import type { RequestClass } from "../subjects.ts";

/** No payload. */
export type NoPayload = undefined;

/** A request whose response is success alone. */
export interface ReplyOk<P = NoPayload> {
  /** Payload. */
  readonly payload: P;
  /** Reply. */
  readonly reply: "ok";
}

/** A request whose response is the key of an entity. */
export interface ReplyKey<P = NoPayload> {
  /** Payload. */
  readonly payload: P;
  /** Reply. */
  readonly reply: "key";
}

/** A request whose response is the keys of any number of entities. */
export interface ReplyKeys<P = NoPayload> {
  /** Payload. */
  readonly payload: P;
  /** Reply. */
  readonly reply: "keys";
}

/** A request whose response is the data of an entity. */
export interface ReplyData<D, P = NoPayload> {
  /** Payload. */
  readonly payload: P;
  /** Reply. */
  readonly reply: "data";
  /** Type of the data. */
  readonly data: D;
}

/** Payload and reply of a kind of request. */
interface KindType {
  /** Payload. */
  readonly payload: unknown;
  /** Reply. */
  readonly reply: "ok" | "key" | "keys" | "data";
}

/** A request with its payload checked, as the columns see it. */
export interface Input<P> {
  /** ID from the key; for what is created, the ID that was given or minted. */
  readonly id: string;
  /** The key as it was sent; without one, an empty key. */
  readonly key: Key;
  /** The payload. */
  readonly payload: P;
  /** The proxy that carries it out. */
  readonly self: Coordinates;
}

/** The names of the members of a payload, those of an inner object behind a dot. */
type MemberPath<P> = {
  [M in keyof P & string]: string extends M ? never
    : NonNullable<P[M]> extends string | number | boolean | readonly unknown[] ? M
    : M | `${M}.${MemberPath<NonNullable<P[M]>>}`;
}[keyof P & string];

/** Where the value of a parameter comes from. */
export interface Column<M extends string = string> {
  /** Member of the payload. */
  readonly from?: M;
  /** Member of the payload with the further ones of a list, of which `from` has the first. */
  readonly further?: M;
  /** Whether it is the ID. */
  readonly id?: true;
  /** Part of the ID, and its name in error texts. */
  readonly part?: {
    readonly name: string;
    readonly of: (id: string) => string | readonly string[];
  };
  /** The same text always. */
  readonly text?: string;
  /** How many of the payload's units make one of Asterisk's; what remains is cut off. */
  readonly unit?: number;
  /** Whether an integer is sent as a text. */
  readonly asText?: true;
  /** Whether an empty value is left out: an empty text, list or object, zero or `false`. */
  readonly filled?: true;
  /** What takes the place of an empty value. */
  readonly or?: string | boolean | null;
  /** Left out when this member is not empty. */
  readonly unless?: M;
}

/** A member of the payload that is left out when it is empty. */
export const filled = <M extends string>(from: M): Column<M> => ({ from, filled: true });

/** A member of the payload, or another value when it is empty. */
export const or = <M extends string>(from: M, value: string | boolean | null): Column<M> => ({
  from,
  or: value,
});

/** A duration in nanoseconds, as whole seconds. */
export const seconds = <M extends string>(from: M): Column<M> => ({ from, unit: 1e9 });

/** A duration in nanoseconds, as whole milliseconds; left out when it is zero. */
export const millis = <M extends string>(from: M): Column<M> => ({ from, unit: 1e6, filled: true });

/** A parameter of which there can be several. */
export const list = <M extends string>(from: M, further: M): Column<M> => ({ from, further });

/** The ID. */
export const theId: Column<never> = { id: true };

/** A fixed text. */
export const text = (value: string): Column<never> => ({ text: value });

/**
 * The parameters of a call by name, with the member of the payload that each is, or where else it comes
 * from; a function for what cannot be said so.
 */
export type Columns<P> =
  | { readonly [parameter: string]: MemberPath<P> | Column<MemberPath<P>> }
  | ((input: Input<P>) => Parameters);

/** The payload of a kind of request. */
interface PayloadRow<P> {
  /** Member of the request. */
  readonly member: string;
  /** Its shape. */
  readonly shape: Shape<P>;
  /** Error text for a request without it, where it is not the usual one. */
  readonly missing?: string;
  /** Whether it may be left out altogether. */
  readonly optional?: boolean;
  /** Names of the members, at any depth, that proxies of the original ignore. */
  readonly ours?: readonly string[];
}

/** The column that a kind with a payload has to have, and one without has not. */
type PayloadColumn<P> = [P] extends [NoPayload] ? { readonly payload?: never }
  : { readonly payload: PayloadRow<P> };

/** Which chunk of a file is wanted. */
export interface WantedChunk {
  /** Where it begins, in bytes. */
  readonly offset: number;
  /** How long it may be, in bytes; 0 leaves it to the proxy. */
  readonly length: number;
  /** SHA-256 of all bytes before it, in hexadecimal digits; empty for no comparison. */
  readonly before: string;
}

/** The columns of a kind of request, but for its payload. */
interface Operation<T extends KindType> {
  /** Subject class that clients send it in. Proxies take it in any class. */
  readonly class: RequestClass;
  /** The class where it depends on the payload. */
  readonly classOf?: (payload: T["payload"]) => RequestClass;
  /** What the reply consists of. */
  readonly reply: T["reply"];
  /** Kind of the entities in the reply and, unless `about` is given, of the key's ID. */
  readonly entity: EntityKind;
  /** Kind of the entity that the key's ID names, where the reply is about another. */
  readonly about?: EntityKind;
  /** Error text for a key without ID, where it is not the usual one. */
  readonly noId?: string;
  /** Error texts for input that Asterisk would not get to see; the first one counts. */
  readonly refuse?: (input: Input<T["payload"]>) => string | undefined;
  /** Fills in what the caller left to the proxy. */
  readonly complete?: (
    input: Input<T["payload"]>,
    mint: (kind: MintKind) => string,
  ) => Partial<Pick<Input<T["payload"]>, "id" | "payload">>;
  /** Operation that has to succeed before `call`: it checks that the entity exists. */
  readonly probe?: RestOperation;
  /** The operation of Asterisk; absent for kinds that need none. */
  readonly call?: RestOperation;
  /** The call to Asterisk, where the request itself has it; `call` is then absent. */
  readonly given?: (input: Input<T["payload"]>) => AriCall;
  /** The parameters in the path of `call`; without it, the ID is the only one. */
  readonly path?: Exclude<Columns<NonNullable<T["payload"]>>, (input: never) => unknown>;
  /** For the bytes of a file: which chunk of Asterisk's response makes the data. */
  readonly chunk?: (input: Input<T["payload"]>) => WantedChunk;
  /** Query of the call. */
  readonly query?: Columns<NonNullable<T["payload"]>>;
  /** Body of the call. */
  readonly body?: Columns<NonNullable<T["payload"]>>;
  /** What is bound to the dialog of the key, and when. */
  readonly binds?: {
    /** `first`: before the request is sent to Asterisk; `probed`: when the probe, or without one the call, succeeded. */
    readonly when: "first" | "probed";
    /** The entities. Those with an empty ID bind nothing. */
    readonly entities: (input: Input<T["payload"]>) => readonly EntityRef[];
  };
  /** What Asterisk's response has to be for success: a JSON object, or anything. */
  readonly response?: "object";
  /** Part of Asterisk's response that makes the data; the text `not found` when undefined. */
  readonly pick?: (response: unknown, input: Input<T["payload"]>) => unknown;
  /** Whether the data has status and body of Asterisk's response, also of a refusal. */
  readonly raw?: boolean;
  /** Member of the payload with the ID in the key of the reply, where that is not the ID of the input. */
  readonly made?: MemberPath<NonNullable<T["payload"]>>;
  /** Whether the keys of a list are filtered by the request's key. */
  readonly filtered?: boolean;
  /** Error text around a refusal of the call. */
  readonly failed?: (cause: string, input: Input<T["payload"]>) => string;
}

/** A kind of request, as a row of the table. */
export type Row<T extends KindType> = Operation<T> & PayloadColumn<T["payload"]>;

/** The rows of some kinds. The compiler refuses a missing or other one. */
export type Rows<T> = { readonly [K in keyof T]: T[K] extends KindType ? Row<T[K]> : never };

/** An entity to bind. */
export const ref = (kind: EntityKind, id: string | undefined): EntityRef => ({
  kind,
  id: id ?? "",
});

/** Binding of the entity that the key names, before the request is sent to Asterisk. */
export function bindsFirst(kind: EntityKind): {
  when: "first";
  entities: (input: { id: string }) => readonly EntityRef[];
} {
  return { when: "first", entities: ({ id }) => [ref(kind, id)] };
}

/** A row, whatever its kind. */
export interface AnyRow extends Omit<Operation<AnyKind>, "path" | "query" | "body"> {
  readonly payload?: PayloadRow<unknown>;
  readonly path?: Readonly<Record<string, string | Column>>;
  readonly query?: AnyColumns;
  readonly body?: AnyColumns;
}

type AnyColumns =
  | Readonly<Record<string, string | Column>>
  | ((input: Input<unknown>) => Parameters);

interface AnyKind {
  // deno-lint-ignore no-explicit-any -- the columns of a row take the payload of its own kind only
  readonly payload: any;
  readonly reply: KindType["reply"];
}

/** Whether the path of a row's call has the ID as a whole. */
export function namesId({ call, path }: Pick<AnyRow, "call" | "path">): boolean {
  if (path) return Object.values(path).some((column) => typeof column === "object" && column.id);
  return call?.includes("{") ?? false;
}

/** The operation of a row with the names that the parameters of its path have in the request. */
export function routeOf({ call, path }: Pick<AnyRow, "call" | "path">): string | undefined {
  return call?.replaceAll(/\{(\w+)\}/g, (_, name) => `{${nameOf(path?.[name] ?? theId)}}`);
}

/** What a parameter of a path is called in error texts. */
function nameOf(column: string | Column): string {
  const { from, part }: Column = typeof column === "string" ? { from: column } : column;
  return part?.name ?? from?.split(".").at(-1) ?? "id";
}

/** A call to Asterisk as functions of the input. */
export interface CompiledCall {
  /** The method. */
  readonly method: AriCall["method"];
  /** The path, percent-encoded. */
  readonly path: (input: Input<unknown>) => string;
  /** The query. */
  readonly query?: (input: Input<unknown>) => Parameters;
  /** The body. */
  readonly body?: (input: Input<unknown>) => Parameters;
}

/** Makes functions of the columns of a call, so that a request does not have to interpret them. */
export function compileCall(
  operation: RestOperation,
  { path, query, body }: Pick<AnyRow, "path" | "query" | "body"> = {},
): CompiledCall {
  const { method, segments } = splitRoute(operation);
  const parts = segments.map((segment) => {
    if (!isPlaceholder(segment)) return () => `/${segment}`;
    const column = path?.[segment.slice(1, -1)] ?? theId;
    const name = nameOf(column);
    const read = compileColumn(column);
    return (input: Input<unknown>) => {
      const value = read(input);
      const values: readonly unknown[] = Array.isArray(value) ? value : [value];
      return values.map((text) => `/${segmentOf(typeof text === "string" ? text : "", name)}`)
        .join("");
    };
  });
  return {
    method: method as AriCall["method"],
    path: (input) => parts.map((part) => part(input)).join(""),
    ...(query && { query: compileColumns(query) }),
    ...(body && { body: compileColumns(body) }),
  };
}

function compileColumns(columns: AnyColumns): (input: Input<unknown>) => Parameters {
  if (typeof columns === "function") return columns;
  const readers = Object.entries(columns)
    .map(([name, column]) => [name, compileColumn(column)] as const);
  return (input) => {
    const parameters: Record<string, unknown> = {};
    for (const [name, read] of readers) {
      const value = read(input);
      if (value !== undefined) parameters[name] = value;
    }
    return parameters;
  };
}

function compileColumn(column: string | Column): (input: Input<unknown>) => unknown {
  if (typeof column === "string") return ({ payload }) => memberAt(payload, column);
  const { from, further, id, part, text, unit, asText, filled, or, unless } = column;
  if (text !== undefined) return () => text;
  if (part) return (input) => part.of(input.id);
  if (id || from === undefined) return (input) => input.id;
  return ({ payload }) => {
    const value = memberAt(payload, from);
    if (unless !== undefined && !isEmpty(memberAt(payload, unless))) return undefined;
    if (further !== undefined) return severalOf(value, memberAt(payload, further));
    if (asText) return `${value}`;
    const given = unit ? Math.trunc(Number(value ?? 0) / unit) : value;
    if (or !== undefined) return given || or;
    return filled && isEmpty(given) ? undefined : given;
  };
}

/** A single value as it is, and several as a list. */
function severalOf(first: unknown, further: unknown): unknown {
  return Array.isArray(further) && further.length > 0 ? [first, ...further] : first;
}

/** Whether a value is an empty text, list or object, zero, `false` or nothing. */
function isEmpty(value: unknown): boolean {
  if (!value) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** The member of a payload at a path, as in `options.Format`; undefined where there is none. */
export function memberAt(payload: unknown, path: string): unknown {
  const dot = path.lastIndexOf(".");
  const object: unknown = dot < 0 ? payload : memberAt(payload, path.slice(0, dot));
  return isObject(object) ? object[path.slice(dot + 1)] : undefined;
}
