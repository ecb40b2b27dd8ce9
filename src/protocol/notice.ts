/**
 * The gap notice: a proxy publishes it as an event of its own type when events are missing.
 *
 * @module
 */
import { isObject, type JsonObject } from "./json.ts";

/** Type of the event. */
export const gapType = "AriProxyGap";

/**
 * Why events are missing:
 *
 * - `started`: a proxy started, and earlier events are not known
 * - `asterisk`: the ARI WebSocket was disconnected, or subscriptions had to be restored in Asterisk
 * - `overflow`: too many events were buffered for the bus, and the oldest were dropped
 * - `bus`: the connection to the bus broke with messages in flight that may not have arrived
 * - `too_large`: an event was larger than the bus allows, or its subject longer
 */
export type GapReason = "started" | "asterisk" | "overflow" | "bus" | "too_large";

const reasons: Readonly<Record<GapReason, true>> = {
  started: true,
  asterisk: true,
  overflow: true,
  bus: true,
  too_large: true,
};

/** A notice that events are missing; its members are those of the message. */
interface GapNotice {
  /** Distinguishes it from the events of Asterisk. */
  readonly type: typeof gapType;
  /** When it was made, in the form in which Asterisk writes times. */
  readonly timestamp: string;
  /** Why events are missing. Of several causes it is the gravest. */
  readonly reason: GapReason;
  /** One line for people. */
  readonly detail: string;
  /** Time of the last event known to be before the gap; absent when there is none. */
  readonly from?: string;
  /** When the gap ended. */
  readonly to: string;
  /** The numbering that the numbers belong to. */
  readonly epoch: string;
  /** Number of the first event concerned; absent when the missing events never got numbers. */
  readonly first_seq?: number;
  /** Number of the last event concerned; absent with `first_seq`. */
  readonly last_seq?: number;
  /** How many events are missing; absent when that is not known. */
  readonly count?: number;
  /** Whether they are missing for certain; if not, they may have arrived. */
  readonly certain: boolean;
  /** The node. */
  readonly asterisk_id: string;
  /** The application. */
  readonly application: string;
}

/**
 * The text of a notice: the members in the order in which Asterisk writes those that its events have
 * as well.
 */
export function gapText(gap: Omit<GapNotice, "type">): string {
  const { timestamp, reason, detail, from, to, epoch, first_seq, last_seq, count, certain } = gap;
  return JSON.stringify({
    type: gapType,
    timestamp,
    reason,
    detail,
    from,
    to,
    epoch,
    first_seq,
    last_seq,
    count,
    certain,
    asterisk_id: gap.asterisk_id,
    application: gap.application,
  });
}

/**
 * Reads an event that may be a notice.
 *
 * @returns undefined for any other event, and for a notice that lacks what it has to have. A reason
 * of the future counts as `asterisk`.
 */
export function readGap(event: unknown): GapNotice | undefined {
  if (!isObject(event) || event.type !== gapType) return undefined;
  const timestamp = text(event, "timestamp");
  const epoch = text(event, "epoch");
  const asterisk_id = text(event, "asterisk_id");
  const application = text(event, "application");
  if (!timestamp || !epoch || !asterisk_id || !application) return undefined;
  const from = text(event, "from");
  const first_seq = number(event, "first_seq");
  const last_seq = number(event, "last_seq");
  const count = number(event, "count");
  return {
    type: gapType,
    timestamp,
    reason: isReason(event.reason) ? event.reason : "asterisk",
    detail: text(event, "detail") ?? "",
    ...(from !== undefined && { from }),
    to: text(event, "to") ?? timestamp,
    epoch,
    ...(first_seq !== undefined && last_seq !== undefined && { first_seq, last_seq }),
    ...(count !== undefined && { count }),
    certain: event.certain === true,
    asterisk_id,
    application,
  };
}

function isReason(value: unknown): value is GapReason {
  return typeof value === "string" && Object.hasOwn(reasons, value);
}

function text(event: JsonObject, name: string): string | undefined {
  const value = event[name];
  return typeof value === "string" ? value : undefined;
}

function number(event: JsonObject, name: string): number | undefined {
  const value = event[name];
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
