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
import type { Log, LogDetails } from "../../common/log.ts";
import type { LogFormat, LogLevel } from "../settings/log_levels.ts";
import type { Output } from "../output.ts";
import { escaped } from "../table.ts";

/** Options of {@linkcode createLog}. */
export interface LogOptions {
  /**
   * What is worth a line.
   *
   * @default "info"
   */
  readonly level?: LogLevel;
  /**
   * What a line looks like.
   *
   * @default "auto"
   */
  readonly format?: LogFormat;
}

/** A log that ends when it is disposed of. */
export interface OutputLog extends Log, Disposable {
  /** How many lines have been given up so far, since nobody read them. */
  readonly dropped: number;
}

/** Characters that may wait for a slow reader. */
const LIMIT = 1024 * 1024;

/** How long an output that cannot be written, as on a full disk, is let alone, in milliseconds. */
const RETRY = 10_000;

/** A log that goes to an output. There is one at a time, since the library keeps it for everyone. */
export function createLog(output: Output, options: LogOptions = {}): OutputLog {
  const { level = "info", format = "auto" } = options;
  const asText = format === "auto" ? output.isTerminal : format === "text";
  const formatted = asText ? textFormatter() : jsonFormatter();
  const lowestLevel = level === "warn" ? "warning" : level;
  configureSync({
    reset: true,
    sinks: { output: (record) => write(formatted(record)) },
    loggers: [
      { category: ["ari-proxy"], lowestLevel, sinks: ["output"] },
      { category: ["logtape", "meta"], lowestLevel: "error", sinks: ["output"] },
    ],
  });
  let dropped = 0;
  let told = 0;
  let ended = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = (line: string): void => {
    if (output.failure !== undefined) {
      dropped++;
      timer ??= setTimeout(retry, RETRY);
      return;
    }
    if (output.pending > LIMIT || output.closed.aborted) {
      // The next line may be far away, and who reads again is to know at once.
      if (dropped++ === told) output.flush().then(tell);
      return;
    }
    output.write(line);
    tell();
  };
  const tell = (): void => {
    if (dropped === told || output.closed.aborted) return;
    const count = dropped - told;
    told = dropped;
    logger.warn("Lines of the log are missing: it is read too slowly", { count });
  };
  /** Whether it can be written again shows in the line that tells what is missing. */
  const retry = async (): Promise<void> => {
    output.recover();
    const count = dropped - told;
    told = dropped;
    // The last line that was begun may have no end.
    output.write("\n");
    logger.warn("Lines of the log are missing: they could not be written", { count });
    await output.flush();
    timer = undefined;
    if (output.failure === undefined || ended) return;
    told -= count;
    timer = setTimeout(retry, RETRY);
  };
  const logger = getLogger(["ari-proxy"]);
  const fill = (details: LogDetails = {}): Record<string, unknown> => ({ ...details });
  return {
    debug: (message, details) => logger.debug(literal(message), fill(details)),
    info: (message, details) => logger.info(literal(message), fill(details)),
    warn: (message, details) => logger.warn(literal(message), fill(details)),
    error: (message, details) => logger.error(literal(message), fill(details)),
    get dropped() {
      return dropped;
    },
    [Symbol.dispose]() {
      ended = true;
      clearTimeout(timer);
      disposeSync();
      resetSync();
    },
  };
}

/** The library takes braces in a message for places to fill in; our messages have none. */
function literal(message: string): string {
  return message.replace(/[{}]/g, "$&$&");
}

/** A record is a line, and what others sent can neither make another one nor move the terminal. */
function textFormatter(): TextFormatter {
  return getTextFormatter({
    timestamp: "time",
    level: "full",
    // The library's own way leaves line feeds of a message alone.
    sanitize: false,
    format: ({ timestamp, level, message, record }) => {
      const details = Object.entries(record.properties)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => ` ${name}=${shown(value)}`);
      return `${timestamp} ${level.toLowerCase().padEnd(7)} ${escaped(message)}${details.join("")}`;
    },
  });
}

function shown(value: unknown): string {
  if (typeof value === "string" && /^[^\s"=\p{Cc}]+$/u.test(value)) return escaped(value);
  return escaped(JSON.stringify(value) ?? String(value));
}

function jsonFormatter(): TextFormatter {
  return getJsonLinesFormatter({ properties: "flatten", categorySeparator: "." });
}
