import type { Rows } from "../operation.ts";
import { command, detail, list } from "./rows.ts";

/** Kinds about device states. */
export const deviceStateRows: Rows<"DeviceState"> = {
  DeviceStateList: list("devicestate", "GET /deviceStates"),
  DeviceStateData: { ...detail("devicestate", "GET /deviceStates/{id}"), reply: "data" },
  DeviceStateGet: {
    ...detail("devicestate", "GET /deviceStates/{id}"),
    reply: "key",
    class: "get",
  },
  DeviceStateUpdate: {
    ...command("devicestate", "PUT /deviceStates/{id}"),
    payload: { member: "device_state_update", shape: { state: "string" } },
    body: ({ payload }) => ({ deviceState: payload.state }),
  },
  DeviceStateDelete: command("devicestate", "DELETE /deviceStates/{id}"),
};

/** The technology of an endpoint and its name there: the ID up to the first slash, and the rest. */
function endpointPath({ id }: { id: string }): Record<string, string> {
  const slash = id.indexOf("/");
  return slash < 0 ? { tech: id, resource: "" } : {
    tech: id.slice(0, slash),
    resource: id.slice(slash + 1),
  };
}

const endpoint = {
  ...detail("endpoint", "GET /endpoints/{tech}/{resource}"),
  path: endpointPath,
  refuse: ({ id, key }: { id: string; key: { kind?: string } }) =>
    id && key.kind !== "endpoint" ? "wrong key type" : undefined,
} as const;

/** Kinds about endpoints. */
export const endpointRows: Rows<"Endpoint"> = {
  EndpointList: list("endpoint", "GET /endpoints"),
  EndpointListByTech: {
    ...list("endpoint", "GET /endpoints/{tech}"),
    payload: { member: "endpoint_list_by_tech", shape: { tech: "string" } },
    filtered: true,
  },
  EndpointData: { ...endpoint, reply: "data" },
  EndpointGet: { ...endpoint, reply: "key", class: "get" },
};

/** Kinds about mailboxes. */
export const mailboxRows: Rows<"Mailbox"> = {
  MailboxList: list("mailbox", "GET /mailboxes"),
  MailboxData: { ...detail("mailbox", "GET /mailboxes/{id}"), reply: "data" },
  MailboxGet: { ...detail("mailbox", "GET /mailboxes/{id}"), reply: "key", class: "get" },
  MailboxUpdate: {
    ...command("mailbox", "PUT /mailboxes/{id}"),
    payload: { member: "mailbox_update", shape: { new: "integer", old: "integer" } },
    body: ({ payload }) => ({ newMessages: `${payload.new}`, oldMessages: `${payload.old}` }),
  },
  MailboxDelete: command("mailbox", "DELETE /mailboxes/{id}"),
};
