import type { EndpointData } from "../../protocol/entities.ts";
import type { AriRequestOptions } from "../ari_client_options.ts";
import { Handle } from "./handle.ts";

/** An endpoint, such as a telephone or a trunk; its ID is `<tech>/<resource>`. */
export class Endpoint extends Handle {
  /** Tells about it. @throws {AriProxyError} With the code `not_found`. */
  data(options?: AriRequestOptions): Promise<EndpointData> {
    return this.client.request("EndpointData", this.key, undefined, options);
  }
}
