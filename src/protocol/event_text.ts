/**
 * Events as texts. An event is published as the text that Asterisk sent, but for what clients in Go
 * cannot do without.
 *
 * @module
 */
import { isObject, type JsonObject, jsonText, parseJson } from "./json.ts";

/** The event of a text; undefined when it is not a JSON object. */
export function parseEvent(text: string): JsonObject | undefined {
  const event = parseJson(text);
  return isObject(event) ? event : undefined;
}

/** Options of {@linkcode publishedText}. */
interface PublishedTextOptions {
  /** Node for an event that names none. */
  readonly node: string;
  /** Whether the node replaces the one that Asterisk names. */
  readonly rename?: boolean;
}

/**
 * The text to publish for an event with this type and node: the text itself, with `asterisk_id` added when it is missing and
 * with the variables of a text message as a list, the only form that clients in Go read.
 */
export function publishedText(
  text: string,
  head: { readonly type: string; readonly node: string },
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
