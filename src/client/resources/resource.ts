import type { EntityKind } from "../../protocol/entity.ts";
import type { Key } from "../../protocol/key.ts";
import type { Payload } from "../../protocol/kinds/kinds.ts";
import { type AllNodesOptions, itemsOf } from "../all_nodes.ts";
import type { ClusterClient } from "../cluster.ts";
import type { AriRequestOptions, GatheredResults } from "../requester.ts";
import type { Handle } from "../handles/handle.ts";

/** Options of the methods that list. */
export type ListOptions = AllNodesOptions;

/** Makes handles of entities of a kind. */
export abstract class Resource<H extends Handle> {
  /** The client that it belongs to. */
  protected readonly client: ClusterClient;
  readonly #kind: EntityKind;
  readonly #make: new (client: ClusterClient, key: Key) => H;

  /** Makes a resource of a client. */
  constructor(
    client: ClusterClient,
    kind: EntityKind,
    make: new (client: ClusterClient, key: Key) => H,
  ) {
    this.client = client;
    this.#kind = kind;
    this.#make = make;
  }

  /** A handle, whether there is such an entity or not: it sends no request. @param id ID, or a key as a handle has it. */
  handle(id: string | Key): H {
    const key = typeof id === "string" ? { id } : id;
    return new this.#make(this.client, { ...key, kind: this.#kind });
  }
}

/** Entities of a kind that can be looked up. */
export abstract class FoundResource<H extends Handle> extends Resource<H> {
  readonly #get: GetKind;

  /** Makes a resource whose entities are looked up with a kind of request. */
  constructor(
    client: ClusterClient,
    kind: EntityKind,
    make: new (client: ClusterClient, key: Key) => H,
    get: GetKind,
  ) {
    super(client, kind, make);
    this.#get = get;
  }

  /**
   * Looks one up and returns its handle, which has the node.
   *
   * @throws {AriProxyError} With the code `not_found`.
   */
  async get(id: string | Key, options: AriRequestOptions = {}): Promise<H> {
    return this.handle(
      await this.client.request(this.#get, this.handle(id).key, undefined, options),
    );
  }
}

/** Kinds of requests that look up an entity. */
export type GetKind =
  | "ApplicationGet"
  | "AsteriskLoggingGet"
  | "AsteriskModuleGet"
  | "BridgeGet"
  | "ChannelGet"
  | "DeviceStateGet"
  | "EndpointGet"
  | "MailboxGet"
  | "PlaybackGet"
  | "RecordingLiveGet"
  | "RecordingStoredGet";

/** Kinds of requests that list entities. */
export type ListKind =
  | "ApplicationList"
  | "AsteriskLoggingList"
  | "AsteriskModuleList"
  | "BridgeList"
  | "ChannelList"
  | "DeviceStateList"
  | "EndpointList"
  | "EndpointListByTech"
  | "MailboxList"
  | "RecordingStoredList"
  | "SoundList";

/** Lists handles with a kind of request. */
export async function listHandles<K extends ListKind, H extends Handle>(
  client: ClusterClient,
  kind: K,
  { make, payload, ...options }: ListOptions & {
    readonly make: (key: Key) => H;
    readonly payload?: Payload<K>;
  },
): Promise<readonly H[]> {
  const answers = await client.gather<ListKind>(kind, {}, payload, options);
  const nodes = answers.items.length;
  return itemsOf(mergeKeys(answers, make), { ...options, nodes });
}

/** Lists handles, with the errors and number of nodes that are missing. */
async function gatherHandles<K extends ListKind, H extends Handle>(
  client: ClusterClient,
  kind: K,
  { make, payload, ...options }: AriRequestOptions & {
    readonly make: (key: Key) => H;
    readonly payload?: Payload<K>;
  },
): Promise<GatheredResults<H>> {
  return mergeKeys(await client.gather<ListKind>(kind, {}, payload, options), make);
}

/** Entities of a kind that can be listed. */
export abstract class ListedResource<H extends Handle> extends FoundResource<H> {
  readonly #list: ListKind;

  /** Makes a resource whose entities are listed with a kind of request. */
  constructor(
    client: ClusterClient,
    kind: EntityKind,
    make: new (client: ClusterClient, key: Key) => H,
    kinds: { readonly get: GetKind; readonly list: ListKind },
  ) {
    super(client, kind, make, kinds.get);
    this.#list = kinds.list;
  }

  /**
   * Lists those of all nodes, or of the client's node. Those of nodes that do not respond may be missing;
   * see the options.
   *
   * @throws {AriProxyError} When no node succeeded.
   */
  list(options: ListOptions = {}): Promise<readonly H[]> {
    return listHandles(this.client, this.#list, { ...options, make: (key) => this.handle(key) });
  }

  /** Lists those of all nodes, with the errors and the number of nodes that did not respond. */
  gather(options: AriRequestOptions = {}): Promise<GatheredResults<H>> {
    return gatherHandles(this.client, this.#list, { ...options, make: (key) => this.handle(key) });
  }
}

/** Joins the keys that several nodes listed, and maps each. */
function mergeKeys<T>(
  results: GatheredResults<readonly Key[]>,
  make: (key: Key) => T,
): GatheredResults<T> {
  return { ...results, items: results.items.flatMap((keys) => keys.map(make)) };
}
