import { mint } from "../../protocol/mint.ts";
import type { BridgeData } from "../../protocol/api/models.ts";
import type { RestVariablesToSet } from "../../protocol/api/parameter_types.ts";
import type { ClusterClient } from "../cluster.ts";
import type { AriRequestOptions } from "../requester.ts";
import type { EventBase } from "../../protocol/api/known_events.ts";
import { originOf } from "../events/model.ts";
import { Bridge } from "../handles/bridge.ts";
import { Prepared } from "../handles/handle.ts";
import { ListedResource } from "./resource.ts";

/** Options of {@linkcode Bridges.create}. */
export interface CreateBridgeOptions {
  /** Types, separated by commas: `mixing`, `holding`, `dtmf_events`, `proxy_media` … @default {"mixing"} */
  readonly type?: string;
  /** Name, for people. @default none */
  readonly name?: string;
  /** Variables of the bridge. Proxies in Go ignore them. @default none */
  readonly variables?: RestVariablesToSet;
  /** ID. @default a new one */
  readonly id?: string;
  /**
   * Node that creates it; only channels of the same node can enter it.
   *
   * @default that of the client, else any
   */
  readonly node?: string;
}

/** Bridges of the cluster. */
export class Bridges extends ListedResource<Bridge> {
  /** Makes the bridges of a client. */
  constructor(client: ClusterClient) {
    super(client, "bridge", Bridge, { get: "BridgeGet", list: "BridgeList" });
  }

  /** A handle of the bridge of an event, with complete coordinates. */
  of(event: EventBase & { readonly bridge: BridgeData }): Bridge {
    return this.handle({ id: event.bridge.id, ...originOf(event) });
  }

  /**
   * Creates a bridge. Name the node of the channels that are to enter it.
   *
   * ```ts no-run
   * import { connect } from "@ari-proxy/ari-proxy";
   *
   * await using client = await connect({ app: "demo" });
   * const channel = await client.channels.get("1700000000.1");
   * const bridge = await client.bridges.create({ node: channel.node });
   * await bridge.addChannel(channel);
   * ```
   */
  create(options: CreateBridgeOptions = {}, request: AriRequestOptions = {}): Promise<Bridge> {
    return this.prepare(options, request).execute();
  }

  /** Prepares a bridge, so that a program can subscribe to its events before the first one. */
  prepare(options: CreateBridgeOptions = {}, request: AriRequestOptions = {}): Prepared<Bridge> {
    const { type = "mixing", name, variables, id = mint("br"), node } = options;
    const handle = this.handle({ id, node });
    const payload = { type, ...(name && { name }), ...(variables && { variables }) };
    return new Prepared(
      handle,
      async () =>
        this.handle(await this.client.request("BridgeCreate", handle.key, payload, request)),
    );
  }
}
