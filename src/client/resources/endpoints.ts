import type { AriClient } from "../client.ts";
import { Endpoint } from "../handles/endpoint.ts";
import {
  type MessageOptions,
  type ReferOptions,
  restMessage,
  restRefer,
} from "../handles/endpoint_options.ts";
import type { ListOptions } from "./listing.ts";
import { ListedResource, listHandles } from "./resource.ts";

/** Endpoints of the cluster. */
export class Endpoints extends ListedResource<Endpoint> {
  /** Makes the endpoints of a client. */
  constructor(client: AriClient) {
    super(client, "endpoint", Endpoint, { get: "EndpointGet", list: "EndpointList" });
  }

  /** Those of a technology, as `PJSIP`. */
  listByTech(tech: string, options: ListOptions = {}): Promise<readonly Endpoint[]> {
    return listHandles(this.client, "EndpointListByTech", {
      ...options,
      payload: { tech },
      make: (key) => this.handle(key),
    });
  }

  /**
   * Sends a text message to any address, from any one node. Proxies in Go do not know how.
   *
   * @param to The receiver: `pjsip:<endpoint>`, or `pjsip:<endpoint>/<URI>`.
   */
  async sendMessage(
    to: string,
    options: MessageOptions & {
      /** URI of the sender. */
      readonly from: string;
    },
  ): Promise<void> {
    const { from, ...rest } = options;
    const { parameters, request } = restMessage(rest);
    await this.client.rest("PUT /endpoints/sendMessage", { to, from, ...parameters }, request);
  }

  /**
   * Refers any address to another place, from any one node. Proxies in Go do not know how.
   *
   * @param receiver Who is referred: `pjsip:<endpoint>`, or `pjsip:<endpoint>/<URI>`.
   */
  async refer(
    receiver: string,
    options: ReferOptions & {
      /** URI of the sender. */
      readonly from: string;
    },
  ): Promise<void> {
    const { from, ...rest } = options;
    const { parameters, request } = restRefer(rest);
    const all = { to: receiver, from, ...parameters };
    await this.client.rest("POST /endpoints/refer", all, request);
  }
}
