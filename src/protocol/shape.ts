/**
 * Shapes of payloads: what each member is, for decoding, for help texts and for reading
 * `field=value` on a command line. The compiler checks a shape against the payload's type.
 *
 * @module
 */
import { invalid } from "./errors.ts";
import { isObject, type JsonObject } from "./json.ts";

/** What a member holds. A `?` marks those that may be left out. */
export type Leaf =
  | "string"
  | "integer"
  /** A duration in whole nanoseconds. */
  | "nanoseconds"
  | "boolean"
  /** An object whose members are all strings. */
  | "strings"
  /** An object of variables: each a string, or an object with it as `value`. */
  | "variables"
  /** A list of strings. */
  | "texts"
  /** Any JSON value. */
  | "json";

/** An object within a payload. */
interface Nested<T> {
  /** Shape of the object. */
  readonly object: Shape<T>;
  /** Whether it may be left out. */
  readonly optional?: boolean;
}

/** A list within a payload. It may always be left out and is then empty. */
interface Listed<T> {
  /** Shape of the items. */
  readonly list: Shape<T>;
}

type IsUnknown<T> = unknown extends T ? true : false;

type LeafOf<T> = [T] extends [string] ? "string"
  : [T] extends [number] ? "integer" | "nanoseconds"
  : [T] extends [boolean] ? "boolean"
  : string extends keyof T ? [T[keyof T]] extends [string] ? "strings" : "variables"
  : never;

type Present<T> = [NonNullable<T>] extends [readonly string[]] ? "texts?"
  : [NonNullable<T>] extends [readonly (infer I)[]] ? Listed<I>
  : [LeafOf<NonNullable<T>>] extends [never] ? Nested<NonNullable<T>>
  : undefined extends T ? `${LeafOf<NonNullable<T>>}?`
  : LeafOf<NonNullable<T>>;

/** The shape of a member of the type `T`. */
type FieldShape<T> = IsUnknown<T> extends true ? "json?" : Present<T>;

/** The shape of an object of the type `T`: its members, each with what it holds. */
export type Shape<T> = { readonly [Member in keyof T]-?: FieldShape<T[Member]> };

/** A shape whose type is not known, for walking through it. */
export type AnyField =
  | Leaf
  | `${Leaf}?`
  | { readonly object: AnyShape; readonly optional?: boolean }
  | { readonly list: AnyShape };

/** The shape of some object. */
export type AnyShape = { readonly [member: string]: AnyField };

/**
 * Checks an object against a shape and returns it with the members under their exact names.
 *
 * Names are matched whatever their letter case, of several the last one counts; unknown members are
 * dropped. What is absent or null becomes the empty value of its kind, unless it may be left out.
 *
 * @param value What was received.
 * @param path Its place in the message, for the error text.
 * @throws {AriProxyError} With the code `invalid` for a value of the wrong kind.
 */
export function decodeShape(value: JsonObject, shape: AnyShape, path: string): JsonObject {
  const names = new Map(Object.keys(shape).map((name) => [name.toLowerCase(), name]));
  const given: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    const exact = names.get(name.toLowerCase());
    if (exact !== undefined) given[exact] = item;
  }
  const result: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(shape)) {
    const decoded = decodeField(given[name], field, `${path}.${name}`);
    if (decoded !== undefined) result[name] = decoded;
  }
  return result;
}

function decodeField(value: unknown, field: AnyField, path: string): unknown {
  const absent = value === undefined || value === null;
  if (typeof field === "string") {
    const { leaf, optional } = leafOf(field);
    if (absent) return optional ? undefined : leaves[leaf].empty;
    if (!leaves[leaf].test(value)) throw malformed(path, leaves[leaf].name);
    return value;
  }
  if ("list" in field) {
    if (absent) return undefined;
    if (!Array.isArray(value)) throw malformed(path, "a list");
    return value.map((item, index) => {
      if (!isObject(item)) throw malformed(`${path}[${index}]`, "an object");
      return decodeShape(item, field.list, `${path}[${index}]`);
    });
  }
  if (absent) return field.optional ? undefined : decodeShape({}, field.object, path);
  if (!isObject(value)) throw malformed(path, "an object");
  return decodeShape(value, field.object, path);
}

/** The error for a value of the wrong kind at a place in a request. */
export function malformed(path: string, wanted: string): Error {
  return invalid(`Malformed request: ${path} must be ${wanted}`);
}

/** Parts of a leaf: what it holds, and whether it may be left out. */
export function leafOf(field: Leaf | `${Leaf}?`): { leaf: Leaf; optional: boolean } {
  const optional = field.endsWith("?");
  return { leaf: (optional ? field.slice(0, -1) : field) as Leaf, optional };
}

interface LeafRow {
  readonly name: string;
  readonly empty: unknown;
  test(value: unknown): boolean;
}

const integer: LeafRow = {
  name: "an integer",
  empty: 0,
  // Larger ones would be written with an exponent, which programs in Go do not read.
  test: (value) => Number.isInteger(value) && Math.abs(Number(value)) <= 2 ** 63,
};

const leaves: Readonly<Record<Leaf, LeafRow>> = {
  string: { name: "a string", empty: "", test: (value) => typeof value === "string" },
  integer,
  nanoseconds: { ...integer, name: "a duration in whole nanoseconds" },
  boolean: { name: "true or false", empty: false, test: (value) => typeof value === "boolean" },
  strings: {
    name: "an object of strings",
    empty: {},
    test: (value) =>
      isObject(value) && Object.values(value).every((item) => typeof item === "string"),
  },
  variables: {
    name: "an object of strings, or of objects with value and report_events",
    empty: {},
    test: (value) => isObject(value) && Object.values(value).every(isVariable),
  },
  texts: {
    name: "a list of strings",
    empty: [],
    test: (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
  },
  json: { name: "JSON", empty: undefined, test: () => true },
};

function isVariable(value: unknown): boolean {
  if (!isObject(value)) return typeof value === "string";
  const { value: text, report_events: reports = false } = value;
  return typeof text === "string" && typeof reports === "boolean";
}
