import type { DeviceStateData } from "../../protocol/api/models.ts";
import { type AllNodesOptions, onAllNodes } from "../all_nodes.ts";
import type { AriRequestOptions } from "../ari_client_options.ts";
import { Handle } from "./handle.ts";

/** The state of a device; its ID is the name of the device. */
export class DeviceState extends Handle {
  /** Tells it. */
  data(options?: AriRequestOptions): Promise<DeviceStateData> {
    return this.client.request("DeviceStateData", this.key, undefined, options);
  }

  /** Sets it; only names that begin with `Stasis:` can be set. Without a node on all nodes. */
  set(state: string, options: AllNodesOptions = {}): Promise<void> {
    const payload = { state };
    return onAllNodes(this.client, "DeviceStateUpdate", this.key, { ...options, payload });
  }

  /** Forgets it; only names that begin with `Stasis:` can be. Without a node on all nodes. */
  delete(options: AllNodesOptions = {}): Promise<void> {
    return onAllNodes(this.client, "DeviceStateDelete", this.key, options);
  }
}
