/**
 * The operation table: every kind of request, a file for each kind of resource.
 *
 * @module
 */
import type { Kind, Payload } from "./kinds.ts";
import type { Row } from "./operation.ts";
import { applicationRows } from "./operations/application.ts";
import { asteriskRows } from "./operations/asterisk.ts";
import { bridgeRows } from "./operations/bridge.ts";
import { channelRows } from "./operations/channel.ts";
import { eventRows } from "./operations/event.ts";
import { playbackRows, recordingRows, soundRows } from "./operations/media.ts";
import { restRows } from "./operations/rest.ts";
import { deviceStateRows, endpointRows, mailboxRows } from "./operations/states.ts";
import { isRead, type RequestClass } from "./subjects.ts";

/** The row of every kind. */
export const operations: { readonly [K in Kind]: Row<K> } = {
  ...applicationRows,
  ...asteriskRows,
  ...bridgeRows,
  ...channelRows,
  ...deviceStateRows,
  ...endpointRows,
  ...mailboxRows,
  ...playbackRows,
  ...recordingRows,
  ...soundRows,
  ...restRows,
  ...eventRows,
};

/** The subject class of a request. */
export function classOf<K extends Kind>(kind: K, payload: Payload<K> | undefined): RequestClass {
  const row = operations[kind];
  return payload !== undefined && row.classOf ? row.classOf(payload) : row.class;
}

/** Whether a request does something, or may do, rather than only reads. */
export function acts<K extends Kind>(kind: K, payload: Payload<K> | undefined): boolean {
  return !isRead(classOf(kind, payload));
}

/** The names of all kinds, in the order of the table. */
export const kinds: readonly Kind[] = Object.keys(operations) as Kind[];

/** Tells whether a text names a kind. Letter case counts. */
export function isKind(text: string): text is Kind {
  return Object.hasOwn(operations, text);
}
