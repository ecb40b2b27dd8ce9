/**
 * The text of a configuration file, as settings by name.
 *
 * @module
 */
import { isObject } from "../../protocol/json.ts";

/** A text that cannot be read as what its name says. */
export class ConfigTextError extends Error {
  /** Line, from 1 on; absent when no line is to blame. */
  readonly line: number | undefined;

  /** Makes an error. */
  constructor(message: string, options: ErrorOptions & { line?: number } = {}) {
    super(message, options);
    this.name = "ConfigTextError";
    this.line = options.line;
  }
}

/** A way to write settings down. */
type ConfigFormat = "yaml" | "toml";

/** The format that the ending of a path stands for; undefined when it is none that is read. */
export function formatOf(path: string): ConfigFormat | undefined {
  const ending = /[^/\\.]\.([^./\\]+)$/.exec(path)?.[1].toLowerCase();
  // JSON is YAML, and a name without an ending says nothing against it.
  if (ending === undefined || ["yaml", "yml", "json"].includes(ending)) return "yaml";
  return ending === "toml" ? "toml" : undefined;
}

/**
 * Reads a text.
 *
 * @returns The values by name in lower case, with dots for levels; those of a list are joined by
 * commas, and what is set to nothing is empty.
 * @throws {ConfigTextError} When it is not written in the format, or is no set of names and values.
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

/** Scalars stay the texts that they are, so that a password of digits keeps its zeros. */
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

/** A reference to what it stands in makes a text of a few lines endless. */
const maxDepth = 100;
/** References to references make it nearly so. */
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
  // Letter case does not count in the original's files.
  const key = name.toLowerCase();
  if (values.has(key)) throw new ConfigTextError(`it sets ${key} twice`);
  values.set(key, Array.isArray(value) ? value.map(textOf).join(",") : textOf(value));
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  // No setting has levels within a list.
  return isObject(value) || Array.isArray(value) ? "[a list or levels]" : String(value);
}
