import type { ModuleData } from "../../protocol/entities.ts";
import type { AriRequestOptions } from "../ari_client_options.ts";
import { Handle } from "./handle.ts";

/** A module of Asterisk; its ID is its file name, as `res_pjsip.so`. */
export class Module extends Handle {
  /** Tells about it. */
  data(options?: AriRequestOptions): Promise<ModuleData> {
    return this.client.request("AsteriskModuleData", this.key, undefined, options);
  }

  /** Loads it; without a node on all nodes. */
  load(options?: AriRequestOptions): Promise<void> {
    return this.client.request("AsteriskModuleLoad", this.key, undefined, options);
  }

  /** Has it read its configuration again; without a node on all nodes. */
  reload(options?: AriRequestOptions): Promise<void> {
    return this.client.request("AsteriskModuleReload", this.key, undefined, options);
  }

  /** Unloads it; without a node on all nodes. */
  unload(options?: AriRequestOptions): Promise<void> {
    return this.client.request("AsteriskModuleUnload", this.key, undefined, options);
  }
}
