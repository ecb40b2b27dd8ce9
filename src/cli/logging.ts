/**
 * The log of `serve`: text for people, a JSON object a line for everything else.
 *
 * @module
 */
import {
  configureSync,
  disposeSync,
  getJsonLinesFormatter,
  getLogger,
  getTextFormatter,
  resetSync,
  type TextFormatter,
} from "@logtape/logtape";
import type { Log, LogDetails } from "../server/log.ts";
import type { Output } from "./output.ts";

/** Options of {@linkcode createLog}. */
export interface LogOptions {
  /**
   * Whether to tell what only those want to know who look for a fault.
   *
   * @default false
   */
  readonly verbose?: boolean;
}

/** Characters that may wait for a slow reader. */
const LIMIT = 1024 * 1024;

/** A log that goes to an output. There is one at a time, since the library keeps it for everyone. */
export function createLog(output: Output, options: LogOptions = {}): Log & Disposable {
  const format = output.isTerminal ? textFormatter() : jsonFormatter();
  const lowestLevel = options.verbose ? "debug" : "info";
  configureSync({
    reset: true,
    sinks: { output: (record) => write(format(record)) },
    loggers: [
      { category: ["ari-proxy"], lowestLevel, sinks: ["output"] },
      { category: ["logtape", "meta"], lowestLevel: "error", sinks: ["output"] },
    ],
  });
  let dropped = 0;
  const write = (line: string): void => {
    if (output.pending > LIMIT) {
      dropped++;
      return;
    }
    output.write(line);
    if (dropped === 0) return;
    const count = dropped;
    dropped = 0;
    logger.warn("Lines of the log are missing: it is read too slowly", { count });
  };
  const logger = getLogger(["ari-proxy"]);
  const fill = (details: LogDetails = {}): Record<string, unknown> => ({ ...details });
  return {
    debug: (message, details) => logger.debug(literal(message), fill(details)),
    info: (message, details) => logger.info(literal(message), fill(details)),
    warn: (message, details) => logger.warn(literal(message), fill(details)),
    error: (message, details) => logger.error(literal(message), fill(details)),
    [Symbol.dispose]() {
      disposeSync();
      resetSync();
    },
  };
}

/** The library takes braces in a message for places to fill in; our messages have none. */
function literal(message: string): string {
  return message.replace(/[{}]/g, "$&$&");
}

function textFormatter(): TextFormatter {
  return getTextFormatter({
    timestamp: "time",
    level: "full",
    format: ({ timestamp, level, message, record }) => {
      const details = Object.entries(record.properties)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => ` ${name}=${shown(value)}`);
      return `${timestamp} ${level.toLowerCase().padEnd(7)} ${message}${details.join("")}`;
    },
  });
}

function shown(value: unknown): string {
  if (typeof value === "string" && /^[^\s"=]+$/.test(value)) return value;
  return JSON.stringify(value) ?? String(value);
}

function jsonFormatter(): TextFormatter {
  return getJsonLinesFormatter({ properties: "flatten", categorySeparator: "." });
}
