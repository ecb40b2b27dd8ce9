/**
 * Events as texts. An event is published as the text that Asterisk sent, but for what clients in Go
 * cannot do without.
 *
 * @module
 */
import { isObject, type JsonObject, jsonText, parseJson } from "./json.ts";

/** What has to be known of an event's text to publish it. */
export interface EventHead {
  /** Type; empty for a text that is no event. */
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

/** Reads the head of an event's text, without parsing it if it is as Asterisk writes it. */
export function readEventHead(text: string): EventHead {
  // Both ends are cut off first: through a value of many megabytes the pattern finds no way, and a
  // search from the front would walk through the whole text.
  const first = firstMember.exec(text.slice(0, headLength));
  const last = first && lastMembers.exec(text.slice(-tailLength));
  if (first && last) return { type: first[1], node: last[1], application: last[2] };
  const event = parseEvent(text);
  const read = (name: string): string => {
    const value = event?.[name];
    return typeof value === "string" ? value : "";
  };
  return { type: read("type"), node: read("asterisk_id"), application: read("application") };
}

const headLength = 16_384;
const tailLength = 256;

/** The event that a text stands for; undefined when it is no JSON object. */
export function parseEvent(text: string): JsonObject | undefined {
  const event = parseJson(text);
  return isObject(event) ? event : undefined;
}

/** Options of {@linkcode publishedText}. */
export interface PublishedTextOptions {
  /** Node for an event that names none. */
  readonly node: string;
  /** Whether the node stands in the place of the one that Asterisk names. */
  readonly rename?: boolean;
}

/**
 * The text to publish for an event: the text itself, with `asterisk_id` added when it is missing and
 * with the variables of a text message as a list, the only form that clients in Go read.
 */
export function publishedText(
  text: string,
  head: EventHead,
  { node, rename }: PublishedTextOptions,
): string {
  const textMessage = head.type === "TextMessageReceived";
  const named = rename ? node : head.node || node;
  if (named === head.node && !textMessage) return text;
  const event = parseEvent(text);
  if (!event) return text;
  const changed = jsonText({
    ...event,
    ...(textMessage && isObject(event.message) && { message: listVariables(event.message) }),
    asterisk_id: named,
  });
  return changed ?? text;
}

function listVariables(message: JsonObject): JsonObject {
  if (!isObject(message.variables)) return message;
  const variables = Object.entries(message.variables).map(([key, value]) => ({ key, value }));
  return { ...message, variables };
}

const encoder = new TextEncoder();

/**
 * The copy of an event for a dialog: the same with the member `dialog` in front.
 *
 * @param event The text of a JSON object that has members, in UTF-8.
 */
export function dialogCopy(event: Uint8Array, dialog: string): Uint8Array {
  const head = encoder.encode(`{"dialog":${JSON.stringify(dialog)},`);
  const members = event.subarray(event.indexOf(openingBrace) + 1);
  const copy = new Uint8Array(head.length + members.length);
  copy.set(head);
  copy.set(members, head.length);
  return copy;
}

const openingBrace = 0x7b;
