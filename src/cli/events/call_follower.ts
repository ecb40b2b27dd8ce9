/**
 * Which events belong to a call, across its channels and bridges, for `--call`.
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

/** Types whose channels and bridges belong to one call, all of them. */
const joining: readonly string[] = [
  "BridgeAttendedTransfer",
  "BridgeBlindTransfer",
  "BridgeMerged",
  "ChannelEnteredBridge",
  "ChannelLeftBridge",
  "Dial",
  "StasisStart",
];

/** What an event is about, as far as it matters to a call. */
interface Parties {
  readonly type: string;
  /** Channels with their names; the names are empty where the event only has the ID. */
  readonly channels: ReadonlyMap<string, string>;
  readonly bridges: ReadonlySet<string>;
  /** Whether its bridge holds calls that have nothing to do with each other. */
  readonly holding: boolean;
}

/**
 * Follows a call from one of its channels or bridges on: to the channels that are dialled, transferred
 * or in the same bridge, to the other halves of Local channels, and to those that snoop. Bridges that
 * hold calls, for music or parking, lead to no other call.
 */
export class CallFollower {
  readonly #channels = new Set<string>();
  readonly #bridges = new Set<string>();
  /** Names of Local channels without the half. */
  readonly #locals = new Set<string>();
  /** Channels that have been heard of and have not ended. */
  readonly #alive = new Set<string>();
  /** Channels that have ended, or left the application. */
  readonly #gone = new Set<string>();
  #seen = false;

  /** Begins with a channel or a bridge. */
  constructor(id: string) {
    // A bridge and a channel can have the same ID; nobody does that.
    this.#channels.add(id);
    this.#bridges.add(id);
    this.#addLocal(id);
  }

  /** Whether channels of the call have been heard of and all have ended. */
  get over(): boolean {
    return this.#seen && this.#alive.size === 0;
  }

  /** Takes an event, in order, and tells whether it belongs to the call. */
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

  /** Playbacks and recordings tell what they are played to, or made of. */
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
      // Of a channel that leaves the application nothing more may be heard.
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

/** The name of a Local channel without the half that it is. */
function localOf(name: string): string | undefined {
  return /^(Local\/.+);[12]$/s.exec(name)?.[1];
}
