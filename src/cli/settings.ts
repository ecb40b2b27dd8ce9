/**
 * The settings of the program, in one table, and the one place that looks where each of them comes
 * from: a flag counts more than an environment variable, and that more than a default.
 *
 * @module
 */
import { redactUrl } from "../common/redact_url.ts";
import { assertLevel } from "../protocol/subjects.ts";
import { UsageError } from "./usage_error.ts";

/** The settings with the types of their values. */
export interface SettingTypes {
  /** Stasis application. */
  readonly "ari.application": string;
  /** ARI user. */
  readonly "ari.username": string;
  /** Password of the ARI user. */
  readonly "ari.password": string;
  /** Base URL of Asterisk's REST interface. */
  readonly "ari.http_url": string;
  /** URL of Asterisk's event socket. */
  readonly "ari.websocket_url": string;
  /** URL of the bus, or several of one bus, separated by commas. */
  readonly "messagebus.url": string;
  /** Whether to log for those who look for a fault. */
  readonly verbose: boolean;
}

/** Name of a setting. */
export type SettingName = keyof SettingTypes;

/** A setting: where it may come from, and what it has to be. */
export interface Setting<T> {
  /** Flags, without dashes; the first one that is given counts. */
  readonly flags: readonly string[];
  /** Environment variable. An empty one does not count. */
  readonly env: string;
  /** Text that counts when there is nothing else. */
  readonly default?: string;
  /** What it is, for help texts. */
  readonly doc: string;
  /** Name of the value, for help texts. */
  readonly placeholder: string;
  /** Whether it must not be shown to anyone. */
  readonly secret?: boolean;
  /** The value of a text. Throws an error that says why there is none. */
  readonly parse: (text: string) => T;
}

/** All settings. */
export const settings: { readonly [N in SettingName]: Setting<SettingTypes[N]> } = {
  "ari.application": {
    flags: ["ari.application", "app"],
    env: "ARI_APPLICATION",
    doc: "Stasis application",
    placeholder: "name",
    parse: parseApplication,
  },
  "ari.username": {
    flags: ["ari.username"],
    env: "ARI_USERNAME",
    doc: "ARI user",
    placeholder: "name",
    parse: parseText,
  },
  "ari.password": {
    flags: ["ari.password"],
    env: "ARI_PASSWORD",
    doc: "Password of the ARI user",
    placeholder: "password",
    secret: true,
    parse: parseText,
  },
  "ari.http_url": {
    flags: ["ari.http_url"],
    env: "ARI_HTTP_URL",
    default: "http://localhost:8088/ari",
    doc: "Base URL of Asterisk's REST interface",
    placeholder: "url",
    parse: (text) => parseAsteriskUrl(text, ["http:", "https:"]),
  },
  "ari.websocket_url": {
    flags: ["ari.websocket_url"],
    env: "ARI_WEBSOCKET_URL",
    doc: "URL of Asterisk's event socket; without it made from the one of REST",
    placeholder: "url",
    parse: (text) => parseAsteriskUrl(text, ["ws:", "wss:"]),
  },
  "messagebus.url": {
    flags: ["messagebus.url", "url"],
    env: "MESSAGEBUS_URL",
    default: "nats://127.0.0.1:4222",
    doc: "URL of the bus; several of one bus are separated by commas",
    placeholder: "url",
    parse: parseBusUrls,
  },
  verbose: {
    flags: ["verbose"],
    env: "VERBOSE",
    default: "false",
    doc: "Log for those who look for a fault",
    placeholder: "bool",
    parse: parseBoolean,
  },
};

/** A value and where it comes from, as in `flag --ari.http_url`. */
export interface Resolved<T> {
  /** The value. */
  readonly value: T;
  /** Where it comes from. */
  readonly source: string;
}

/** Where settings are looked for. */
export interface SettingSources {
  /** The flags that were given, by name. */
  readonly flags: Readonly<Record<string, unknown>>;
  /** Environment variables. */
  env(name: string): string | undefined;
}

