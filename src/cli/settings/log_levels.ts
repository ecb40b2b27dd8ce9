/**
 * The levels and formats of the log.
 *
 * @module
 */

/** Levels of the log, from the one with the most lines. */
export const logLevels = ["debug", "info", "warn", "error"] as const;

/** A level of the log: lines of this one and of those after it are written. */
export type LogLevel = typeof logLevels[number];

/** Formats of the log. */
export const logFormats = ["auto", "text", "json"] as const;

/** What a line looks like; `auto` is text on a terminal, else JSON. */
export type LogFormat = typeof logFormats[number];
