/**
 * Parses the text of a configuration file.
 *
 * @module
 */
import { isObject } from "../../protocol/json.ts";

/** A malformed text. */
export class ConfigTextError extends Error {
  /** Line, from 1; absent when it is unknown. */
  readonly line: number | undefined;

  /** Makes an error. */
  constructor(message: string, options: ErrorOptions & { line?: number } = {}) {
    super(message, options);
    this.name = "ConfigTextError";
    this.line = options.line;
  }
}

/** A format of configuration files. */
type ConfigFormat = "yaml" | "toml";

/** The format of a path, by its ending; undefined for an unsupported one. */
export function formatOf(path: string): ConfigFormat | undefined {
  const ending = /[^/\\.]\.([^./\\]+)$/.exec(path)?.[1].toLowerCase();
  // JSON is YAML, and so is a name without an ending.
  if (ending === undefined || ["yaml", "yml", "json"].includes(ending)) return "yaml";
  return ending === "toml" ? "toml" : undefined;
}

/**
 * Parses a text.
 *
 * @returns The values by key in lower case, with dots for levels; a list is joined by commas, and null
 * is empty.
 * @throws {ConfigTextError} When it is malformed, or not a set of keys and values.
 */
export async function parseConfigText(
  text: string,
  format: ConfigFormat,
): Promise<ReadonlyMap<string, string>> {
  const content = await (format === "yaml" ? parseYaml : parseToml)(text);
  const values = new Map<string, string>();
  if (content === undefined || content === null) return values;
  if (!isObject(content)) throw new ConfigTextError("it holds no names with values");
  flatten(content, { name: "", depth: 0 }, values);
  return values;
}

/** Scalars stay texts, so that a password of digits keeps its zeros. */
async function parseYaml(text: string): Promise<unknown> {
  const yaml = await import("js-yaml");
  const schema = yaml.FAILSAFE_SCHEMA.withTags(yaml.nullCoreTag, yaml.mergeTag);
  try {
    return yaml.loadAll(text, { schema })[0];
  } catch (error) {
    if (!(error instanceof yaml.YAMLException)) throw error;
    const line = error.mark === undefined ? undefined : error.mark.line + 1;
    throw new ConfigTextError(error.reason, { cause: error, line });
  }
}

async function parseToml(text: string): Promise<unknown> {
  const toml = await import("smol-toml");
  try {
    return toml.parse(text);
  } catch (error) {
    if (!(error instanceof toml.TomlError)) throw error;
    const [reason] = error.message.replace(/^Invalid TOML document: /, "").split("\n");
    throw new ConfigTextError(reason, { cause: error, line: error.line });
  }
}

/** A reference to its own parent makes a short text endless. */
const maxDepth = 100;
/** References to references make it huge. */
const maxValues = 10_000;

function flatten(
  value: unknown,
  { name, depth }: { readonly name: string; readonly depth: number },
  values: Map<string, string>,
): void {
  if (isObject(value)) {
    if (depth > maxDepth) throw new ConfigTextError(`it has more than ${maxDepth} levels`);
    for (const [key, item] of Object.entries(value)) {
      flatten(item, { name: name === "" ? key : `${name}.${key}`, depth: depth + 1 }, values);
    }
    return;
  }
  if (values.size >= maxValues) throw new ConfigTextError(`it has more than ${maxValues} values`);
  // The original's files ignore letter case.
  const key = name.toLowerCase();
  if (values.has(key)) throw new ConfigTextError(`it sets ${key} twice`);
  values.set(key, Array.isArray(value) ? value.map(textOf).join(",") : textOf(value));
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  // No setting has levels in a list.
  return isObject(value) || Array.isArray(value) ? "[a list or levels]" : String(value);
}
