/**
 * What the writers of generated files share.
 *
 * @module
 */

/**
 * What a generated file begins with.
 *
 * @param fixed Whether the lines stay as they are written, however long: one for each thing.
 */
export function header(what: string, { fixed = false }: { readonly fixed?: boolean } = {}): string {
  return [
    ...(fixed ? ["// deno-fmt-ignore-file -- a line for each operation and each parameter"] : []),
    "/**",
    ` * ${what}`,
    " *",
    " * Made by `scripts/generate_api.ts` from Asterisk's own description; change the script, not this",
    " * file.",
    " *",
    " * @module",
    " */",
    "",
  ].join("\n");
}

/** Looks up what is said about something. */
export function words(
  table: Readonly<Record<string, string>>,
  name: string,
  scope: string,
): string | undefined {
  return [scope, name].map((key) => Object.hasOwn(table, key) ? table[key] : undefined)
    .find((text) => text !== undefined);
}

/**
 * The text, or, where the tables of words lack it, one that names what it is missing for, as in
 * `Not described yet (POST /bridges bridgeId).`
 */
export function known(text: string | undefined, scope: string): string {
  return text ?? `Not described yet (${scope}).`;
}

/** What generated files have no text for, by the names in the tables of words. */
export function undescribed(texts: Iterable<string>): string[] {
  const scopes = [...texts].flatMap((text) => [...text.matchAll(/Not described yet \((.+?)\)\./g)]);
  return [...new Set(scopes.map(([, scope]) => scope))];
}

/** The TypeScript of the types that are no models. */
export const simpleTypes: Readonly<Record<string, string>> = {
  binary: "Uint8Array",
  boolean: "boolean",
  Date: "string",
  double: "number",
  int: "number",
  long: "number",
  object: "JsonObject",
  string: "string",
  void: "undefined",
};
