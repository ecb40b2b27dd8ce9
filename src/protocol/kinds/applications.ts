import type { ApplicationData } from "../api/models.ts";
import type { EntityKind, EntityRef } from "../entity.ts";
import {
  type Columns,
  list as several,
  ref,
  type ReplyData,
  type ReplyKey,
  type ReplyKeys,
  type ReplyOk,
  type Rows,
} from "./columns.ts";
import { detail, list } from "./shared_rows.ts";

/** An event source: `channel:<id>`, `bridge:<id>`, `endpoint:<tech>/<resource>`, `deviceState:<name>`. */
export interface EventSourcePayload {
  /** The event source. */
  readonly event_source: string;
  /** Further ones. Proxies of the original ignore them. */
  readonly further_event_sources?: readonly string[];
}

/** The kinds about Stasis applications. */
export interface ApplicationKinds {
  /** Lists the Stasis applications. */
  ApplicationList: ReplyKeys;
  /** Returns what a Stasis application is subscribed to. */
  ApplicationData: ReplyData<ApplicationData>;
  /** Checks that a Stasis application exists. */
  ApplicationGet: ReplyKey;
  /** Subscribes a Stasis application to an event source. */
  ApplicationSubscribe: ReplyOk<EventSourcePayload>;
  /** Ends a subscription of a Stasis application. */
  ApplicationUnsubscribe: ReplyOk<EventSourcePayload>;
}

const payload = {
  member: "application_subscribe",
  shape: { event_source: "string", further_event_sources: "texts?" },
  ours: ["further_event_sources"],
} as const;

const sources: Columns<EventSourcePayload> = {
  eventSource: several("event_source", "further_event_sources"),
};

const kindOfSource: Readonly<Record<string, EntityKind>> = {
  channel: "channel",
  bridge: "bridge",
  endpoint: "endpoint",
  deviceState: "devicestate",
};

/** The entity that an event source names: its scheme ends at the first colon. */
function sourceEntity(source: string): EntityRef {
  const colon = source.indexOf(":");
  const kind = kindOfSource[source.slice(0, colon)];
  return ref(kind ?? "channel", kind && source.slice(colon + 1));
}

export const applicationRows: Rows<ApplicationKinds> = {
  ApplicationList: {
    ...list("application", "GET /applications"),
    failed: (cause) => `Error listing applications: ${cause}`,
  },
  ApplicationData: {
    ...detail("application", "GET /applications/{applicationName}"),
    reply: "data",
  },
  ApplicationGet: {
    ...detail("application", "GET /applications/{applicationName}"),
    reply: "key",
    class: "get",
  },
  ApplicationSubscribe: {
    class: "command",
    reply: "ok",
    entity: "application",
    payload,
    call: "POST /applications/{applicationName}/subscription",
    body: sources,
    binds: {
      when: "probed",
      entities: ({ payload: { event_source: first, further_event_sources: further = [] } }) =>
        [first, ...further].map(sourceEntity),
    },
    failed: (cause, { id, payload }) =>
      `Error subscribing application '${id}' for event source '${payload.event_source}': ${cause}`,
  },
  ApplicationUnsubscribe: {
    class: "command",
    reply: "ok",
    entity: "application",
    payload,
    call: "DELETE /applications/{applicationName}/subscription",
    query: sources,
    failed: (cause, { id, payload }) =>
      `Error unsubscribing application '${id}' for event source '${payload.event_source}': ${cause}`,
  },
};
