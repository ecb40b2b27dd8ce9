/**
 * The settings of the program, in one table. Help texts, the reading of the configuration file,
 * `--print-config` and the table in the README are made from it, so a new setting is a row here, a
 * member of {@linkcode SettingTypes}, and a line for the flag in each subcommand that has it.
 *
 * @module
 */
import {
  type Listen,
  parseApplications,
  parseAsteriskUrl,
  parseBoolean,
  parseBusUrls,
  parseLevel,
  parseListen,
  parseText,
} from "./setting_values.ts";

/** The settings with the types of their values. */
export interface SettingTypes {
  /** Stasis applications. */
  readonly "ari.application": readonly string[];
  /** ARI user. */
  readonly "ari.username": string;
  /** Password of the ARI user. */
  readonly "ari.password": string;
  /** Base URL of Asterisk's REST interface. */
  readonly "ari.http_url": string;
  /** URL of Asterisk's event socket. */
  readonly "ari.websocket_url": string;
  /** Origin to show to Asterisk. */
  readonly "ari.websocket_origin": string;
  /** URL of the bus, or several of one bus, separated by commas. */
  readonly "messagebus.url": string;
  /** The same, by the name that it had before there were several kinds of buses. */
  readonly "nats.url": string;
  /** Name of the node. */
  readonly node_id: string;
  /** Where the bus within the program listens. */
  readonly "embedded.listen": Listen;
  /** What its clients have to know. */
  readonly "embedded.token": string;
  /** Whether to log for those who look for a fault. */
  readonly verbose: boolean;
  /** Path of the configuration file. */
  readonly config: string;
}

/** Name of a setting. */
export type SettingName = keyof SettingTypes;

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
  /** The configuration file. @default none */
  readonly file?: {
    /** Its path. */
    readonly path: string;
    /** Its values by name, with dots for levels. */
    readonly values: ReadonlyMap<string, string>;
  };
  /** The text of a file that a setting names; throws when it cannot be read. @default there are none */
  readonly readFile?: (path: string) => string;
}

/** A setting: where it may come from, and what it has to be. */
export interface Setting<T> {
  /** Flags, without dashes; the first one that is given counts. */
  readonly flags: readonly string[];
  /** One letter that stands for the last of the flags. */
  readonly alias?: string;
  /** Environment variables; the first one that is not empty counts. */
  readonly env: readonly string[];
  /** Name in the configuration file, with dots for levels; absent when it cannot be there. */
  readonly file?: string;
  /** Text that counts when there is nothing else. */
  readonly default?: string;
  /** Whether `serve` cannot do without it. */
  readonly required?: boolean;
  /** What it is, for help texts. */
  readonly doc: string;
  /** Name of the value, for help texts. */
  readonly placeholder: string;
  /**
   * Whether it must not be shown to anyone. Such a setting can also be the content of a file, named
   * by `--…_file`, `…_FILE` or `…_file`.
   */
  readonly secret?: boolean;
  /** What counts more than all that is said of it elsewhere. */
  readonly override?: (sources: SettingSources) => Resolved<string> | undefined;
  /**
   * Environment variables that count where a flag or the file sets it to nothing. Without this
   * column nothing is no value for it.
   */
  readonly emptied?: readonly string[];
  /** What counts before the default; `find` finds the text of another setting. */
  readonly otherwise?: (find: FindText) => Resolved<string> | undefined;
  /** The value of a text. Throws an error that says why there is none. */
  readonly parse: (text: string) => T;
}

/** Finds the text of a setting; undefined when it is nowhere. */
export type FindText = (name: SettingName) => Resolved<string> | undefined;

