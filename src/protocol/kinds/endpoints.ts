import type { EndpointData } from "../api/models.ts";
import type { ReplyData, ReplyKey, ReplyKeys, Rows } from "./columns.ts";
import { detail, list } from "./shared_rows.ts";

/** The kinds about endpoints. */
export interface EndpointKinds {
  /** Lists the endpoints. */
  EndpointList: ReplyKeys;
  /** Lists the endpoints of a technology. */
  EndpointListByTech: ReplyKeys<{ readonly tech: string }>;
  /** Reads an endpoint, `<tech>/<resource>`. */
  EndpointData: ReplyData<EndpointData>;
  /** Checks that an endpoint exists. */
  EndpointGet: ReplyKey;
}

const endpoint = {
  ...detail("endpoint", "GET /endpoints/{tech}/{resource}"),
  // The technology ends at the first slash.
  path: {
    tech: { part: { name: "tech", of: (id: string) => id.split("/", 1)[0] } },
    resource: {
      part: { name: "resource", of: (id: string) => id.slice(id.split("/", 1)[0].length + 1) },
    },
  },
  refuse: ({ id, key }: { id: string; key: { kind?: string } }) =>
    id && key.kind !== "endpoint" ? "wrong key type" : undefined,
} as const;

export const endpointRows: Rows<EndpointKinds> = {
  EndpointList: list("endpoint", "GET /endpoints"),
  EndpointListByTech: {
    ...list("endpoint", "GET /endpoints/{tech}"),
    payload: { member: "endpoint_list_by_tech", shape: { tech: "string" } },
    path: { tech: "tech" },
    filtered: true,
  },
  EndpointData: { ...endpoint, reply: "data" },
  EndpointGet: { ...endpoint, reply: "key", class: "get" },
};
