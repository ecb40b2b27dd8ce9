import { decodeJson, isObject, member } from "./json.ts";
import type { Coordinates } from "./key.ts";

/** What a proxy has done since its start, for all of its applications together. */
export interface AnnouncedCounts {
  /** Events that came from Asterisk. */
  readonly events: number;
  /** Messages with events that were dropped. */
  readonly lost: number;
  /** Gap notices. */
  readonly gaps: number;
  /** Requests received. */
  readonly requests: number;
  /** Of those, the ones that got an error as response. */
  readonly failed: number;
}

/** What a proxy announces of itself. Proxies of the original announce their coordinates only. */
export interface Announcement extends Coordinates {
  /** The process, new at each start: two of them under the same coordinates are one too many. */
  readonly id?: string;
  /** Version of the proxy. */
  readonly version?: string;
  /** Version of its Asterisk. */
  readonly asteriskVersion?: string;
  /** When the process started, in ISO 8601. */
  readonly started?: string;
  /** `up`, or `stopping` in the last announcement. */
  readonly state?: string;
  /** How many channels its Asterisk has; at most a minute old. */
  readonly channels?: number;
  /** What it has done since its start. */
  readonly counts?: AnnouncedCounts;
}

/** Encodes an announcement, with the node under both names that are in use for it. */
export function encodeAnnouncement(announcement: Announcement): Uint8Array {
  const { app, node, asteriskVersion, ...rest } = announcement;
  return new TextEncoder().encode(JSON.stringify({
    node,
    asterisk: node,
    application: app,
    ...rest,
    asterisk_version: asteriskVersion,
  }));
}

/**
 * Decodes an announcement, which has the node under `node` or `asterisk`.
 *
 * @returns undefined for what is not one: it lacks the node or the application.
 */
export function decodeAnnouncement(data: Uint8Array): Announcement | undefined {
  const value = decodeJson(data);
  if (!isObject(value)) return undefined;
  const text = (name: string): string | undefined => {
    const found = member(value, name);
    return typeof found === "string" && found ? found : undefined;
  };
  const node = text("node") ?? text("asterisk");
  const app = text("application");
  if (!node || !app) return undefined;
  const channels = member(value, "channels");
  // Absent members are left out, so that announcements can be compared.
  return {
    app,
    node,
    ...defined({
      id: text("id"),
      version: text("version"),
      asteriskVersion: text("asterisk_version"),
      started: text("started"),
      state: text("state"),
      channels: typeof channels === "number" ? channels : undefined,
      counts: readCounts(member(value, "counts")),
    }),
  };
}

/** The counts; undefined unless all are there: what is missing is unknown and not 0. */
function readCounts(value: unknown): AnnouncedCounts | undefined {
  if (!isObject(value)) return undefined;
  const { events, lost, gaps, requests, failed } = value;
  const counts = { events, lost, gaps, requests, failed };
  // The compiler does not follow that every member has been looked at.
  return Object.values(counts).every(Number.isFinite) ? counts as AnnouncedCounts : undefined;
}

function defined<T extends object>(object: T): Partial<T> {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<T>;
}
