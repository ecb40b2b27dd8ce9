/**
 * What Asterisk tells about itself.
 *
 * @module
 */
import { AriError } from "./errors.ts";
import type { AriRest, SendOptions } from "./rest.ts";
import { parseObject } from "../common/parse_object.ts";

/** The answer to `GET /asterisk/info`; what is not named here is passed on unchecked. */
export interface AsteriskInfo {
  /** Who this Asterisk is. */
  readonly system: {
    /** The node; empty when Asterisk found no network card to make it from. */
    readonly entity_id: string;
    /** Version, such as `22.10.1`. */
    readonly version: string;
    /** What else Asterisk tells of its system. */
    readonly [member: string]: unknown;
  };
  /** What else Asterisk tells: build, configuration, status. */
  readonly [member: string]: unknown;
}

/**
 * Asks Asterisk who it is.
 *
 * @throws {AriError} As {@linkcode AriRest.send}, and with the code `denied` (401, 403),
 * `not_found` (404) or `bad_answer` (any other status but 2xx, or no such JSON).
 */
export async function readInfo(rest: AriRest, options?: SendOptions): Promise<AsteriskInfo> {
  const answer = await rest.send({ method: "GET", path: "/asterisk/info" }, options);
  const { status } = answer;
  const line = `${status} ${answer.reason}`.trim();
  if (status === 401 || status === 403) {
    throw new AriError(
      "denied",
      `Asterisk refuses the ARI user: GET /asterisk/info answered ${line}`,
    );
  }
  if (status === 404) {
    throw new AriError("not_found", `Cannot find ARI: GET /asterisk/info answered ${line}`);
  }
  if (status < 200 || status > 299) {
    throw new AriError("bad_answer", `Cannot reach Asterisk: GET /asterisk/info answered ${line}`);
  }
  const info = parseObject(answer.body);
  if (!isInfo(info)) {
    const text = "Cannot use the answer to GET /asterisk/info: it does not name Asterisk's system";
    throw new AriError("bad_answer", text);
  }
  return info;
}

/** When Asterisk was started, in its own words; undefined when it does not tell. */
export function startupTime({ status }: AsteriskInfo): string | undefined {
  if (typeof status !== "object" || status === null || !("startup_time" in status)) {
    return undefined;
  }
  const { startup_time: time } = status;
  return typeof time === "string" ? time : undefined;
}

function isInfo(value: unknown): value is AsteriskInfo {
  if (typeof value !== "object" || value === null || !("system" in value)) return false;
  const { system } = value;
  return typeof system === "object" && system !== null &&
    "entity_id" in system && typeof system.entity_id === "string" &&
    "version" in system && typeof system.version === "string";
}
