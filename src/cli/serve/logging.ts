/**
 * The log of `serve`: text on a terminal, else a JSON object a line.
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
  /** Lines below this level are not written. @default "info" */
  readonly level?: LogLevel;
  /** Format of the lines. @default "auto" */
  readonly format?: LogFormat;
}

/** A log that ends when it is disposed of. */
export interface OutputLog extends Log, Disposable {
  /** How many lines were dropped so far, because the output was read too slowly or not writable. */
  readonly dropped: number;
}

/** Characters that may wait for a slow reader. */
const maxPending = 1024 * 1024;

/** Pause before an output that cannot be written, as on a full disk, is tried again, in milliseconds. */
const retryInterval = 10_000;

/** Creates a log on an output. There can be one at a time, since the library keeps it in a global. */
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
  let reported = 0;
  let ended = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = (line: string): void => {
    if (output.failure !== undefined) {
      dropped++;
      timer ??= setTimeout(retry, retryInterval);
      return;
    }
    if (output.pending > maxPending || output.closed.aborted) {
      // The next line may be much later; a reader that has caught up gets the report at once.
      if (dropped++ === reported) output.flush().then(report);
      return;
    }
    output.write(line);
    report();
  };
  const report = (): void => {
    if (dropped === reported || output.closed.aborted) return;
    const count = dropped - reported;
    reported = dropped;
    logger.warn("Lines of the log are missing: it is read too slowly", { count });
  };
  /** Tries to write the line that reports what is missing. */
  const retry = async (): Promise<void> => {
    output.recover();
    const count = dropped - reported;
    reported = dropped;
    // The last line may be incomplete.
    output.write("\n");
    logger.warn("Lines of the log are missing: they could not be written", { count });
    await output.flush();
    timer = undefined;
    if (output.failure === undefined || ended) return;
    reported -= count;
    timer = setTimeout(retry, retryInterval);
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

/** The library would fill in braces in a message. */
function literal(message: string): string {
  return message.replace(/[{}]/g, "$&$&");
}

/** A record is one line; texts from outside can neither add lines nor control the terminal. */
function textFormatter(): TextFormatter {
  return getTextFormatter({
    timestamp: "time",
    level: "full",
    // The library's function keeps line feeds in a message.
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
