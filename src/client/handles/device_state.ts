import type { DeviceStateData } from "../../protocol/entities.ts";
import type { AriRequestOptions } from "../ari_client_options.ts";
import { Handle } from "./handle.ts";

/** The state of a device; its ID is the name of the device. */
export class DeviceState extends Handle {
  /** Tells it. */
  data(options?: AriRequestOptions): Promise<DeviceStateData> {
    return this.client.request("DeviceStateData", this.key, undefined, options);
  }

  /** Sets it; only names that begin with `Stasis:` can be set. Without a node on all nodes. */
  set(state: string, options?: AriRequestOptions): Promise<void> {
    return this.client.request("DeviceStateUpdate", this.key, { state }, options);
  }

  /** Forgets it; only names that begin with `Stasis:` can be. Without a node on all nodes. */
  delete(options?: AriRequestOptions): Promise<void> {
    return this.client.request("DeviceStateDelete", this.key, undefined, options);
  }
}
