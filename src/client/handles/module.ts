import type { ModuleData } from "../../protocol/api/models.ts";
import { type AllNodesOptions, onAllNodes } from "../all_nodes.ts";
import type { AriRequestOptions } from "../ari_client_options.ts";
import { Handle } from "./handle.ts";

/** A module of Asterisk; its ID is its file name, as `res_pjsip.so`. */
export class Module extends Handle {
  /** Tells about it. */
  data(options?: AriRequestOptions): Promise<ModuleData> {
    return this.client.request("AsteriskModuleData", this.key, undefined, options);
  }

  /** Loads it; without a node on all nodes. */
  load(options: AllNodesOptions = {}): Promise<void> {
    return onAllNodes(this.client, "AsteriskModuleLoad", this.key, options);
  }

  /** Has it read its configuration again; without a node on all nodes. */
  reload(options: AllNodesOptions = {}): Promise<void> {
    return onAllNodes(this.client, "AsteriskModuleReload", this.key, options);
  }

  /** Unloads it; without a node on all nodes. */
  unload(options: AllNodesOptions = {}): Promise<void> {
    return onAllNodes(this.client, "AsteriskModuleUnload", this.key, options);
  }
}
