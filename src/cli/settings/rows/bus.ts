/**
 * Settings that concern the bus.
 *
 * @module
 */
import type { Resolved, SettingRows, SettingSources } from "../setting.ts";
import { parseBoolean, parseBusUrls, parseText } from "../values.ts";

/** The settings with the types of their values. */
export interface BusSettings {
  /** URL of the bus, or several of one bus, separated by commas. */
  readonly "messagebus.url": string;
  /** The same, by the name that it had before there were several kinds of buses. */
  readonly "nats.url": string;
  /** User to show to the bus. */
  readonly "messagebus.username": string;
  /** Password of that user. */
  readonly "messagebus.password": string;
  /** Path of the certificates of the authorities to trust. */
  readonly "messagebus.ca_file": string;
  /** Path of the certificate to show. */
  readonly "messagebus.cert_file": string;
  /** Path of its private key. */
  readonly "messagebus.key_file": string;
  /** Token to show. */
  readonly "nats.token": string;
  /** Path of a file with the seed of an nkey. */
  readonly "nats.nkey_file": string;
  /** Path of a file with a JWT and a seed. */
  readonly "nats.creds_file": string;
  /** Whether to encrypt before the server says anything. */
  readonly "nats.handshake_first": boolean;
}

/** Their rows. */
export const busSettings: SettingRows<BusSettings> = {
  "messagebus.url": {
    flags: ["messagebus.url", "url"],
    alias: "u",
    env: ["MESSAGEBUS_URL"],
    file: "messagebus.url",
    default: "nats://127.0.0.1:4222",
    doc: "URL of the bus, or several of one bus, separated by commas",
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
    doc: "The same; used when messagebus.url is not set",
    placeholder: "url",
    parse: parseBusUrls,
  },
  "messagebus.username": {
    flags: ["messagebus.username"],
    env: ["MESSAGEBUS_USERNAME"],
    file: "messagebus.username",
    doc: "User for the bus; overrides the one in the URL",
    placeholder: "name",
    parse: parseText,
  },
  "messagebus.password": {
    flags: ["messagebus.password"],
    env: ["MESSAGEBUS_PASSWORD"],
    file: "messagebus.password",
    doc: "Password of that user",
    placeholder: "password",
    secret: true,
    parse: parseText,
  },
  "messagebus.ca_file": {
    flags: ["messagebus.ca_file"],
    env: ["MESSAGEBUS_CA_FILE"],
    file: "messagebus.ca_file",
    doc: "Certificates of authorities to trust at the bus, besides the usual ones (PEM)",
    placeholder: "file",
    parse: parseText,
  },
  "messagebus.cert_file": {
    flags: ["messagebus.cert_file"],
    env: ["MESSAGEBUS_CERT_FILE"],
    file: "messagebus.cert_file",
    doc: "Certificate to show to the bus (PEM)",
    placeholder: "file",
    parse: parseText,
  },
  "messagebus.key_file": {
    flags: ["messagebus.key_file"],
    env: ["MESSAGEBUS_KEY_FILE"],
    file: "messagebus.key_file",
    doc: "Private key of that certificate (PEM)",
    placeholder: "file",
    parse: parseText,
  },
  "nats.token": {
    flags: ["nats.token"],
    env: ["NATS_TOKEN"],
    file: "nats.token",
    doc: "Token to show to NATS",
    placeholder: "token",
    secret: true,
    parse: parseText,
  },
  "nats.nkey_file": {
    flags: ["nats.nkey_file"],
    env: ["NATS_NKEY_FILE"],
    file: "nats.nkey_file",
    doc: "File that holds the seed of an nkey to sign with",
    placeholder: "file",
    parse: parseText,
  },
  "nats.creds_file": {
    flags: ["nats.creds_file"],
    env: ["NATS_CREDS_FILE"],
    file: "nats.creds_file",
    doc: "Credentials file of NATS, with a JWT and a seed",
    placeholder: "file",
    parse: parseText,
  },
  "nats.handshake_first": {
    flags: ["nats.handshake_first"],
    env: ["NATS_HANDSHAKE_FIRST"],
    file: "nats.handshake_first",
    default: "false",
    doc: "Start TLS before NATS says anything, for servers that are set up so",
    placeholder: "bool",
    parse: parseBoolean,
  },
};

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
