/**
 * The settings of the program, in one table. Help texts, the reading of the configuration file,
 * `--print-config`, the manual page and the table in docs/settings.md are made from it. A new setting
 * is a row here, its flag in the `command.ts` of each subcommand that has it, and the place that uses it.
 *
 * @module
 */
import { splitUrls } from "../../common/split_urls.ts";
import { systemdEnvironment } from "../../health/systemd.ts";
import { logFormats, logLevels } from "./log_levels.ts";
import {
  type FindText,
  type Resolved,
  secretFile,
  type Setting,
  settingOf,
  type SettingRow,
  type SettingSources,
} from "./setting.ts";
import {
  parseAge,
  parseApplications,
  parseAsteriskUrl,
  parseBoolean,
  parseBusUrls,
  parseHealth,
  parseLevel,
  parseList,
  parseListen,
  parseOneOf,
  parseRestUrls,
  parseSize,
  parseText,
  showAge,
  showSize,
} from "./values.ts";

/** The rows, by key in the configuration file. Those of the original have its variables. */
const rows = {
  "ari.application": {
    doc: "Stasis application; serve also takes several, separated by commas",
    short: "app",
    env: ["ARI_APPLICATION"],
    required: true,
    placeholder: "name",
    parse: parseApplications,
  },
  "ari.username": {
    doc: "ARI user",
    env: ["ARI_USERNAME"],
    required: true,
    placeholder: "name",
    parse: parseText,
  },
  "ari.password": {
    doc: "Password of the ARI user",
    env: ["ARI_PASSWORD"],
    required: true,
    placeholder: "password",
    secret: true,
    parse: parseText,
  },
  "ari.http_url": {
    doc:
      "Base URL of Asterisk's REST interface; with listen.address also several, separated by commas",
    env: ["ARI_HTTP_URL"],
    default: "http://localhost:8088/ari",
    placeholder: "url",
    emptied: ["ARI_URL"],
    parse: parseRestUrls,
  },
  "ari.websocket_url": {
    doc: "URL of the ARI WebSocket; derived from ari.http_url by default",
    env: ["ARI_WEBSOCKET_URL"],
    placeholder: "url",
    emptied: ["ARI_WSURL"],
    otherwise: eventsUrl,
    parse: (text) => parseAsteriskUrl(text, ["ws:", "wss:"]),
  },
  "ari.websocket_origin": {
    doc: "Origin header of the ARI WebSocket; see allowed_origins in ari.conf",
    env: ["ARI_WSORIGIN"],
    default: "http://localhost/",
    placeholder: "origin",
    parse: parseText,
  },
  "ari.ca_file": {
    doc: "Certificates of authorities to trust at Asterisk, besides the usual ones (PEM)",
    env: ["ARI_CA_FILE"],
    placeholder: "file",
    parse: parseText,
  },

  "listen.address": {
    doc: "Where Asterisks connect by outbound WebSockets; the proxy then connects to none",
    short: "listen",
    env: ["LISTEN_ADDRESS"],
    placeholder: "host:port",
    parse: parseListen,
  },
  "listen.username": {
    doc: "User name that Asterisks must present there",
    env: ["LISTEN_USERNAME"],
    placeholder: "name",
    parse: parseText,
  },
  "listen.password": {
    doc: "Password that Asterisks must present there",
    env: ["LISTEN_PASSWORD"],
    placeholder: "password",
    secret: true,
    parse: parseText,
  },
  "listen.cert_file": {
    doc: "Certificate to present there, for wss (PEM)",
    env: ["LISTEN_CERT_FILE"],
    placeholder: "file",
    parse: parseText,
  },
  "listen.key_file": {
    doc: "Private key of that certificate (PEM)",
    env: ["LISTEN_KEY_FILE"],
    placeholder: "file",
    parse: parseText,
  },

  "messagebus.url": {
    doc: "URL of the bus, or several of one bus, separated by commas",
    short: "url",
    alias: "u",
    env: ["MESSAGEBUS_URL"],
    default: "nats://127.0.0.1:4222",
    placeholder: "url",
    override: kubernetesService,
    emptied: [],
    otherwise: (find) => find("nats.url"),
    parse: parseBusUrls,
  },
  "nats.url": {
    doc: "The same; used when messagebus.url is not set",
    env: ["NATS_URL", "NATS_URI"],
    placeholder: "url",
    parse: parseBusUrls,
  },
  "messagebus.username": {
    doc: "User for the bus; overrides the one in the URL",
    env: ["MESSAGEBUS_USERNAME"],
    placeholder: "name",
    parse: parseText,
  },
  "messagebus.password": {
    doc: "Password of that user",
    env: ["MESSAGEBUS_PASSWORD"],
    placeholder: "password",
    secret: true,
    parse: parseText,
  },
  "messagebus.ca_file": {
    doc: "Certificates of authorities to trust at the bus, besides the usual ones (PEM)",
    env: ["MESSAGEBUS_CA_FILE"],
    placeholder: "file",
    parse: parseText,
  },
  "messagebus.cert_file": {
    doc: "Client certificate for the bus (PEM)",
    env: ["MESSAGEBUS_CERT_FILE"],
    placeholder: "file",
    parse: parseText,
  },
  "messagebus.key_file": {
    doc: "Private key of that certificate (PEM)",
    env: ["MESSAGEBUS_KEY_FILE"],
    placeholder: "file",
    parse: parseText,
  },
  "nats.token": {
    doc: "Token for NATS",
    env: ["NATS_TOKEN"],
    placeholder: "token",
    secret: true,
    parse: parseText,
  },
  "nats.nkey_file": {
    doc: "File that holds the seed of an nkey to sign with",
    env: ["NATS_NKEY_FILE"],
    placeholder: "file",
    parse: parseText,
  },
  "nats.creds_file": {
    doc: "Credentials file of NATS, with a JWT and a seed",
    env: ["NATS_CREDS_FILE"],
    placeholder: "file",
    parse: parseText,
  },
  "nats.handshake_first": {
    doc: "Start TLS before the INFO of NATS, for servers with handshake_first",
    env: ["NATS_HANDSHAKE_FIRST"],
    default: "false",
    placeholder: "bool",
    parse: parseBoolean,
  },

  "embedded.listen": {
    doc: "Where the embedded bus listens, if it is used",
    env: ["EMBEDDED_LISTEN"],
    default: "127.0.0.1:4222",
    placeholder: "host:port",
    parse: parseListen,
  },
  "embedded.token": {
    doc: "Token that clients of the embedded bus must present",
    env: ["EMBEDDED_TOKEN"],
    placeholder: "token",
    secret: true,
    parse: parseText,
  },

  "policy.allow": {
    doc: "Kinds of requests that are allowed, as in Channel*, and calls, as in GET /channels/*",
    env: ["POLICY_ALLOW"],
    placeholder: "rule",
    parse: parseList,
  },
  "policy.deny": {
    doc: "Kinds and calls that are refused; overrides policy.allow",
    env: ["POLICY_DENY"],
    placeholder: "rule",
    parse: parseList,
  },
  "policy.read_only": {
    doc: "Allow only requests that read",
    env: ["POLICY_READ_ONLY"],
    default: "false",
    placeholder: "bool",
    parse: parseBoolean,
  },

  "history.size": {
    doc: "How much of the latest events of each Asterisk to keep for tail --since; 0 for none",
    default: "8MiB",
    placeholder: "size",
    parse: parseSize,
    show: showSize,
  },
  "history.age": {
    doc: "How long to keep them at most",
    default: "10m",
    placeholder: "time",
    parse: parseAge,
    show: showAge,
  },

  health: {
    doc: "Where to serve /livez, /readyz and /metrics, as in 127.0.0.1:9090, or :9090 for all " +
      "addresses; without it nowhere",
    placeholder: "host:port",
    parse: parseHealth,
  },
  "log.level": {
    doc: "Lowest level to log: debug, info, warn or error",
    flag: "log-level",
    default: "info",
    placeholder: "level",
    parse: (text) => parseOneOf(text, logLevels),
  },
  "log.format": {
    doc: "Format of the log: text or json; auto is text on a terminal, else json",
    flag: "log-format",
    default: "auto",
    placeholder: "format",
    parse: (text) => parseOneOf(text, logFormats),
  },

  node_id: {
    doc: "Name of the node, instead of Asterisk's entity ID",
    flag: "node-id",
    placeholder: "name",
    parse: parseLevel,
  },
  verbose: {
    doc: "The same as --log-level debug",
    alias: "v",
    env: ["VERBOSE"],
    default: "false",
    placeholder: "bool",
    parse: parseBoolean,
  },
  config: {
    doc: "Configuration file; without it .ari-proxy.yaml (or .yml, .json, .toml) in the home " +
      "folder, else /etc/ari-proxy/config.yaml",
    inFile: false,
    placeholder: "file",
    parse: parseText,
  },
  context: {
    doc:
      "Context to take the bus and the application from, as kept by context add; serve looks at " +
      "the flag alone",
    inFile: false,
    placeholder: "name",
    parse: parseText,
  },
} as const satisfies Readonly<Record<string, SettingRow<unknown>>>;

