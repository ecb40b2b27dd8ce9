/**
 * Recordings of events: files with a JSON object a line.
 *
 * @module
 */
import type { BusHeaders } from "../../bus/bus.ts";
import { parseEvent } from "../../protocol/event_text.ts";
import { isObject, parseJson } from "../../protocol/json.ts";
import type { TailMessage } from "../tail/tail_message.ts";

/** What a recording begins with. */
export const recordingBegin = '{"at":"';

/**
 * The line of a recording for a message. An event stands in it as it came; what is no JSON object
 * stands in it as a text.
 */
export function recordingLine({ at, subject, headers, text }: TailMessage): string {
  const time = new Date(at).toISOString();
  const head = JSON.stringify({ at: time, subject, headers }).slice(0, -1);
  const event = parseEvent(text)
    // Line breaks in JSON are blanks between its parts.
    ? `"event":${text.trim().replace(/[\r\n]+/g, " ")}`
    : `"text":${JSON.stringify(text)}`;
  return `${head},${event}}\n`;
}

/** Reads a line of a recording; undefined when it is none. */
export function readRecordingLine(line: string): TailMessage | undefined {
  const value = parseJson(line);
  if (!isObject(value) || typeof value.subject !== "string" || typeof value.at !== "string") {
    return undefined;
  }
  const at = Date.parse(value.at);
  const text = isObject(value.event) ? eventText(line) : value.text;
  if (!Number.isFinite(at) || typeof text !== "string") return undefined;
  return { subject: value.subject, headers: readHeaders(value.headers), at, text };
}

/** The event as it stands in the line, where it is the last member, with nothing of it changed. */
function eventText(line: string): string {
  const place = ',"event":';
  const whole = line.slice(line.indexOf(place) + place.length, line.lastIndexOf("}")).trim();
  // A line that somebody has edited may have it elsewhere.
  if (line.includes(place) && parseEvent(whole)) return whole;
  const value = parseJson(line);
  return JSON.stringify(isObject(value) ? value.event : undefined);
}

function readHeaders(value: unknown): BusHeaders {
  if (!isObject(value)) return {};
  const pairs = Object.entries(value).filter(([, item]) => typeof item === "string");
  return Object.fromEntries(pairs.map(([name, item]) => [name, String(item)]));
}
