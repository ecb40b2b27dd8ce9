/**
 * What comes over a WebSocket of Asterisk, read once, so that no handler has to search its text
 * again.
 *
 * @module
 */
import { type EventHead, eventHeadOf, scanEventHead } from "../common/event_head.ts";
import { parseObject } from "../common/parse_object.ts";

/** A message from Asterisk: an event, or the response to a REST request. */
export interface RawEvent extends EventHead {
  /** The text as Asterisk sent it. */
  readonly text: string;
  /** The same in UTF-8, as received: part of a larger buffer that is not written to again. */
  readonly bytes: Uint8Array;
  /** The members of a message of the type `RESTResponse`; undefined for an event. */
  readonly response?: Readonly<Record<string, unknown>>;
}

/** Reads a message. Never throws; the members of what is not an event are empty. */
export function readEvent(text: string, bytes: Uint8Array): RawEvent {
  const scanned = scanEventHead(text);
  if (scanned && scanned.type !== RESPONSE) {
    const { type, application, node } = scanned;
    return { text, bytes, type, application, node, response: undefined };
  }
  const object = parseObject(text);
  const { type, application, node } = eventHeadOf(object);
  return { text, bytes, type, application, node, response: type === RESPONSE ? object : undefined };
}

const RESPONSE = "RESTResponse";