/** Name of a setting: its key. */
export type SettingName = keyof typeof rows;

/** The settings with the types of their values. */
export type SettingTypes = {
  readonly [N in SettingName]: ReturnType<typeof rows[N]["parse"]>;
};

/** All settings. */
export const settings = Object.fromEntries(
  Object.entries(rows).map(([key, row]) => [key, settingOf<unknown>(key, row)]),
) as { readonly [N in SettingName]: Setting<SettingTypes[N]> };

/** All names of settings, in the order of the table. */
export const settingNames: readonly SettingName[] = Object.keys(rows).filter(isSettingName);

/** Whether there is a setting of a name. */
export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(rows, name);
}

/** Every environment variable that the program may read; an executable is permitted no other. */
export const environment: readonly string[] = [
  ...settingNames.flatMap((name) => {
    const { env, emptied = [], secret } = settings[name];
    return [...env, ...emptied, ...(secret ? env.map(secretFile.env) : [])];
  }),
  "NATS_SERVICE_HOST",
  "NATS_SERVICE_PORT_CLIENT",
  ...systemdEnvironment,
  "XDG_CONFIG_HOME",
  "APPDATA",
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

/** URL of the ARI WebSocket, unless another URL is set. */
function eventsUrl(find: FindText): Resolved<string> | undefined {
  const base = find("ari.http_url");
  // Where there are several, no ARI WebSocket is dialled.
  if (!base || splitUrls(base.value).length > 1) return undefined;
  const value = `${base.value.replace(/^http/i, "ws").replace(/\/+$/, "")}/events`;
  return { value, source: "made from ari.http_url" };
}

/**
 * The URL of a Kubernetes service named nats. In the original it overrides all else; the short flag,
 * which the original does not have, selects another bus.
 */
function kubernetesService({ flags, env }: SettingSources): Resolved<string> | undefined {
  const host = env("NATS_SERVICE_HOST");
  if (!host || flags.url !== undefined) return undefined;
  const port = env("NATS_SERVICE_PORT_CLIENT") || "4222";
  const shown = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  return { value: `nats://${shown}:${port}`, source: "environment NATS_SERVICE_HOST" };
}
