/**
 * Fields of a payload by name, for `field=value` on the command line.
 *
 * @module
 */
import { parseDuration } from "../parse_time.ts";
import { parseJson } from "../../protocol/json.ts";
import { type AnyField, type AnyShape, type Leaf, leafOf } from "../../protocol/shape.ts";
import { didYouMean } from "../closest.ts";
import { UsageError } from "../errors.ts";

/** A member of a payload, at any depth. */
export interface Field {
  /** Its path in the payload. */
  readonly path: readonly string[];
  /** Its type. */
  readonly holds: Leaf | "list";
  /** Whether it may be left out. */
  readonly optional: boolean;
}

/** All fields of a shape, those of nested objects included. */
export function fieldsOf(shape: AnyShape, parents: readonly string[] = []): Field[] {
  return Object.entries(shape).flatMap(([name, field]) => fieldsAt([...parents, name], field));
}

function fieldsAt(path: readonly string[], field: AnyField): Field[] {
  if (typeof field === "string") {
    const { leaf, optional } = leafOf(field);
    return [{ path, holds: leaf, optional }];
  }
  if ("list" in field) return [{ path, holds: "list", optional: true }];
  return fieldsOf(field.object, path);
}

/** The name of a field in full. */
export function fieldName(field: Field): string {
  return field.path.join(".");
}

/** The usage of a field, as in `reason=TEXT`. */
export function fieldUsage(field: Field): string {
  return `${fieldName(field)}${usages[field.holds]}`;
}

const usages: Readonly<Record<Field["holds"], string>> = {
  string: "=TEXT",
  integer: "=NUMBER",
  nanoseconds: "=TIME",
  boolean: "=true|false",
  strings: ".NAME=TEXT",
  variables: ".NAME=TEXT",
  texts: "=TEXT,…",
  json: "=JSON",
  list: "=JSON",
};

/** Whether a field holds values by name, which is given after a dot. */
export function holdsByName({ holds }: Pick<Field, "holds">): boolean {
  return holds === "strings" || holds === "variables";
}

/** A field that was found by its name. */
export interface FoundField {
  /** The field. */
  readonly field: Field;
  /** For a field that holds values by name, the name of the value. */
  readonly entry?: string;
}

/**
 * Finds a field by its full name or, if that is unique, by the last part of it, ignoring letter case.
 *
 * @returns undefined when there is none.
 * @throws {UsageError} When several could be meant.
 */
export function findField(name: string, fields: readonly Field[]): FoundField | undefined {
  const exact = findNamed(name, fields);
  if (exact) return { field: exact };
  for (let dot = name.indexOf("."); dot > 0; dot = name.indexOf(".", dot + 1)) {
    const field = findNamed(name.slice(0, dot), fields.filter(holdsByName));
    if (field && dot + 1 < name.length) return { field, entry: name.slice(dot + 1) };
  }
  return undefined;
}

function findNamed(name: string, fields: readonly Field[]): Field | undefined {
  const wanted = name.toLowerCase();
  const full = fields.find((field) => fieldName(field).toLowerCase() === wanted);
  if (full) return full;
  const found = fields.filter(({ path }) => path.at(-1)?.toLowerCase() === wanted);
  if (found.length > 1) {
    throw new UsageError(`Unclear field ${name}: it is ${found.map(fieldName).join(" or ")}`);
  }
  return found[0];
}

/**
 * The value of a field.
 *
 * @throws {UsageError} When the text does not fit the field.
 */
export function parseField({ field, entry }: FoundField, text: string): unknown {
  if (entry !== undefined) return text;
  const value = readers[field.holds](text);
  if (value !== undefined) return value;
  const name = fieldName(field);
  throw new UsageError(`Cannot use ${JSON.stringify(text)} for ${name}: ${wanted[field.holds]}`);
}

const readers: Readonly<Record<Field["holds"], (text: string) => unknown>> = {
  string: (text) => text,
  integer: (text) => /^[+-]?\d{1,15}$/.test(text) ? Number(text) : undefined,
  // A bare number would be nanoseconds, which is never meant.
  nanoseconds: (text) => /^[+-]?0*$|[a-zµ]$/.test(text) ? parseDuration(text) : undefined,
  boolean: (text) => new Map([["true", true], ["false", false]]).get(text.toLowerCase()),
  strings: parseJson,
  variables: parseJson,
  // Items that contain commas are given as JSON.
  texts: (text) => {
    const value = parseJson(text);
    if (value === undefined || !Array.isArray(value)) return text.split(",");
    return value.every((item) => typeof item === "string") ? value : undefined;
  },
  json: (text) => parseJson(text) ?? text,
  list: (text) => {
    const value = parseJson(text);
    return Array.isArray(value) ? value : undefined;
  },
};

const wanted: Readonly<Record<Field["holds"], string>> = {
  string: "it is a text",
  integer: "it is a whole number",
  nanoseconds: "it is a time such as 500ms, 30s or 1m30s",
  boolean: "it is true or false",
  strings: "it is a JSON object of texts; or name one of them after a dot",
  variables: "it is a JSON object of variables; or name one of them after a dot",
  texts: "it is a list of texts with commas between them, or a JSON list of them",
  json: "it is JSON",
  list: "it is a JSON list",
};

/** The error for a field that does not exist. */
export function unknownField(name: string, kind: string, fields: readonly Field[]): UsageError {
  if (fields.length === 0) return new UsageError(`Unknown field ${name}: ${kind} has no fields`);
  const names = fields.flatMap((field) => [fieldName(field), field.path.at(-1) ?? ""]);
  const meant = didYouMean(name, [...new Set(names)]);
  const all = fields.map(fieldUsage).join(", ");
  return new UsageError(`Unknown field ${name} of ${kind}${meant}\nFields of ${kind}: ${all}`);
}
