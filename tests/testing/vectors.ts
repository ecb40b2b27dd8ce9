/**
 * The golden vectors: what the original says and does, and where we do otherwise.
 *
 * @module
 */
import assert from "node:assert/strict";

/** A REST request that a vector expects, and the response to send. */
export interface VectorCall {
  readonly node?: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: string | null;
  readonly reply: { readonly status: number; readonly body: string };
}

/** A request with the calls and the answers that follow it. */
export interface Exchange {
  readonly subject: string;
  readonly reply: "inbox" | "rid" | "none";
  readonly request: string;
  readonly rest: readonly VectorCall[];
  readonly responses: readonly { readonly payload: string }[];
}

/** A message on the bus. */
export interface Published {
  readonly subject: string;
  readonly payload: string;
}

/** A vector of `requests/`, `routing` or `odd-requests`. */
export interface RequestVector {
  readonly name: string;
  readonly kind: string;
  readonly exchanges: readonly Exchange[];
  readonly generated?: readonly { readonly value: string; readonly pattern: string }[];
}

/** What we do otherwise than the original, and why. */
export interface Deviation {
  readonly why: string;
  /** Members that replace those of the vector; those of exchanges and steps by their place. */
  readonly expect: Readonly<Record<string, unknown>>;
}

const folder = new URL("../vectors/", import.meta.url);

/** The vectors of a file, as recorded. */
export function recorded<T>(file: string): T[] {
  return JSON.parse(Deno.readTextFileSync(new URL(`${file}.json`, folder)));
}

/** All deviations, by file and name of the vector. */
export function deviations(): Readonly<Record<string, Readonly<Record<string, Deviation>>>> {
  return JSON.parse(Deno.readTextFileSync(new URL("deviations.json", folder)));
}

/** The vectors of a file, with our deviations in the place of what the original does. */
export function vectors<T extends object>(file: string, nameOf: (vector: T) => string): T[] {
  const ours = deviations()[file] ?? {};
  const all = recorded<T>(file);
  const names = new Set(all.map(nameOf));
  for (const name of Object.keys(ours)) {
    assert.ok(names.has(name), `A deviation names a vector that is not in ${file}: ${name}`);
  }
  return all.map((vector) => {
    const deviation = ours[nameOf(vector)];
    return deviation ? merge(vector, deviation.expect) as T : vector;
  });
}

/** The value with members replaced; lists and objects are gone into, by index and name. */
function merge(value: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  if (Array.isArray(value)) {
    return value.map((item, i) => i in patch ? merge(item, patch[i]) : item);
  }
  const object = isObject(value) ? value : {};
  const merged = Object.entries(patch).map(([name, item]) => [name, merge(object[name], item)]);
  return { ...object, ...Object.fromEntries(merged) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of a JSON text; undefined when it is none. */
export function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

/** Values that the proxy generates, recognized by their pattern. */
export class Generated {
  readonly #patterns = new Map<string, RegExp>();
  readonly #actual = new Map<string, string>();

  /** @param given Text of the request: what the sender made up stays as it is. */
  constructor(vector: Pick<RequestVector, "generated">, given: string) {
    for (const { value, pattern } of vector.generated ?? []) {
      if (!given.includes(value)) this.#patterns.set(value, new RegExp(pattern));
    }
  }

  /** The wanted text with what is made up replaced by what the proxy made up. */
  fill(wanted: string, actual: string): string {
    for (const [value, pattern] of this.#patterns) {
      if (!wanted.includes(value)) continue;
      if (!this.#actual.has(value)) {
        const made = actual.match(/[0-7][0-9a-hjkmnp-tv-z]{25}-[a-z]{1,2}/)?.[0] ?? "";
        assert.match(made, pattern, `Nothing made up in ${actual}`);
        this.#actual.set(value, made);
      }
      wanted = wanted.replaceAll(value, this.#actual.get(value) ?? "");
    }
    return wanted;
  }
}

/** Options of {@linkcode assertHolds}. */
export interface HoldsOptions {
  /** Whether times may have another offset, as in events, which pass as Asterisk wrote them. */
  readonly anyOffset?: boolean;
  /** Where the value is, for the text of a failure. */
  readonly place?: string;
}

/**
 * Asserts that a value holds what is wanted. Objects may have further members; zero values, empty
 * entities included, may be left out.
 */
export function assertHolds(actual: unknown, wanted: unknown, options: HoldsOptions = {}): void {
  const { anyOffset = false, place = "$" } = options;
  if (isZero(wanted) && (actual === undefined || isZero(actual))) return;
  if (Array.isArray(wanted)) {
    assert.ok(Array.isArray(actual), `${place} is no list`);
    assert.equal(actual.length, wanted.length, `${place} has another length`);
    wanted.forEach((item, i) =>
      assertHolds(actual[i], item, { anyOffset, place: `${place}[${i}]` })
    );
  } else if (isObject(wanted)) {
    assert.ok(isObject(actual), `${place} is no object`);
    for (const [name, item] of Object.entries(wanted)) {
      assertHolds(actual[name], item, { anyOffset, place: `${place}.${name}` });
    }
  } else if (
    anyOffset && typeof wanted === "string" && typeof actual === "string" && isTime(wanted)
  ) {
    assert.equal(instant(actual), instant(wanted), place);
  } else {
    assert.deepEqual(actual, wanted, place);
  }
}

function isZero(value: unknown): boolean {
  if (value === "1970-01-01T00:00:00.000+0000" || value === "0001-01-01T00:00:00.000+0000") {
    return true;
  }
  if (Array.isArray(value)) return value.length === 0;
  if (isObject(value)) return Object.values(value).every(isZero);
  return !value;
}

const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}$/;

function isTime(text: string): boolean {
  return timePattern.test(text);
}

function instant(time: string): number {
  assert.match(time, timePattern);
  return Date.parse(time.replace(/(\d\d)$/, ":$1"));
}

/** Asserts that an answer is the wanted one: its error and keys exactly, its data at least. */
export function assertResponse(actual: string, wanted: string): void {
  const got = parse(actual);
  const want = parse(wanted);
  assert.ok(isObject(got) && isObject(want), `No answer: ${actual}`);
  const { data: gotData, ...gotRest } = got;
  const { data: wantedData, ...wantedRest } = want;
  assert.deepEqual(gotRest, wantedRest);
  assertHolds(gotData, wantedData, { place: "$.data" });
}
