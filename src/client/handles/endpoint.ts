import type { EndpointData } from "../../protocol/api/models.ts";
import type { AriRequestOptions } from "../ari_client_options.ts";
import {
  type MessageOptions,
  type ReferOptions,
  restMessage,
  restRefer,
} from "./endpoint_options.ts";
import { Handle } from "./handle.ts";

/** An endpoint, such as a telephone or a trunk; its ID is `<tech>/<resource>`. */
export class Endpoint extends Handle {
  /** Tells about it. @throws {AriProxyError} With the code `not_found`. */
  data(options?: AriRequestOptions): Promise<EndpointData> {
    return this.client.request("EndpointData", this.key, undefined, options);
  }

  /**
   * Sends it a text message. Without a node any one node does. Proxies in Go do not know how.
   *
   * @param from URI of the sender, as in `sip:desk@example.com`.
   */
  async sendMessage(from: string, options: MessageOptions = {}): Promise<void> {
    const { parameters, request } = restMessage(options);
    await this.client.rest(
      "PUT /endpoints/{tech}/{resource}/sendMessage",
      { ...this.#place(), from, ...parameters },
      { ...request, key: this.key },
    );
  }

  /**
   * Refers it to another place. Without a node any one node does. Proxies in Go do not know how.
   *
   * @param from URI of the sender.
   */
  async refer(from: string, options: ReferOptions): Promise<void> {
    const { parameters, request } = restRefer(options);
    await this.client.rest(
      "POST /endpoints/{tech}/{resource}/refer",
      { ...this.#place(), from, ...parameters },
      { ...request, key: this.key },
    );
  }

  #place(): { tech: string; resource: string } {
    const slash = this.id.indexOf("/");
    return { tech: this.id.slice(0, Math.max(0, slash)), resource: this.id.slice(slash + 1) };
  }
}
