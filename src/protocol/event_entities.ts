/**
 * Which entities an event is about: what dialogs are looked up by and subscriptions filter by.
 *
 * @module
 */
import { entityId, type EntityKind, type EntityRef } from "./entity.ts";
import { isObject, type JsonObject } from "./json.ts";
import { type Key, keysMatch } from "./key.ts";

/** A member of an event that holds an entity. */
interface Holder {
  readonly member: string;
  readonly kind: EntityKind;
  /** Kind of the entities whose IDs the entity lists, and the member that does. */
  readonly brings?: readonly [EntityKind, string];
}

const channel = (member = "channel"): Holder => ({ member, kind: "channel" });
const bridge = (member = "bridge"): Holder => ({
  member,
  kind: "bridge",
  brings: ["channel", "channels"],
});
const bridgeAlone = (member: string): Holder => ({ member, kind: "bridge" });
const endpoint: Holder = { member: "endpoint", kind: "endpoint" };
const endpointAndChannels: Holder = { ...endpoint, brings: ["channel", "channel_ids"] };
const playback: Holder = { member: "playback", kind: "playback" };
const recording: Holder = { member: "recording", kind: "liverecording" };
const deviceState: Holder = { member: "device_state", kind: "devicestate" };

/** For types that are not in the table, those of the future included. */
const anyEvent: readonly Holder[] = [
  channel(),
  bridge(),
  endpoint,
  playback,
  recording,
  deviceState,
];

/** Types whose entities are not just those of {@linkcode anyEvent}, or come in another order. */
const holders: Readonly<Record<string, readonly Holder[]>> = {
  BridgeAttendedTransfer: [
    bridgeAlone("destination_threeway_bridge"),
    bridgeAlone("transferer_first_leg_bridge"),
    bridgeAlone("transferer_second_leg_bridge"),
    channel("destination_link_first_leg"),
    channel("destination_link_second_leg"),
    channel("destination_threeway_channel"),
    channel("replace_channel"),
    channel("transferee"),
    channel("transferer_first_leg"),
    channel("transferer_second_leg"),
    channel("transfer_target"),
  ],
  BridgeBlindTransfer: [bridge(), channel(), channel("replace_channel"), channel("transferee")],
  BridgeMerged: [bridge(), bridge("bridge_from")],
  ChannelUserevent: [channel(), bridge(), endpointAndChannels],
  Dial: [channel("caller"), channel("peer"), channel("forwarded")],
  StasisStart: [channel(), channel("replace_channel")],
};

/**
 * The entities of an event, each once, in the order in which they are looked up. Absent ones, which
 * Go proxies send as entities with an empty ID, are left out.
 */
export function eventEntities(event: JsonObject): EntityRef[] {
  const found = new Map<string, EntityRef>();
  const add = (kind: EntityKind, id: unknown) => {
    if (typeof id === "string" && id) found.set(`${kind} ${id}`, { kind, id });
  };
  const type = typeof event.type === "string" ? event.type : "";
  for (const { member, kind, brings } of Object.hasOwn(holders, type) ? holders[type] : anyEvent) {
    const entity = event[member];
    if (!isObject(entity)) continue;
    add(kind, entityId(kind, entity));
    if (!brings) continue;
    const ids = entity[brings[1]];
    if (Array.isArray(ids)) ids.forEach((id) => add(brings[0], id));
  }
  return [...found.values()];
}

/**
 * Whether an event is about the entity of one of the keys. Every event is about a key without an ID; what
 * has no type is not an event and is about none.
 */
export function concernsAny(event: JsonObject, keys: readonly Key[]): boolean {
  if (typeof event.type !== "string" || !event.type) return false;
  if (keys.some((key) => !key.id)) return true;
  const origin = originOf(event);
  const found = eventEntities(event).map((entity) => ({ ...origin, ...entity }));
  return keys.some((key) => found.some((entity) => keysMatch(key, entity)));
}

/** Where an event comes from, as the members of a key. */
function originOf(event: JsonObject): Key {
  const text = (name: string): string => {
    const value = event[name];
    return typeof value === "string" ? value : "";
  };
  return { app: text("application"), node: text("asterisk_id"), dialog: text("dialog") };
}

/** What ends with an event of a type: the member that holds the entity. */
const ends: Readonly<Record<string, Holder>> = {
  BridgeDestroyed: bridge(),
  ChannelDestroyed: channel(),
  PlaybackFinished: playback,
  RecordingFailed: recording,
  RecordingFinished: recording,
};

/** The entity that has come to its end with an event; undefined when none has. */
export function endedEntity(event: JsonObject): EntityRef | undefined {
  const type = typeof event.type === "string" ? event.type : "";
  if (!Object.hasOwn(ends, type)) return undefined;
  const { kind, member } = ends[type];
  const id = entityId(kind, event[member]);
  return id ? { kind, id } : undefined;
}
