import type { AsteriskLink, LinkHooks } from "../ari/asterisk_link.ts";
import { AriLink } from "../ari/link.ts";
import type { ProxyOptions } from "./proxy_options.ts";

/** The link to the Asterisk of a proxy, whoever dials whom. */
export function connectAsterisk(
  { asterisk, ...options }: ProxyOptions,
  hooks: LinkHooks,
): AsteriskLink {
  if (typeof asterisk === "function") return asterisk(hooks);
  const { apps: applications, checkInterval, requestTimeout, silence, probeTimeout } = options;
  const times = { checkInterval, requestTimeout, silence, probeTimeout };
  return new AriLink({ ...asterisk, ...times, ...hooks, applications });
}
