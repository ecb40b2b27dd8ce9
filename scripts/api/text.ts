/**
 * What the writers of generated files share.
 *
 * @module
 */

/** What a generated file begins with. */
export function header(what: string): string {
  return [
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
 * A text that has to be there.
 *
 * @throws {Error} When it is not.
 */
export function known(text: string | undefined, name: string): string {
  if (text === undefined) {
    throw new Error(`Cannot describe ${name}: it is not in the tables of words`);
  }
  return text;
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
