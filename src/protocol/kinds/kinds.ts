/**
 * The kinds of requests, in one table: types and rows of each are in the file of its resource. The
 * compiler checks them against each other.
 *
 * @module
 */
import type { RestOperation } from "../api/operation_types.ts";
import { twinOf } from "../api/lookup.ts";
import type { Key } from "../key.ts";
import { isRead, type RequestClass } from "../subjects.ts";
import { type RestKinds, restRows } from "./any_operation.ts";
import { type ApplicationKinds, applicationRows } from "./applications.ts";
import { type AsteriskKinds, asteriskRows } from "./system.ts";
import { type BridgeKinds, bridgeRows } from "./bridges.ts";
import { type ChannelCreationKinds, channelCreationRows } from "./channel_creation.ts";
import { type ChannelKinds, channelRows } from "./channels.ts";
import type { AnyRow, ReplyData, Row } from "./columns.ts";
import { type DeviceStateKinds, deviceStateRows } from "./device_states.ts";
import { type EndpointKinds, endpointRows } from "./endpoints.ts";
import { type EventKinds, eventRows } from "./event_history.ts";
import { type MailboxKinds, mailboxRows } from "./mailboxes.ts";
import { type PlaybackKinds, playbackRows } from "./playbacks.ts";
import { type RecordingKinds, recordingRows } from "./recordings.ts";
import { type SoundKinds, soundRows } from "./sounds.ts";

/** Every kind of request with its payload and its reply. */
export interface Kinds
  extends
    ApplicationKinds,
    AsteriskKinds,
    BridgeKinds,
    ChannelCreationKinds,
    ChannelKinds,
    DeviceStateKinds,
    EndpointKinds,
    MailboxKinds,
    PlaybackKinds,
    RecordingKinds,
    SoundKinds,
    RestKinds,
    EventKinds {}

/** A kind of request. */
export type Kind = keyof Kinds;

/** The payload of a kind; undefined for those without one. */
export type Payload<K extends Kind> = Kinds[K]["payload"];

/** What a request of a kind results in. */
export type Result<K extends Kind> = Kinds[K] extends ReplyData<infer D, Payload<K>> ? D
  : Kinds[K]["reply"] extends "key" ? Key
  : Kinds[K]["reply"] extends "keys" ? readonly Key[]
  : void;

/** The row of every kind. */
export const kindRows: { readonly [K in Kind]: Row<Kinds[K]> } = {
  ...applicationRows,
  ...asteriskRows,
  ...bridgeRows,
  ...channelCreationRows,
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

/** The row of a kind that is not known when it is compiled. */
export function rowOf(kind: Kind): AnyRow {
  // Its columns get the input of their own kind, which the compiler cannot follow.
  return kindRows[kind] as unknown as AnyRow;
}

/** The subject class of a request. */
export function classOf<K extends Kind>(kind: K, payload: Payload<K> | undefined): RequestClass {
  const row: Row<Kinds[K]> = kindRows[kind];
  return payload !== undefined && row.classOf ? row.classOf(payload) : row.class;
}

/** Whether a request does something, or may do, rather than only reads. */
export function acts<K extends Kind>(kind: K, payload: Payload<K> | undefined): boolean {
  return !isRead(classOf(kind, payload));
}

/** The names of all kinds, in the order of the table. */
export const kinds: readonly Kind[] = Object.keys(kindRows) as Kind[];

/** Whether a text names a kind. Letter case counts. */
export function isKind(text: string): text is Kind {
  return Object.hasOwn(kindRows, text);
}

/** The kinds that do what an operation of Asterisk does, with the ID of what it creates or without. */
export function kindsOf(operation: RestOperation): readonly Kind[] {
  const twin = twinOf(operation);
  return [operation, ...(twin ? [twin] : [])].flatMap((name) => kindsByOperation.get(name) ?? []);
}

const kindsByOperation = new Map<RestOperation, Kind[]>();
for (const kind of kinds) {
  const { call, made, class: requestClass } = kindRows[kind];
  // The steps that stage something ask for one entity and are about another.
  if (!call || made && requestClass === "get") continue;
  const others = kindsByOperation.get(call);
  if (others) others.push(kind);
  else kindsByOperation.set(call, [kind]);
}
