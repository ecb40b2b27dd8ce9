/**
 * What `serve` has to know.
 *
 * @module
 */
import type { AsteriskAddress } from "../server/proxy.ts";
import { findSetting, MissingSetting, needSetting } from "./find_setting.ts";
import type { Listen } from "./setting_values.ts";
import type { Resolved, SettingName, SettingSources, SettingTypes } from "./settings.ts";
import { UsageError } from "./usage_error.ts";

/** What `serve` has to know. */
export interface ServeSettings {
  /** Stasis applications, one at least. */
  readonly apps: readonly string[];
  /** Name of the node instead of Asterisk's entity ID; absent when that one counts. */
  readonly nodeId?: string;
  /** The Asterisk. */
  readonly asterisk: AsteriskAddress;
  /** URL of the bus. */
  readonly bus: Resolved<string>;
  /** Whether nobody said which bus. */
  readonly busIsDefault: boolean;
  /** The bus within the program, if it is used. */
  readonly embedded: Listen & {
    /** What its clients have to know; absent when they have to know nothing. */
    readonly token?: string;
  };
  /** Whether to log more. */
  readonly verbose: boolean;
}

/**
 * Reads the settings of `serve`.
 *
 * @throws {UsageError} With a line for each setting that is missing or cannot be used; it is a
 * {@linkcode MissingSetting} when all that are there can be used.
 */
export function readServeSettings(sources: SettingSources): ServeSettings {
  const wrong: UsageError[] = [];
  const collect = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      wrong.push(error);
      return undefined;
    }
  };
  const need = <N extends SettingName>(name: N): Resolved<SettingTypes[N]> | undefined =>
    collect(() => needSetting(name, sources));
  const find = <N extends SettingName>(name: N): SettingTypes[N] | undefined =>
    collect(() => findSetting(name, sources))?.value;
  const apps = need("ari.application");
  const username = need("ari.username");
  const password = need("ari.password");
  const httpUrl = need("ari.http_url");
  // It is made from the one before, and is not to be blamed for the same a second time.
  const websocketUrl = httpUrl && need("ari.websocket_url");
  const origin = need("ari.websocket_origin");
  const bus = need("messagebus.url");
  const nodeId = find("node_id");
  const listen = need("embedded.listen");
  const token = find("embedded.token");
  const verbose = need("verbose");
  if (
    !apps || !username || !password || !httpUrl || !websocketUrl || !origin || !bus || !listen ||
    !verbose || wrong.length > 0
  ) {
    const text = wrong.map(({ message }) => message).join("\n");
    const missing = wrong.every((error) => error instanceof MissingSetting);
    throw missing ? new MissingSetting(text) : new UsageError(text);
  }
  return {
    apps: apps.value,
    ...(nodeId !== undefined && { nodeId }),
    asterisk: {
      httpUrl: httpUrl.value,
      websocketUrl: websocketUrl.value,
      origin: origin.value,
      username: username.value,
      password: password.value,
    },
    bus,
    busIsDefault: bus.source === "default",
    embedded: { ...listen.value, ...(token !== undefined && { token }) },
    verbose: verbose.value,
  };
}
