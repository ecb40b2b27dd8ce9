/**
 * What `serve` has to know.
 *
 * @module
 */
import type { AsteriskAddress } from "../server/proxy.ts";
import {
  findSetting,
  needSetting,
  type Resolved,
  type SettingName,
  type SettingSources,
  type SettingTypes,
} from "./settings.ts";
import { UsageError } from "./usage_error.ts";

/** What `serve` has to know. */
export interface ServeSettings {
  /** Stasis application. */
  readonly app: string;
  /** The Asterisk. */
  readonly asterisk: AsteriskAddress;
  /** URL of the bus. */
  readonly bus: Resolved<string>;
  /** Whether to log more. */
  readonly verbose: boolean;
}

/**
 * Reads the settings of `serve`.
 *
 * @throws {UsageError} With a line for each setting that is missing or cannot be used.
 */
export function readServeSettings(sources: SettingSources): ServeSettings {
  const wrong: string[] = [];
  const collect = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      wrong.push(error.message);
      return undefined;
    }
  };
  const need = <N extends SettingName>(name: N): Resolved<SettingTypes[N]> | undefined =>
    collect(() => needSetting(name, sources));
  const app = need("ari.application");
  const username = need("ari.username");
  const password = need("ari.password");
  const httpUrl = need("ari.http_url");
  const websocketUrl = collect(() => findSetting("ari.websocket_url", sources));
  const bus = need("messagebus.url");
  const verbose = need("verbose");
  if (!app || !username || !password || !httpUrl || !bus || !verbose || wrong.length > 0) {
    throw new UsageError(wrong.join("\n"));
  }
  return {
    app: app.value,
    asterisk: {
      httpUrl: httpUrl.value,
      websocketUrl: websocketUrl?.value ?? eventsUrl(httpUrl.value),
      username: username.value,
      password: password.value,
    },
    bus,
    verbose: verbose.value,
  };
}

/** Where Asterisk has its event socket, as long as nobody says otherwise. */
function eventsUrl(httpUrl: string): string {
  return `${httpUrl.replace(/^http/i, "ws").replace(/\/+$/, "")}/events`;
}
