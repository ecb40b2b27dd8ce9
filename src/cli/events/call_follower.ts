/**
 * Follows a call across its channels and bridges, for `--call`.
 *
 * @module
 */
import { endedEntity, eventEntities } from "../../protocol/event_entities.ts";
import { isObject, type JsonObject } from "../../protocol/json.ts";

/** Members of events that hold a channel. */
const channelMembers = [
  "channel",
  "caller",
  "peer",
  "forwarded",
  "replace_channel",
  "transferee",
  "transferer_first_leg",
  "transferer_second_leg",
  "transfer_target",
  "destination_link_first_leg",
  "destination_link_second_leg",
  "destination_threeway_channel",
];

/** Types of events whose channels and bridges all belong to one call. */
const joining: readonly string[] = [
  "BridgeAttendedTransfer",
  "BridgeBlindTransfer",
  "BridgeMerged",
  "ChannelEnteredBridge",
  "ChannelLeftBridge",
  "Dial",
  "StasisStart",
];

/** The channels and bridges of an event. */
interface Parties {
  readonly type: string;
  /** Names of the channels by ID; empty where the event has only the ID. */
  readonly channels: ReadonlyMap<string, string>;
  readonly bridges: ReadonlySet<string>;
  /** Whether its bridge is a holding bridge, whose calls are unrelated. */
  readonly holding: boolean;
}

/**
 * Follows a call from one of its channels or bridges: to channels that are dialled, transferred or in
 * the same bridge, to the other halves of Local channels, and to Snoop channels. Holding bridges, for
 * music or parking, lead to no other call.
 */
export class CallFollower {
  readonly #channels = new Set<string>();
  readonly #bridges = new Set<string>();
  /** Names of Local channels without the suffix of the half. */
  readonly #locals = new Set<string>();
  /** Channels that were in events and have not ended. */
  readonly #alive = new Set<string>();
  /** Channels that have ended, or left the application. */
  readonly #gone = new Set<string>();
  #seen = false;

  /** Begins with the ID of a channel or a bridge. */
  constructor(id: string) {
    // That a bridge and a channel have the same ID is possible, but does not happen.
    this.#channels.add(id);
    this.#bridges.add(id);
    this.#addLocal(id);
  }

  /** Whether there were events of channels of the call, and all of these have ended. */
  get over(): boolean {
    return this.#seen && this.#alive.size === 0;
  }

  /** Takes the next event and returns whether it belongs to the call. */
  see(event: JsonObject): boolean {
    const parties = partiesOf(event);
    if (!this.#concerns(parties) && !this.#isTarget(event)) return false;
    this.#follow(parties);
    this.#count(event, parties);
    return true;
  }

  #concerns({ channels, bridges }: Parties): boolean {
    for (const [id, name] of channels) if (this.#isOurs(id, name)) return true;
    for (const id of bridges) if (this.#bridges.has(id)) return true;
    return false;
  }

  #isOurs(id: string, name: string): boolean {
    if (this.#channels.has(id)) return true;
    const local = localOf(name);
    if (local !== undefined) return this.#locals.has(local);
    const snooped = /^Snoop\/(.+)-[0-9a-f]{8}$/.exec(name)?.[1];
    return snooped !== undefined && this.#channels.has(snooped);
  }

  /** Playbacks and recordings name their channel or bridge. */
  #isTarget(event: JsonObject): boolean {
    return [event.playback, event.recording].some((item) => {
      const target = isObject(item) ? item.target_uri : undefined;
      const [, kind, id] = /^(channel|bridge):(.+)$/s.exec(String(target)) ?? [];
      return (kind === "channel" ? this.#channels : this.#bridges).has(id);
    });
  }

  #follow({ type, channels, bridges, holding }: Parties): void {
    const all = joining.includes(type) && !holding;
    for (const [id, name] of channels) {
      if (!all && !this.#isOurs(id, name)) continue;
      this.#channels.add(id);
      this.#addLocal(name);
    }
    // A bridge belongs to the call as soon as a channel of the call is in it.
    if (!holding && (all || [...channels.keys()].some((id) => this.#channels.has(id)))) {
      bridges.forEach((id) => this.#bridges.add(id));
    }
  }

  #addLocal(name: string): void {
    const local = localOf(name);
    if (local !== undefined) this.#locals.add(local);
  }

  #count(event: JsonObject, { type, channels }: Parties): void {
    const ended = endedEntity(event);
    for (const id of channels.keys()) {
      if (!this.#channels.has(id)) continue;
      this.#seen = true;
      const gone = ended?.kind === "channel" && ended.id === id;
      // After a channel has left the application there may be no further events of it.
      if (gone || type === "StasisEnd") this.#gone.add(id);
      else if (type === "StasisStart") this.#gone.delete(id);
      if (this.#gone.has(id)) this.#alive.delete(id);
      else this.#alive.add(id);
    }
  }
}

function partiesOf(event: JsonObject): Parties {
  const channels = new Map<string, string>();
  const bridges = new Set<string>();
  for (const { kind, id } of eventEntities(event)) {
    if (kind === "channel") channels.set(id, "");
    if (kind === "bridge") bridges.add(id);
  }
  for (const member of channelMembers) {
    const channel = event[member];
    if (!isObject(channel) || typeof channel.id !== "string" || !channel.id) continue;
    channels.set(channel.id, typeof channel.name === "string" ? channel.name : "");
  }
  return {
    type: typeof event.type === "string" ? event.type : "",
    channels,
    bridges,
    holding: isObject(event.bridge) && event.bridge.bridge_type === "holding",
  };
}

/** The name of a Local channel without the suffix of its half. */
function localOf(name: string): string | undefined {
  return /^(Local\/.+);[12]$/s.exec(name)?.[1];
}
