/**
 * Settings for those who run the program: its health and its log.
 *
 * @module
 */
import { type LogFormat, logFormats, type LogLevel, logLevels } from "../log_levels.ts";
import type { SettingRows } from "../setting.ts";
import { type Listen, parseListen } from "../values.ts";

/** The settings with the types of their values. */
export interface OperationsSettings {
  /** Where to answer those who ask for the health; an empty host stands for all addresses. */
  readonly health: Listen;
  /** What is worth a line of the log. */
  readonly "log.level": LogLevel;
  /** What a line of the log looks like. */
  readonly "log.format": LogFormat;
}

/** Their rows. */
export const operationsSettings: SettingRows<OperationsSettings> = {
  health: {
    flags: ["health"],
    env: ["ARI_PROXY_HEALTH"],
    file: "health",
    doc: "Where to serve /livez, /readyz and /metrics, as in 127.0.0.1:9090, or :9090 for all " +
      "addresses; without it nowhere",
    placeholder: "host:port",
    parse: parseHealth,
  },
  "log.level": {
    flags: ["log-level"],
    env: ["ARI_PROXY_LOG_LEVEL"],
    file: "log.level",
    default: "info",
    doc: "Lowest level to log: debug, info, warn or error",
    placeholder: "level",
    parse: (text) => oneOf(text, logLevels),
  },
  "log.format": {
    flags: ["log-format"],
    env: ["ARI_PROXY_LOG_FORMAT"],
    file: "log.format",
    default: "auto",
    doc: "Form of the log: text or json; auto is text on a terminal, else json",
    placeholder: "format",
    parse: (text) => oneOf(text, logFormats),
  },
};

function parseHealth(text: string): Listen {
  const port = Number(/^:(\d{1,5})$/.exec(text)?.[1]);
  return port <= 65_535 ? { hostname: "", port } : parseListen(text);
}

function oneOf<T extends string>(text: string, words: readonly T[]): T {
  const found = words.find((word) => word === text.toLowerCase());
  if (found !== undefined) return found;
  throw new Error(`${JSON.stringify(text)} is none of ${words.join(", ")}`);
}
