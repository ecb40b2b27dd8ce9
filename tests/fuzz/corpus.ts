/**
 * Texts to start from: every JSON text of the golden vectors, by what it is.
 *
 * @module
 */
import { isObject, parseJson } from "../../src/protocol/json.ts";

const folder = new URL("../vectors/", import.meta.url);

function* filesBelow(folder: URL): Generator<URL> {
  for (const entry of Deno.readDirSync(folder)) {
    if (entry.isDirectory) yield* filesBelow(new URL(`${entry.name}/`, folder));
    else if (entry.name.endsWith(".json")) yield new URL(entry.name, folder);
  }
}

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === "string") {
    if (/^\s*[[{]/.test(value) && parseJson(value) !== undefined) yield value;
  } else if (typeof value === "object" && value !== null) {
    for (const item of Object.values(value)) yield* textsIn(item);
  }
}

function readTexts(): readonly string[] {
  const texts = new Set<string>();
  for (const file of filesBelow(folder)) {
    for (const text of textsIn(JSON.parse(Deno.readTextFileSync(file)))) texts.add(text);
  }
  return [...texts];
}

const all = readTexts();

function having(...names: string[]): readonly string[] {
  return all.filter((text) => {
    const value = parseJson(text);
    return isObject(value) && names.every((name) => Object.hasOwn(value, name));
  });
}

/** Requests. */
export const requests: readonly string[] = having("kind");
/** Answers of proxies. */
export const responses: readonly string[] = having("error");
/** Events of Asterisk. */
export const events: readonly string[] = having("type", "timestamp");
/** Announcements of proxies. */
export const announcements: readonly string[] = having("node", "application");
/** Answers of Asterisk and everything else. */
export const others: readonly string[] = all.filter((text) => !having("kind").includes(text));
