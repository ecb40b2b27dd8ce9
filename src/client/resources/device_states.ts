import type { DeviceStateData } from "../../protocol/api/models.ts";
import { type AllNodesOptions, onAllNodes } from "../all_nodes.ts";
import type { ClusterClient } from "../cluster.ts";
import { Handle } from "../handles/handle.ts";
import type { AriRequestOptions } from "../requester.ts";
import { ListedResource } from "./resource.ts";

/** The state of a device; its ID is the name of the device. */
export class DeviceState extends Handle {
  /** Gets it. */
  data(options?: AriRequestOptions): Promise<DeviceStateData> {
    return this.request("DeviceStateData", undefined, options);
  }

  /** Sets it; only names that begin with `Stasis:` can be set. Without a node on all nodes. */
  set(state: string, options: AllNodesOptions = {}): Promise<void> {
    const payload = { state };
    return onAllNodes(this.client, "DeviceStateUpdate", this.key, { ...options, payload });
  }

  /** Deletes it; only names that begin with `Stasis:` can be deleted. Without a node on all nodes. */
  delete(options: AllNodesOptions = {}): Promise<void> {
    return onAllNodes(this.client, "DeviceStateDelete", this.key, options);
  }
}

/** States of the devices that Stasis applications have set. */
export class DeviceStates extends ListedResource<DeviceState> {
  /** Makes the device states of a client. */
  constructor(client: ClusterClient) {
    super(client, "devicestate", DeviceState, { get: "DeviceStateGet", list: "DeviceStateList" });
  }
}
