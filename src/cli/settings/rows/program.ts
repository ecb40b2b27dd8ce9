/**
 * Settings that concern the program itself.
 *
 * @module
 */
import type { SettingRows } from "../setting.ts";
import { parseBoolean, parseLevel, parseText } from "../values.ts";

/** The settings with the types of their values. */
export interface ProgramSettings {
  /** Name of the node. */
  readonly node_id: string;
  /** Whether to log for those who look for a fault. */
  readonly verbose: boolean;
  /** Path of the configuration file. */
  readonly config: string;
  /** Name of the context. */
  readonly context: string;
}

/** Their rows. */
export const programSettings: SettingRows<ProgramSettings> = {
  node_id: {
    flags: ["node-id"],
    env: ["ARI_PROXY_NODE_ID"],
    file: "node_id",
    doc: "Name of the node, instead of Asterisk's entity ID",
    placeholder: "name",
    parse: parseLevel,
  },
  verbose: {
    flags: ["verbose"],
    alias: "v",
    env: ["VERBOSE"],
    file: "verbose",
    default: "false",
    doc: "The same as --log-level debug",
    placeholder: "bool",
    parse: parseBoolean,
  },
  config: {
    flags: ["config"],
    env: ["ARI_PROXY_CONFIG"],
    doc: "Configuration file; without it .ari-proxy.yaml (or .yml, .json, .toml) in the home " +
      "folder, else /etc/ari-proxy/config.yaml",
    placeholder: "file",
    parse: parseText,
  },
  context: {
    flags: ["context"],
    env: ["ARI_PROXY_CONTEXT"],
    doc:
      "Context to take the bus and the application from, as kept by context add; serve looks at " +
      "the flag alone",
    placeholder: "name",
    parse: parseText,
  },
};
