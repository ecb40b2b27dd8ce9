/**
 * Connects to the bus of the settings, with their credentials and certificates.
 *
 * @module
 */
import { type Bus, BusError } from "../bus/bus.ts";
import { type ChangingText, connectBus, type ConnectBusOptions } from "../bus/connect.ts";
import { UsageError } from "./errors.ts";
import {
  type FileSetting,
  findFile,
  findSetting,
  type Holds,
  needSetting,
  pem,
  unusable,
} from "./settings/find.ts";
import type { Resolved, SettingSources } from "./settings/setting.ts";
import type { SettingName } from "./settings/settings.ts";
import { type BusKind, busOfScheme, schemeOf } from "../common/bus_urls.ts";

/** Options of {@linkcode openBus}. */
interface OpenBusOptions {
  /** Name of the connection, shown by the server. */
  readonly name: string;
  /** Aborts connecting. */
  readonly signal?: AbortSignal;
  /** Timeout of connecting, in milliseconds. @default 5000 */
  readonly timeout?: number;
}

/**
 * Connects to the bus of the settings.
 *
 * @throws {UsageError} When the setting cannot be used.
 * @throws {BusError} When the bus cannot be reached.
 */
export async function openBus(sources: SettingSources, options: OpenBusOptions): Promise<Bus> {
  const url = needSetting("messagebus.url", sources);
  const access = readBusAccess(sources);
  try {
    return await connectBus(url.value, { ...access, ...options });
  } catch (error) {
    throw asUsageError(error, url);
  }
}

/** A usage error for settings that cannot be used; other errors unchanged. */
export function asUsageError(error: unknown, url: Resolved<string>): unknown {
  if (!(error instanceof BusError) || error.code !== "invalid") return error;
  const text = `Cannot use the setting messagebus.url from ${url.source}: ${error.message}`;
  return new UsageError(text, { cause: error });
}

/**
 * The application that was asked for, if any.
 *
 * @throws {UsageError} When the setting cannot be used, or names several.
 */
export function wantedApplication(sources: SettingSources): string | undefined {
  const found = findSetting("ari.application", sources);
  if (!found || found.value.length === 1) return found?.value[0];
  throw new UsageError(
    `Cannot use the setting ari.application from ${found.source}: it names several, and one is ` +
      "wanted here, as in --app",
  );
}

/** Credentials and certificates for {@linkcode connectBus}. Those of files are read at each attempt. */
export type BusAccess = Pick<
  ConnectBusOptions,
  "user" | "pass" | "token" | "nkey" | "creds" | "tls"
>;

/** Alternative credentials, of which one is enough. */
const identities = [
  "messagebus.username",
  "nats.token",
  "nats.nkey_file",
  "nats.creds_file",
] as const satisfies readonly SettingName[];

/** Settings that need another one. */
const pairs = [
  ["messagebus.password", "messagebus.username"],
  ["messagebus.cert_file", "messagebus.key_file"],
  ["messagebus.key_file", "messagebus.cert_file"],
] as const satisfies readonly (readonly [SettingName, SettingName])[];

/** Settings that only one kind of bus has. */
const own: Readonly<Record<BusKind, readonly SettingName[]>> = {
  NATS: ["nats.token", "nats.nkey_file", "nats.creds_file", "nats.handshake_first"],
  RabbitMQ: [],
};

const seed: Holds = { what: "seed of an nkey", pattern: /^\s*S[A-Z2-7]{57,}\s*$/m };
const creds: Holds = {
  what: "JWT with a seed",
  pattern: /-BEGIN NATS USER JWT-[^]*-BEGIN USER NKEY/,
};

/**
 * Reads the credentials and certificates for the bus.
 *
 * @throws {UsageError} When a setting cannot be used, alone or together with another one.
 */
export function readBusAccess(sources: SettingSources): BusAccess {
  checkTogether(sources);
  const text = <N extends "messagebus.username" | "messagebus.password" | "nats.token">(name: N) =>
    changing(() => findSetting(name, sources));
  const file = (name: FileSetting, holds: Holds) => changing(() => findFile(name, sources, holds));
  const [ca, cert, key] = [
    file("messagebus.ca_file", pem.certificate),
    file("messagebus.cert_file", pem.certificate),
    file("messagebus.key_file", pem.key),
  ];
  const handshakeFirst = findSetting("nats.handshake_first", sources)?.value === true;
  const encrypted = ca !== undefined || cert !== undefined || handshakeFirst;
  return {
    user: findSetting("messagebus.username", sources)?.value,
    pass: text("messagebus.password"),
    token: text("nats.token"),
    nkey: file("nats.nkey_file", seed),
    creds: file("nats.creds_file", creds),
    tls: encrypted ? { ca, cert, key, handshakeFirst } : undefined,
  };
}

function checkTogether(sources: SettingSources): void {
  const sourceOf = (name: SettingName) => findSetting(name, sources)?.source;
  const [one, other] = identities.filter(sourceOf);
  if (other) {
    throw new UsageError(`Cannot use the settings ${one} and ${other} together: one is enough`);
  }
  for (const [name, partner] of pairs) {
    const source = sourceOf(name);
    if (source && !sourceOf(partner)) {
      throw unusable(name, source, new Error(`${partner} has to be set as well`));
    }
  }
  const bus = busOfScheme(schemeOf(needSetting("messagebus.url", sources).value) ?? "");
  if (!bus) return;
  for (const name of Object.entries(own).flatMap(([kind, names]) => kind === bus ? [] : names)) {
    const source = sourceOf(name);
    if (source && source !== "default") {
      throw unusable(name, source, new Error(`the bus is ${bus}`));
    }
  }
}

/** Looks the text up at each call; when it cannot be read then, the last text is kept. */
function changing(find: () => Resolved<string> | undefined): ChangingText | undefined {
  let last = find()?.value;
  if (last === undefined) return undefined;
  return () => {
    try {
      last = find()?.value ?? last;
    } catch {
      // The file may just be being replaced.
    }
    return last ?? "";
  };
}
