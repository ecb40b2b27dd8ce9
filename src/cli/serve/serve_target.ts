/**
 * Which Asterisk `serve` puts on the bus: the one that it dials, or those that dial it.
 *
 * @module
 */
import type { AsteriskAddress } from "../../server/proxy.ts";
import { findSetting, needSetting } from "../settings/find.ts";
import type { Resolved, SettingSources } from "../settings/setting.ts";
import { findFile, pem } from "../settings/setting_file.ts";
import type { Listen } from "../settings/values.ts";
import type { SettingName, SettingTypes } from "../settings/settings.ts";
import { UsageError } from "../errors.ts";
import { isLoopback } from "../../common/is_loopback.ts";
import { splitUrls } from "../../common/split_urls.ts";

/** Where an Asterisk may have its REST interface over HTTP, and as whom to go there. */
export type RestAddress = Pick<AsteriskAddress, "username" | "password" | "ca"> & {
  /** Base URL. */
  readonly url: string;
};

/** Where Asterisks dial in. */
export interface Listening extends Listen {
  /** Whom they have to show themselves as; absent when anyone on this machine may dial. */
  readonly credentials?: { readonly username: string; readonly password: string };
  /** Certificate and private key, as PEM; absent for plain TCP. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** REST over HTTP, wherever some of them may be; empty when that is not known. */
  readonly http: readonly RestAddress[];
}

/** What is served. */
export interface ServeTarget {
  /** Stasis applications: one at least for an Asterisk that is dialled, else none for all. */
  readonly apps: readonly string[];
  /** The Asterisk to dial; absent when Asterisks dial. */
  readonly asterisk?: AsteriskAddress;
  /** Where Asterisks dial in; absent when one is dialled. */
  readonly listening?: Listening;
}

/** What reading may come upon besides a value. */
export interface Collector {
  /** Where settings come from. */
  readonly sources: SettingSources;
  /** Passes a value on; undefined when reading it throws a {@linkcode UsageError}, which is kept. */
  readonly collect: <T>(read: () => T) => T | undefined;
}

/** Reads what is served; undefined when something is missing or wrong, which is collected. */
export function readServeTarget(collector: Collector): ServeTarget | undefined {
  const { sources, collect } = collector;
  const address = collect(() => ({ found: findSetting("listen.address", sources) }));
  if (!address) return undefined;
  return address.found ? readListening(address.found, collector) : readAsterisk(collector);
}

function readAsterisk({ sources, collect }: Collector): ServeTarget | undefined {
  const need = <N extends SettingName>(name: N): Resolved<SettingTypes[N]> | undefined =>
    collect(() => needSetting(name, sources));
  const apps = need("ari.application");
  const username = need("ari.username");
  const password = need("ari.password");
  const httpUrl = collect(() => {
    const found = needSetting("ari.http_url", sources);
    if (splitUrls(found.value).length === 1) return found;
    throw new UsageError(
      `Cannot use the setting ari.http_url from ${found.source}: without listen.address one ` +
        "Asterisk is served, and it names several URLs",
    );
  });
  // It is made from the one before, and is not to be blamed for the same a second time.
  const websocketUrl = httpUrl && need("ari.websocket_url");
  const origin = need("ari.websocket_origin");
  const ca = collect(() => findFile("ari.ca_file", sources, pem.certificate));
  if (!apps || !username || !password || !httpUrl || !websocketUrl || !origin) return undefined;
  return {
    apps: apps.value,
    asterisk: {
      httpUrl: httpUrl.value,
      websocketUrl: websocketUrl.value,
      origin: origin.value,
      username: username.value,
      password: password.value,
      ...(ca && { ca: [ca.value] }),
    },
  };
}

function readListening(
  { value: address, source }: Resolved<Listen>,
  { sources, collect }: Collector,
): ServeTarget {
  const find = <N extends SettingName>(name: N): SettingTypes[N] | undefined =>
    collect(() => findSetting(name, sources))?.value;
  const together = <T>(names: string, [one, other]: readonly [T | undefined, T | undefined]) =>
    collect(() => {
      if ((one === undefined) === (other === undefined)) return;
      throw new UsageError(`Cannot listen for Asterisk: ${names} belong together`);
    });
  const username = find("listen.username");
  const password = find("listen.password");
  together("listen.username and listen.password", [username, password]);
  const cert = collect(() => findFile("listen.cert_file", sources, pem.certificate))?.value;
  const key = collect(() => findFile("listen.key_file", sources, pem.key))?.value;
  together("listen.cert_file and listen.key_file", [cert, key]);
  const protects = username !== undefined && password !== undefined;
  collect(() => {
    if (protects || isLoopback(address.hostname)) return;
    throw new UsageError(
      `Cannot use the setting listen.address from ${source}: others than this machine can dial ` +
        "there; set listen.username and listen.password",
    );
  });
  collect(() => {
    if (findSetting("node_id", sources) === undefined) return;
    throw new UsageError(
      "Cannot use the setting node_id with listen.address: several Asterisks may dial, and each " +
        "has its own entity ID",
    );
  });
  return {
    apps: find("ari.application") ?? [],
    listening: {
      ...address,
      ...(protects && { credentials: { username, password } }),
      ...(cert !== undefined && key !== undefined && { tls: { cert, key } }),
      http: readHttp({ sources, collect }),
    },
  };
}

/** HTTP counts only for someone who names an ARI user. */
function readHttp({ sources, collect }: Collector): RestAddress[] {
  const find = <N extends SettingName>(name: N): SettingTypes[N] | undefined =>
    collect(() => findSetting(name, sources))?.value;
  const url = find("ari.http_url");
  const username = find("ari.username");
  const password = find("ari.password");
  const ca = collect(() => findFile("ari.ca_file", sources, pem.certificate));
  if (url === undefined || username === undefined || password === undefined) return [];
  return splitUrls(url).map((url) => ({ url, username, password, ...(ca && { ca: [ca.value] }) }));
}
