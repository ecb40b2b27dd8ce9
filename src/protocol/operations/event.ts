import type { Rows } from "../operation.ts";

/** Kinds about events. The proxy answers them by itself. */
export const eventRows: Rows<"Event"> = {
  EventHistory: {
    class: "data",
    reply: "data",
    entity: "history",
    payload: {
      member: "event_history",
      shape: { since: "string?", epoch: "string?", after: "integer?", limit: "integer?" },
      optional: true,
    },
  },
};
