/**
 * Parses the texts of settings. Each function throws an error that states why a text cannot be used.
 *
 * @module
 */
import { redactInvalidUrl } from "../../common/redact_url.ts";
import { parseDuration } from "../parse_time.ts";
import { assertLevel } from "../../protocol/subjects.ts";
import { busOfScheme, busSchemes } from "../../common/bus_urls.ts";
import { splitUrls } from "../../common/split_urls.ts";

/** A place to listen at. */
export interface Listen {
  /** Name or IP address, without brackets. */
  readonly hostname: string;
  /** Port; 0 for any free one. */
  readonly port: number;
}

/** Any text but an empty one. */
export function parseText(text: string): string {
  if (text === "") throw new Error("it is empty");
  return text;
}

/** One Stasis application or several, separated by commas, each once. */
export function parseApplications(text: string): readonly string[] {
  const names = parseList(text);
  names.forEach(parseLevel);
  return [...new Set(names)];
}

/** One text or several, separated by commas. */
export function parseList(text: string): readonly string[] {
  const items = text.split(",").map((item) => item.trim()).filter((item) => item !== "");
  if (items.length === 0) throw new Error("it is empty");
  return items;
}

/** A text that can be one level of a subject. */
export function parseLevel(text: string): string {
  parseText(text);
  try {
    assertLevel(text, "name");
  } catch {
    const name = JSON.stringify(text);
    throw new Error(`${name} must have no blanks, control characters, dots, *, > or #`);
  }
  return text;
}

/** Yes or no, in the usual words. */
export function parseBoolean(text: string): boolean {
  if (/^(1|t|true|y|yes|on)$/i.test(text)) return true;
  if (/^(0|f|false|n|no|off)$/i.test(text)) return false;
  throw new Error(`${JSON.stringify(text)} is neither true nor false`);
}

/** A URL of Asterisk, with one of the protocols, such as `http:`. */
export function parseAsteriskUrl(text: string, protocols: readonly string[]): string {
  const url = parseUrl(text, protocols);
  if (url.search !== "" || url.hash !== "") throw new Error("it has a query or a fragment");
  return text;
}

/** URLs of REST interfaces, separated by commas. */
export function parseRestUrls(text: string): string {
  const urls = splitUrls(text);
  if (urls.length === 0) throw new Error("it is empty");
  return urls.map((url) => parseAsteriskUrl(url, ["http:", "https:"])).join(",");
}

/** URLs of one bus, separated by commas. */
export function parseBusUrls(text: string): string {
  assertNoBlank(text.trim().replaceAll(/,\s+(?=[a-z][a-z0-9+.-]*:\/\/)/gi, ","));
  const urls = splitUrls(text);
  if (urls.length === 0) throw new Error("it is empty");
  const buses = urls.map((part) => busOfScheme(parseUrl(part, busSchemes).protocol));
  if (new Set(buses).size > 1) throw new Error("the URLs name buses of several kinds");
  return urls.join(",");
}

/** A host and a port, as in `127.0.0.1:4222` or `[::1]:4222`. */
export function parseListen(text: string): Listen {
  const [, bracketed, plain, digits = ""] =
    /^(?:\[([\da-f:.]+)\]|([^\s:/[\]@]+)):(\d{1,5})$/i.exec(text) ?? [];
  const hostname = bracketed ?? plain;
  const port = Number(digits);
  if (hostname !== undefined && port <= 65_535) return { hostname, port };
  throw new Error(
    `${JSON.stringify(redactInvalidUrl(text))} is not a host and port, as in 127.0.0.1:4222`,
  );
}

/**
 * Refuses what no URL has. The runtime takes much of it in a password, but where a text ends that has
 * to be hidden would be a guess.
 */
function assertNoBlank(text: string): void {
  if (!/[\s\p{Cc}"<>]/u.test(text)) return;
  const how = "in a password they are percent-encoded, a blank as %20";
  throw new Error(`it has a blank, quotes, < or > within a URL; ${how}`);
}

function parseUrl(text: string, protocols: readonly string[]): URL {
  assertNoBlank(text);
  const url = URL.parse(text);
  // Deno parses the host of an unknown scheme, such as those of buses, only after slashes.
  if (url !== null && protocols.includes(url.protocol) && url.hostname !== "") return url;
  const wanted = protocols.map((protocol) => `${protocol}//`).join(", ");
  throw new Error(
    `${JSON.stringify(redactInvalidUrl(text))} is not a URL that begins with ${wanted}`,
  );
}

/** A place to listen at; without a host, as in `:9090`, it is all addresses. */
export function parseHealth(text: string): Listen {
  const port = Number(/^:(\d{1,5})$/.exec(text)?.[1]);
  return port <= 65_535 ? { hostname: "", port } : parseListen(text);
}

/** One of the words, ignoring letter case. */
export function parseOneOf<T extends string>(text: string, words: readonly T[]): T {
  const found = words.find((word) => word === text.toLowerCase());
  if (found !== undefined) return found;
  throw new Error(`${JSON.stringify(text)} is not one of ${words.join(", ")}`);
}

const units: Readonly<Record<string, number>> = {
  "": 1,
  k: 1024,
  m: 1024 * 1024,
  g: 1024 * 1024 * 1024,
};

/** A size in bytes, as in `16MiB`. */
export function parseSize(text: string): number {
  const [, digits = "", unit = ""] = /^(\d{1,12})\s*([kmg]?)(?:i?b)?$/i.exec(text.trim()) ?? [];
  const bytes = Number(digits) * units[unit.toLowerCase()];
  if (digits && bytes <= 4 * units.g) return bytes;
  throw new Error(`${JSON.stringify(text)} is not a size up to 4GiB, as in 16MiB`);
}

/** The size in the largest unit in which it is a whole number. */
export function showSize(bytes: number): string {
  const fits = ["g", "m", "k"].find((unit) => bytes > 0 && bytes % units[unit] === 0);
  return fits ? `${bytes / units[fits]}${fits.toUpperCase()}iB` : `${bytes}`;
}

/** A time above 0, in milliseconds, as in `10m`. */
export function parseAge(text: string): number {
  const nanoseconds = parseDuration(text);
  if (nanoseconds !== undefined && nanoseconds > 0) return Math.ceil(nanoseconds / 1e6);
  throw new Error(`${JSON.stringify(text)} is not a time such as 30s or 10m`);
}

const times: readonly (readonly [string, number])[] = [
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
];

/** The time with its units, as in `1h30m`. */
export function showAge(milliseconds: number): string {
  let rest = milliseconds;
  return times.map(([unit, length]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return count > 0 ? `${count}${unit}` : "";
  }).join("");
}
