/**
 * Settings for the last events, which a proxy keeps for those who come late.
 *
 * @module
 */
import { parseDuration } from "../../parse_time.ts";
import type { SettingRows } from "../setting.ts";

/** The settings with the types of their values. */
export interface HistorySettings {
  /** How much is kept, in bytes; 0 for nothing. */
  readonly "history.size": number;
  /** How long an event is kept at the most, in milliseconds. */
  readonly "history.age": number;
}

/** Their rows. */
export const historySettings: SettingRows<HistorySettings> = {
  "history.size": {
    flags: ["history.size"],
    env: ["ARI_PROXY_HISTORY_SIZE"],
    file: "history.size",
    default: "8MiB",
    doc: "How much of the latest events of each Asterisk to keep for tail --since; 0 for none",
    placeholder: "size",
    parse: parseSize,
    show: showSize,
  },
  "history.age": {
    flags: ["history.age"],
    env: ["ARI_PROXY_HISTORY_AGE"],
    file: "history.age",
    default: "10m",
    doc: "How long to keep them at most",
    placeholder: "time",
    parse: parseAge,
    show: showAge,
  },
};

const units: Readonly<Record<string, number>> = {
  "": 1,
  k: 1024,
  m: 1024 * 1024,
  g: 1024 * 1024 * 1024,
};

function parseSize(text: string): number {
  const [, digits = "", unit = ""] = /^(\d{1,12})\s*([kmg]?)(?:i?b)?$/i.exec(text.trim()) ?? [];
  const bytes = Number(digits) * units[unit.toLowerCase()];
  if (digits && bytes <= 4 * units.g) return bytes;
  throw new Error(`${JSON.stringify(text)} is no size up to 4GiB, as in 16MiB`);
}

/** In the largest unit in which it is a whole number. */
function showSize(bytes: number): string {
  const fits = ["g", "m", "k"].find((unit) => bytes > 0 && bytes % units[unit] === 0);
  return fits ? `${bytes / units[fits]}${fits.toUpperCase()}iB` : `${bytes}`;
}

function parseAge(text: string): number {
  const nanoseconds = parseDuration(text);
  if (nanoseconds !== undefined && nanoseconds > 0) return Math.ceil(nanoseconds / 1e6);
  throw new Error(`${JSON.stringify(text)} is no time such as 30s or 10m`);
}

const times: readonly (readonly [string, number])[] = [
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
];

function showAge(milliseconds: number): string {
  let rest = milliseconds;
  return times.map(([unit, length]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return count > 0 ? `${count}${unit}` : "";
  }).join("");
}
