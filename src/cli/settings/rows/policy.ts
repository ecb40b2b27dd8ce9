/**
 * Settings that concern what may be done to Asterisk.
 *
 * @module
 */
import type { SettingRows } from "../setting.ts";
import { parseBoolean, parseList } from "../values.ts";

/** The settings with the types of their values. */
export interface PolicySettings {
  /** Rules of which one has to match a request. */
  readonly "policy.allow": readonly string[];
  /** Rules of which none may match. */
  readonly "policy.deny": readonly string[];
  /** Whether nothing may be done but reading. */
  readonly "policy.read_only": boolean;
}

/** Their rows. */
export const policySettings: SettingRows<PolicySettings> = {
  "policy.allow": {
    flags: ["policy.allow"],
    env: ["POLICY_ALLOW"],
    file: "policy.allow",
    doc: "Kinds of requests that are allowed, as in Channel*, and calls, as in GET /channels/*",
    placeholder: "rule",
    parse: parseList,
  },
  "policy.deny": {
    flags: ["policy.deny"],
    env: ["POLICY_DENY"],
    file: "policy.deny",
    doc: "Those that are refused; overrides policy.allow",
    placeholder: "rule",
    parse: parseList,
  },
  "policy.read_only": {
    flags: ["policy.read_only"],
    env: ["POLICY_READ_ONLY"],
    file: "policy.read_only",
    default: "false",
    doc: "Allow only requests that read",
    placeholder: "bool",
    parse: parseBoolean,
  },
};
