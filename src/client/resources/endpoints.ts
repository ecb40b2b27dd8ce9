import type { AriClient } from "../ari_client.ts";
import { Endpoint } from "../handles/endpoint.ts";
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
}
