/**
 * The head of an event, read from its text without parsing it where it is written as Asterisk does.
 *
 * @module
 */
import { parseObject } from "./parse_object.ts";

/** The head of an event: its type and origin. */
export interface EventHead {
  /** Type; empty for a text that is not an event. */
  readonly type: string;
  /** Application that Asterisk sent it to; empty when it names none. */
  readonly application: string;
  /** Node that it names; empty when it names none. */
  readonly node: string;
}

// Asterisk writes the type first, but for the most frequent event, and these two members last. Within
// a string the quotes would be escaped, so in a JSON text the patterns match members of the event
// itself and nothing else.
const firstMember =
  /^\{(?:"variable":"(?:[^"\\]|\\.)*","value":"(?:[^"\\]|\\.)*",)?"type":"(\w+)",/;
const lastMembers = /,"asterisk_id":"([^"\\]+)","application":"([^"\\]*)"\}$/;

const headLength = 16_384;
const tailLength = 256;

/** Reads the head of an event that is written as Asterisk does; undefined for any other text. */
export function scanEventHead(text: string): EventHead | undefined {
  // Both ends are cut off first: through a value of many megabytes the pattern finds no way, and a
  // search from the front would walk through the whole text.
  const first = firstMember.exec(text.slice(0, headLength));
  const last = first && lastMembers.exec(text.slice(-tailLength));
  if (!first || !last) return undefined;
  return { type: first[1], node: last[1], application: last[2] };
}

/** The head of an event that has been parsed; its members are empty for what is not an event. */
export function eventHeadOf(event: Readonly<Record<string, unknown>> = {}): EventHead {
  const read = (name: string): string => {
    const value = event[name];
    return typeof value === "string" ? value : "";
  };
  return { type: read("type"), node: read("asterisk_id"), application: read("application") };
}

/** Reads the head of any event; the text is parsed where it is not written as Asterisk does. */
export function readEventHead(text: string): EventHead {
  return scanEventHead(text) ?? eventHeadOf(parseObject(text));
}
