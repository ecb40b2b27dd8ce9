/**
 * The settings of `serve`: which Asterisk, or which Asterisks, it puts on which bus, and how.
 *
 * @module
 */
import { isLoopback } from "../../common/is_loopback.ts";
import { splitUrls } from "../../common/split_urls.ts";
import type { HistoryOptions } from "../../server/events/history.ts";
import type { AsteriskAddress } from "../../server/proxy.ts";
import type { Policy } from "../../server/requests/policy.ts";
import { type BusAccess, readBusAccess } from "../open_bus.ts";
import {
  type FileSetting,
  findFile,
  findSetting,
  MissingSetting,
  needSetting,
  pem,
} from "../settings/find.ts";
import { readPolicy } from "../settings/read_policy.ts";
import type { Resolved, SettingSources } from "../settings/setting.ts";
import type { SettingName, SettingTypes } from "../settings/settings.ts";
import type { Listen } from "../settings/values.ts";
import { UsageError } from "../errors.ts";
import type { LogOptions } from "./logging.ts";

/** The settings of `serve`. */
export interface ServeSettings extends ServeTarget {
  /** Name of the node; absent for Asterisk's entity ID. */
  readonly nodeId?: string;
  /** URL of the bus. */
  readonly bus: Resolved<string>;
  /** Credentials and authorities for the bus. */
  readonly busAccess: BusAccess;
  /** Whether neither a bus nor credentials for it are set. */
  readonly busIsDefault: boolean;
  /** The embedded bus, if it is used; without a token any client may connect. */
  readonly embedded: Listen & { readonly token?: string };
  /** Where to serve health and metrics; absent for nowhere. */
  readonly health?: Listen;
  /** Which requests are allowed; absent for all. */
  readonly policy?: Policy;
  /** Bounds of the event history. */
  readonly history: HistoryOptions;
  /** Level and format of the log. */
  readonly log: LogOptions;
}

/** Which Asterisks are served. */
interface ServeTarget {
  /** Stasis applications: at least one for an Asterisk that is dialled, else none for all. */
  readonly apps: readonly string[];
  /** The Asterisk to dial; absent when Asterisks dial. */
  readonly asterisk?: AsteriskAddress;
  /** Where Asterisks dial in; absent when one is dialled. */
  readonly listening?: Listening;
}

/** Where Asterisks dial in. */
export interface Listening extends Listen {
  /** Credentials that they have to give; absent when any on this machine may dial. */
  readonly credentials?: { readonly username: string; readonly password: string };
  /** Certificate and private key, as PEM; absent for plain TCP. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Where some of them may have REST over HTTP; empty when that is not known. */
  readonly http: readonly RestAddress[];
}

/** Where an Asterisk may have its REST interface over HTTP, and as which user. */
type RestAddress = Pick<AsteriskAddress, "username" | "password" | "ca"> & {
  /** Base URL. */
  readonly url: string;
};

/**
 * Reads the settings of `serve`.
 *
 * @throws {UsageError} With a line for each setting that is missing or cannot be used; it is a
 * {@linkcode MissingSetting} when all that are set can be used.
 */
export function readServeSettings(sources: SettingSources): ServeSettings {
  const reader = new SettingsReader(sources);
  const target = readTarget(reader);
  const bus = reader.need("messagebus.url");
  const busAccess = bus && reader.collect(() => readBusAccess(sources));
  const nodeId = reader.find("node_id");
  const listen = reader.need("embedded.listen");
  const token = reader.find("embedded.token");
  const policy = reader.collect(() => readPolicy(sources));
  const health = reader.find("health");
  const size = reader.need("history.size");
  const age = reader.need("history.age");
  const verbose = reader.need("verbose");
  const level = reader.need("log.level");
  const format = reader.need("log.format");
  const { wrong } = reader;
  if (
    !target || !bus || !busAccess || !listen || !verbose || !level || !format || !size || !age ||
    wrong.length > 0
  ) {
    const text = wrong.map(({ message }) => message).join("\n");
    const missing = wrong.every((error) => error instanceof MissingSetting);
    throw missing ? new MissingSetting(text) : new UsageError(text);
  }
  const isAbsent = (value: unknown) => value === undefined;
  return {
    ...target,
    ...(nodeId !== undefined && { nodeId }),
    bus,
    busAccess,
    busIsDefault: bus.source === "default" && Object.values(busAccess).every(isAbsent),
    embedded: { ...listen.value, ...(token !== undefined && { token }) },
    ...(policy && { policy }),
    ...(health && { health }),
    history: { size: size.value, age: age.value },
    log: { level: verbose.value ? "debug" : level.value, format: format.value },
  };
}

