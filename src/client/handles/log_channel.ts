import type { LogData } from "../../protocol/entities.ts";
import type { AriRequestOptions } from "../ari_client_options.ts";
import { Handle } from "./handle.ts";

/** A channel of Asterisk's log; its ID is its name, mostly that of a file. */
export class LogChannel extends Handle {
  /** Tells about it. @throws {AriProxyError} With the code `not_found`. */
  data(options?: AriRequestOptions): Promise<LogData> {
    return this.client.request("AsteriskLoggingData", this.key, undefined, options);
  }

  /** Begins a new file. */
  rotate(options?: AriRequestOptions): Promise<void> {
    return this.client.request("AsteriskLoggingRotate", this.key, undefined, options);
  }

  /** Removes it. */
  delete(options?: AriRequestOptions): Promise<void> {
    return this.client.request("AsteriskLoggingDelete", this.key, undefined, options);
  }
}
