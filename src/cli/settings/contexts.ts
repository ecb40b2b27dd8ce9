/**
 * Named contexts: a bus and an application each, stored in a file of the user.
 *
 * @module
 */
import { isObject, parseJson } from "../../protocol/json.ts";
import { didYouMean } from "../closest.ts";
import type { Io } from "../io.ts";
import { secretFile } from "./setting.ts";
import { type SettingName, settings } from "./settings.ts";
import { UsageError } from "../errors.ts";
import { errorText } from "../../common/error_text.ts";

/** The settings that a context can have; of secrets the files that hold them. */
export const contextSettings = [
  "messagebus.url",
  "messagebus.username",
  "messagebus.password",
  "messagebus.ca_file",
  "messagebus.cert_file",
  "messagebus.key_file",
  "nats.token",
  "nats.nkey_file",
  "nats.creds_file",
  "nats.handshake_first",
  "ari.application",
] as const satisfies readonly SettingName[];

/** A context: texts of settings, by the names that they have in the configuration file. */
export interface BusContext {
  /** Its name. */
  readonly name: string;
  /** Its values. */
  readonly values: ReadonlyMap<string, string>;
}

/** All contexts of a user. */
export interface BusContexts {
  /** Name of the one that counts when none is named; absent when there is none. */
  readonly current?: string;
  /** Their values, by name. */
  readonly contexts: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** The path of the contexts; undefined when the user has no known folder. */
function contextsPath(env: Io["env"]): string | undefined {
  const home = env("HOME") || env("USERPROFILE");
  const folder = env("XDG_CONFIG_HOME") || env("APPDATA") || home && `${home}/.config`;
  return folder ? `${folder}/ari-proxy/contexts.json` : undefined;
}

/**
 * Reads the contexts; none when there is no file.
 *
 * @throws {UsageError} When the file cannot be read, or holds something else.
 */
export async function readContexts(
  { env, files }: Pick<Io, "env" | "files">,
): Promise<BusContexts> {
  const path = contextsPath(env);
  if (path === undefined || !files) return { contexts: new Map() };
  let text: string;
  try {
    text = await new Response(await files.read(path)).text();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { contexts: new Map() };
    const reason = errorText(error);
    throw new UsageError(`Cannot read the contexts in ${path}: ${reason}`, { cause: error });
  }
  const value = parseJson(text);
  if (!isObject(value) || !isObject(value.contexts)) {
    throw new UsageError(`Cannot use ${path}: it is not a JSON object with contexts`);
  }
  const { current } = value;
  const contexts = new Map(
    Object.entries(value.contexts).map(([name, item]) => [name, readValues(item)]),
  );
  return { contexts, ...(typeof current === "string" && { current }) };
}

function readValues(value: unknown): Map<string, string> {
  const known = contextSettings.flatMap(keysOf);
  return new Map(
    Object.entries(isObject(value) ? value : {}).flatMap(([name, text]) =>
      typeof text === "string" && known.includes(name) ? [[name, text] as const] : []
    ),
  );
}

/** The keys of a setting in a context; of a secret only the file that holds it. */
function keysOf(name: SettingName): string[] {
  const { file = name, secret } = settings[name];
  return [secret ? secretFile.file(file) : file];
}

/**
 * Writes the contexts, readable by their owner only.
 *
 * @throws {Error} When that cannot be done.
 */
export async function writeContexts(
  { contexts, current }: BusContexts,
  { env, files }: Pick<Io, "env" | "files">,
): Promise<void> {
  const path = contextsPath(env);
  if (path === undefined || !files) {
    throw new UsageError("Cannot keep contexts: neither XDG_CONFIG_HOME nor HOME is set");
  }
  const entries = Array.from(contexts, ([name, values]) => [name, Object.fromEntries(values)]);
  const value = {
    ...(current !== undefined && { current }),
    contexts: Object.fromEntries(entries),
  };
  try {
    await files.replace(path, `${JSON.stringify(value, null, 2)}\n`);
  } catch (error) {
    const reason = errorText(error);
    throw new Error(`Cannot write the contexts to ${path}: ${reason}`, { cause: error });
  }
}

/**
 * A context by its name.
 *
 * @throws {UsageError} When there is none of the name.
 */
export function needContext({ contexts }: BusContexts, name: string): BusContext {
  const values = contexts.get(name);
  if (values) return { name, values };
  const names = [...contexts.keys()];
  const meant = didYouMean(name, names) ||
    (names.length > 0 ? `; there are ${names.join(", ")}` : "; there are none, see context add");
  throw new UsageError(`Unknown context ${name}${meant}`);
}

/** The environment variables that override the bus of a context. */
export function overriddenBy(env: Io["env"], { values }: BusContext): string[] {
  return [...values.keys()].flatMap((key) => {
    const name = contextSettings.find((setting) => keysOf(setting).includes(key));
    if (!name || name === "ari.application") return [];
    const { env: variables, secret } = settings[name];
    return [...variables, ...(secret ? variables.map(secretFile.env) : [])].filter(env);
  });
}
