import type { EntityKind, EntityRef } from "../entity.ts";
import type { EventSourcePayload } from "../kinds.ts";
import { ref, type Rows } from "../operation.ts";
import { detail, oneOrMany } from "./rows.ts";

const payload = {
  member: "application_subscribe",
  shape: { event_source: "string", further_event_sources: "texts?" },
  ours: ["further_event_sources"],
} as const;

/** All sources of a request. */
function sources(
  { event_source: first, further_event_sources: further = [] }: EventSourcePayload,
): string[] {
  return [first, ...further];
}

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

/** Kinds about Stasis applications. */
export const applicationRows: Rows<"Application"> = {
  ApplicationList: {
    class: "get",
    reply: "keys",
    entity: "application",
    call: "GET /applications",
    failed: (cause) => `Error listing applications: ${cause}`,
  },
  ApplicationData: { ...detail("application", "GET /applications/{id}"), reply: "data" },
  ApplicationGet: {
    ...detail("application", "GET /applications/{id}"),
    reply: "key",
    class: "get",
  },
  ApplicationSubscribe: {
    class: "command",
    reply: "ok",
    entity: "application",
    payload,
    call: "POST /applications/{id}/subscription",
    body: ({ payload }) => ({ eventSource: oneOrMany(sources(payload)) }),
    binds: { when: "probed", entities: ({ payload }) => sources(payload).map(sourceEntity) },
    failed: (cause, { id, payload }) =>
      `Error subscribing application '${id}' for event source '${payload.event_source}': ${cause}`,
  },
  ApplicationUnsubscribe: {
    class: "command",
    reply: "ok",
    entity: "application",
    payload,
    call: "DELETE /applications/{id}/subscription",
    query: ({ payload }) => ({ eventSource: sources(payload).join(",") }),
    failed: (cause, { id, payload }) =>
      `Error unsubscribing application '${id}' for event source '${payload.event_source}': ${cause}`,
  },
};