/** All settings. */
export const settings: { readonly [N in SettingName]: Setting<SettingTypes[N]> } = {
  "ari.application": {
    flags: ["ari.application", "app"],
    env: ["ARI_APPLICATION"],
    file: "ari.application",
    required: true,
    doc: "Stasis application; for serve also several, separated by commas",
    placeholder: "name",
    parse: parseApplications,
  },
  "ari.username": {
    flags: ["ari.username"],
    env: ["ARI_USERNAME"],
    file: "ari.username",
    required: true,
    doc: "ARI user",
    placeholder: "name",
    parse: parseText,
  },
  "ari.password": {
    flags: ["ari.password"],
    env: ["ARI_PASSWORD"],
    file: "ari.password",
    required: true,
    doc: "Password of the ARI user",
    placeholder: "password",
    secret: true,
    parse: parseText,
  },
  "ari.http_url": {
    flags: ["ari.http_url"],
    env: ["ARI_HTTP_URL"],
    file: "ari.http_url",
    default: "http://localhost:8088/ari",
    doc: "Base URL of Asterisk's REST interface",
    placeholder: "url",
    emptied: ["ARI_URL"],
    parse: (text) => parseAsteriskUrl(text, ["http:", "https:"]),
  },
  "ari.websocket_url": {
    flags: ["ari.websocket_url"],
    env: ["ARI_WEBSOCKET_URL"],
    file: "ari.websocket_url",
    doc: "URL of Asterisk's event socket; without it made from the one of REST",
    placeholder: "url",
    emptied: ["ARI_WSURL"],
    otherwise: eventsUrl,
    parse: (text) => parseAsteriskUrl(text, ["ws:", "wss:"]),
  },
  "ari.websocket_origin": {
    flags: ["ari.websocket_origin"],
    env: ["ARI_WSORIGIN"],
    file: "ari.websocket_origin",
    default: "http://localhost/",
    doc: "Origin to show when the event socket is opened; see allowed_origins in ari.conf",
    placeholder: "origin",
    parse: parseText,
  },
  "messagebus.url": {
    flags: ["messagebus.url", "url"],
    alias: "u",
    env: ["MESSAGEBUS_URL"],
    file: "messagebus.url",
    default: "nats://127.0.0.1:4222",
    doc: "URL of the bus; several of one bus are separated by commas",
    placeholder: "url",
    override: kubernetesService,
    emptied: [],
    otherwise: (find) => find("nats.url"),
    parse: parseBusUrls,
  },
  "nats.url": {
    flags: ["nats.url"],
    env: ["NATS_URL", "NATS_URI"],
    file: "nats.url",
    doc: "The same, where messagebus.url is not set",
    placeholder: "url",
    parse: parseBusUrls,
  },
  node_id: {
    flags: ["node-id"],
    env: ["ARI_PROXY_NODE_ID"],
    file: "node_id",
    doc: "Name of the node, instead of Asterisk's entity ID",
    placeholder: "name",
    parse: parseLevel,
  },
  "embedded.listen": {
    flags: ["embedded.listen"],
    env: ["EMBEDDED_LISTEN"],
    file: "embedded.listen",
    default: "127.0.0.1:4222",
    doc: "Where the bus within the program listens, if it is used",
    placeholder: "host:port",
    parse: parseListen,
  },
  "embedded.token": {
    flags: ["embedded.token"],
    env: ["EMBEDDED_TOKEN"],
    file: "embedded.token",
    doc: "What clients of the bus within the program have to know",
    placeholder: "token",
    secret: true,
    parse: parseText,
  },
  verbose: {
    flags: ["verbose"],
    alias: "v",
    env: ["VERBOSE"],
    file: "verbose",
    default: "false",
    doc: "Log for those who look for a fault",
    placeholder: "bool",
    parse: parseBoolean,
  },
  config: {
    flags: ["config"],
    env: ["ARI_PROXY_CONFIG"],
    doc: "Configuration file; without it .ari-proxy.yaml (or .yml, .json, .toml) in the home " +
      "folder, else /etc/ari-proxy/config.yaml",
    placeholder: "file",
    parse: parseText,
  },
};

/** All names of settings, in the order of the table. */
export const settingNames: readonly SettingName[] = Object.keys(settings).filter(isSettingName);

/** Whether there is a setting of a name. */
export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settings, name);
}

/** The name of the flag, variable or key that names the file with a secret. */
export const secretFile = {
  flag: (flag: string): string => `${flag}_file`,
  env: (name: string): string => `${name}_FILE`,
  file: (name: string): string => `${name}_file`,
} as const;

/** Every environment variable that the program looks at. */
export const environment: readonly string[] = [
  ...settingNames.flatMap((name) => {
    const { env, emptied = [], secret } = settings[name];
    return [...env, ...emptied, ...(secret ? env.map(secretFile.env) : [])];
  }),
  "NATS_SERVICE_HOST",
  "NATS_SERVICE_PORT_CLIENT",
  "HOME",
  "USERPROFILE",
  "NO_COLOR",
  "TERM",
];

/** The line of a setting in a help text, with its variable and its default. */
export function settingBrief(name: SettingName): string {
  const { doc, env, default: standard } = settings[name];
  return `${doc} [${env.join(", ")}${standard === undefined ? "" : `, default ${standard}`}]`;
}

/**
 * What Kubernetes tells of a service named nats. The original heeds it above all else; the short
 * flag, which is ours, is for whoever means another bus.
 */
function kubernetesService({ flags, env }: SettingSources): Resolved<string> | undefined {
  const host = env("NATS_SERVICE_HOST");
  if (!host || flags.url !== undefined) return undefined;
  const port = env("NATS_SERVICE_PORT_CLIENT") || "4222";
  const shown = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  return { value: `nats://${shown}:${port}`, source: "environment NATS_SERVICE_HOST" };
}

/** Where Asterisk has its event socket, as long as nobody says otherwise. */
function eventsUrl(find: FindText): Resolved<string> | undefined {
  const base = find("ari.http_url");
  if (!base) return undefined;
  const value = `${base.value.replace(/^http/i, "ws").replace(/\/+$/, "")}/events`;
  return { value, source: "made from ari.http_url" };
}