/** Reads settings, and collects all errors instead of stopping at the first. */
class SettingsReader {
  readonly wrong: UsageError[] = [];
  readonly sources: SettingSources;

  constructor(sources: SettingSources) {
    this.sources = sources;
  }

  /** Returns a value; undefined when reading it throws a {@linkcode UsageError}, which is kept. */
  collect<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      this.wrong.push(error);
      return undefined;
    }
  }

  /** A setting that must be set, with its source. */
  need<N extends SettingName>(name: N): Resolved<SettingTypes[N]> | undefined {
    return this.collect(() => needSetting(name, this.sources));
  }

  /** The value of a setting that may be set. */
  find<N extends SettingName>(name: N): SettingTypes[N] | undefined {
    return this.collect(() => findSetting(name, this.sources))?.value;
  }

  /** The certificates or the key in the file that a setting names. */
  pem(name: FileSetting, kind: keyof typeof pem): string | undefined {
    return this.collect(() => findFile(name, this.sources, pem[kind]))?.value;
  }
}

/** Reads which Asterisks are served; undefined when something is missing or wrong. */
function readTarget(reader: SettingsReader): ServeTarget | undefined {
  const { sources } = reader;
  const found = reader.collect(() => ({ address: findSetting("listen.address", sources) }));
  if (!found) return undefined;
  return found.address ? readListening(found.address, reader) : readAsterisk(reader);
}

function readAsterisk(reader: SettingsReader): ServeTarget | undefined {
  const apps = reader.need("ari.application");
  const username = reader.need("ari.username");
  const password = reader.need("ari.password");
  const httpUrl = reader.collect(() => {
    const found = needSetting("ari.http_url", reader.sources);
    if (splitUrls(found.value).length === 1) return found;
    throw new UsageError(
      `Cannot use the setting ari.http_url from ${found.source}: without listen.address one ` +
        "Asterisk is served, and it names several URLs",
    );
  });
  // Its default is made from that URL, whose error would be reported twice.
  const websocketUrl = httpUrl && reader.need("ari.websocket_url");
  const origin = reader.need("ari.websocket_origin");
  const ca = reader.pem("ari.ca_file", "certificate");
  if (!apps || !username || !password || !httpUrl || !websocketUrl || !origin) return undefined;
  return {
    apps: apps.value,
    asterisk: {
      httpUrl: httpUrl.value,
      websocketUrl: websocketUrl.value,
      origin: origin.value,
      username: username.value,
      password: password.value,
      ...(ca !== undefined && { ca: [ca] }),
    },
  };
}

function readListening(
  { value: address, source }: Resolved<Listen>,
  reader: SettingsReader,
): ServeTarget {
  const together = (names: string, one: string | undefined, other: string | undefined) =>
    reader.collect(() => {
      if ((one === undefined) === (other === undefined)) return;
      throw new UsageError(`Cannot listen for Asterisk: ${names} belong together`);
    });
  const username = reader.find("listen.username");
  const password = reader.find("listen.password");
  together("listen.username and listen.password", username, password);
  const cert = reader.pem("listen.cert_file", "certificate");
  const key = reader.pem("listen.key_file", "key");
  together("listen.cert_file and listen.key_file", cert, key);
  const isProtected = username !== undefined && password !== undefined;
  reader.collect(() => {
    if (isProtected || isLoopback(address.hostname)) return;
    throw new UsageError(
      `Cannot use the setting listen.address from ${source}: others than this machine can dial ` +
        "there; set listen.username and listen.password",
    );
  });
  reader.collect(() => {
    if (findSetting("node_id", reader.sources) === undefined) return;
    throw new UsageError(
      "Cannot use the setting node_id with listen.address: several Asterisks may dial, and each " +
        "has its own entity ID",
    );
  });
  return {
    apps: reader.find("ari.application") ?? [],
    listening: {
      ...address,
      ...(isProtected && { credentials: { username, password } }),
      ...(cert !== undefined && key !== undefined && { tls: { cert, key } }),
      http: readHttp(reader),
    },
  };
}

/** REST over HTTP is used only with an ARI user. */
function readHttp(reader: SettingsReader): RestAddress[] {
  const urls = reader.find("ari.http_url");
  const username = reader.find("ari.username");
  const password = reader.find("ari.password");
  const ca = reader.pem("ari.ca_file", "certificate");
  if (urls === undefined || username === undefined || password === undefined) return [];
  return splitUrls(urls).map((url) => ({
    url,
    username,
    password,
    ...(ca !== undefined && { ca: [ca] }),
  }));
}