/**
 * Finds a setting.
 *
 * @returns undefined when it is nowhere.
 * @throws {UsageError} When it is not what it has to be.
 */
export function findSetting<N extends SettingName>(
  name: N,
  sources: SettingSources,
): Resolved<SettingTypes[N]> | undefined {
  const setting = settings[name];
  const found = findText(setting, sources);
  if (!found) return undefined;
  try {
    return { value: setting.parse(found.value), source: found.source };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`Cannot use the setting ${name} from ${found.source}: ${reason}`);
  }
}

/**
 * Finds a setting that has to be somewhere.
 *
 * @throws {UsageError} When it is nowhere, or not what it has to be.
 */
export function needSetting<N extends SettingName>(
  name: N,
  sources: SettingSources,
): Resolved<SettingTypes[N]> {
  const found = findSetting(name, sources);
  if (found) return found;
  const { flags, env } = settings[name];
  throw new UsageError(`Missing setting ${name}: give --${flags[0]} or set ${env}`);
}

/** The line of a setting in a help text, with its variable and its default. */
export function settingBrief(name: SettingName): string {
  const { doc, env, default: standard } = settings[name];
  return `${doc} [${env}${standard === undefined ? "" : `, default ${standard}`}]`;
}

function findText<T>(setting: Setting<T>, sources: SettingSources): Resolved<string> | undefined {
  for (const flag of setting.flags) {
    const value = sources.flags[flag];
    if (value !== undefined) return { value: String(value), source: `flag --${flag}` };
  }
  const value = sources.env(setting.env);
  if (value) return { value, source: `environment ${setting.env}` };
  if (setting.default === undefined) return undefined;
  return { value: setting.default, source: "default" };
}

function parseText(text: string): string {
  if (text === "") throw new Error("it is empty");
  return text;
}

function parseApplication(text: string): string {
  parseText(text);
  try {
    assertLevel(text, "application");
  } catch {
    const name = JSON.stringify(text);
    throw new Error(`${name} must have no blanks, control characters, dots, *, > or #`);
  }
  if (text.includes(",")) throw new Error("one application is served, and its name has no comma");
  return text;
}

function parseBoolean(text: string): boolean {
  if (/^(1|t|true|y|yes|on)$/i.test(text)) return true;
  if (/^(0|f|false|n|no|off)$/i.test(text)) return false;
  throw new Error(`${JSON.stringify(text)} is neither true nor false`);
}

function parseAsteriskUrl(text: string, protocols: readonly string[]): string {
  const url = parseUrl(text, protocols);
  if (url.search !== "" || url.hash !== "") throw new Error("it has a query or a fragment");
  return text;
}

function parseBusUrls(text: string): string {
  // A comma within a URL, in a password for instance, is not followed by another URL.
  const urls = text.split(/,(?=[a-z][a-z0-9+.-]*:\/\/)|,\s+|,$/i).map((part) => part.trim()).filter(
    (part) => part !== "",
  );
  if (urls.length === 0) throw new Error("it is empty");
  const buses = urls.map((part) => {
    const { protocol } = parseUrl(part, ["nats:", "tls:", "amqp:", "amqps:"]);
    return protocol.startsWith("amqp") ? "RabbitMQ" : "NATS";
  });
  if (new Set(buses).size > 1) throw new Error("the URLs name buses of several kinds");
  return urls.join(",");
}

function parseUrl(text: string, protocols: readonly string[]): URL {
  const url = URL.parse(text);
  // Deno keeps the host of a scheme it does not know, as those of buses are, only behind slashes.
  if (url !== null && protocols.includes(url.protocol) && url.hostname !== "") return url;
  const wanted = protocols.map((protocol) => `${protocol}//`).join(", ");
  // Without a scheme nobody can tell where a password would begin.
  const shown = text.includes("@") && !text.includes("://") ? "***" : redactUrl(text);
  throw new Error(`${JSON.stringify(shown)} is no URL that begins with ${wanted}`);
}
