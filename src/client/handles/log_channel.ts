import type { LogData } from "../../protocol/kinds/system.ts";
import { type AllNodesOptions, onAllNodes } from "../all_nodes.ts";
import type { AriRequestOptions } from "../ari_client_options.ts";
import { Handle } from "./handle.ts";

/** A channel of Asterisk's log; its ID is its name, mostly that of a file. */
export class LogChannel extends Handle {
  /** Tells about it. @throws {AriProxyError} With the code `not_found`. */
  data(options?: AriRequestOptions): Promise<LogData> {
    return this.client.request("AsteriskLoggingData", this.key, undefined, options);
  }

  /** Begins a new file; without a node on all nodes. */
  rotate(options: AllNodesOptions = {}): Promise<void> {
    return onAllNodes(this.client, "AsteriskLoggingRotate", this.key, options);
  }

  /** Removes it; without a node on all nodes. */
  delete(options: AllNodesOptions = {}): Promise<void> {
    return onAllNodes(this.client, "AsteriskLoggingDelete", this.key, options);
  }
}
