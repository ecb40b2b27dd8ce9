import { invalid } from "../errors.ts";
import { isObject } from "../json.ts";
import type { Input, Rows } from "../operation.ts";
import { command, detail, list } from "./rows.ts";

/** The three pieces of a configuration object's ID; what follows the third is no part of it. */
function configPath({ id }: Pick<Input<unknown>, "id">): Record<"class" | "type" | "name", string> {
  const [configClass = "", type = "", name = ""] = id.split("/");
  return { class: configClass, type, name };
}

const badConfigId = (text: string) => ({ id }: Pick<Input<unknown>, "id">) =>
  id && id.split("/").length < 3 ? `${text}: invalid input ID` : undefined;

const configRoute = "/asterisk/config/dynamic/{class}/{type}/{name}";

/** The log channel of a name, under the members that Asterisk and those that Go clients know. */
function pickLog(answer: unknown, { id }: Pick<Input<unknown>, "id">): unknown {
  if (!Array.isArray(answer)) throw invalid("failed to decode response: not a list");
  const log = answer.filter(isObject).find((item) => item.channel === id);
  return log && { ...log, levels: log.configuration ?? "", types: log.type ?? "" };
}

const logging = {
  call: "GET /asterisk/logging",
  entity: "logging",
  pick: pickLog,
  failed: (cause: string) => `failed to get list of logging channels: ${cause}`,
} as const;

const value = (answer: unknown): unknown =>
  isObject(answer) && typeof answer.value === "string" ? answer.value : "";

/** Kinds about an Asterisk as a whole. */
export const asteriskRows: Rows<"Asterisk"> = {
  AsteriskInfo: {
    class: "data",
    reply: "data",
    entity: "asterisk",
    payload: {
      member: "asterisk_info",
      optional: true,
      shape: { only: "texts?" },
      ours: ["only"],
    },
    call: "GET /asterisk/info",
    query: ({ payload }) => ({ only: payload?.only?.join(",") || undefined }),
    failed: (cause) => `failed to get asterisk info: ${cause}`,
  },
  AsteriskVariableGet: {
    class: "data",
    reply: "data",
    entity: "variable",
    call: "GET /asterisk/variable",
    query: ({ id }) => ({ variable: id }),
    pick: value,
    failed: (cause, { id }) => `Error getting asterisk variable '${id}': ${cause}`,
  },
  AsteriskVariableSet: {
    ...command("variable", "POST /asterisk/variable"),
    payload: { member: "asterisk_variable_set", shape: { value: "string" } },
    body: ({ id, payload }) => ({ variable: id, value: payload.value || undefined }),
    failed: (cause, { id, payload }) =>
      `Error setting asterisk variable '${id}' to '${payload.value}': ${cause}`,
  },

  AsteriskConfigData: {
    ...detail("config", `GET ${configRoute}`),
    reply: "data",
    // Here what follows the third piece stays in the path.
    path: ({ id }) => ({ ...configPath({ id }), name: id.split("/").slice(2) }),
    refuse: badConfigId("failed to parse configuration key"),
    pick: (answer, input) => {
      const { class: Class, type: Type, name: Name } = configPath(input);
      return { Class, Type, Name, Fields: answer };
    },
  },
  AsteriskConfigUpdate: {
    ...command("config", `PUT ${configRoute}`),
    payload: {
      member: "asterisk_config",
      shape: { tuples: { list: { attribute: "string", value: "string" } } },
    },
    path: configPath,
    refuse: badConfigId("failed to parse key"),
    body: ({ payload }) => ({ fields: payload.tuples ?? null }),
  },
  AsteriskConfigDelete: {
    ...command("config", `DELETE ${configRoute}`),
    path: configPath,
    refuse: badConfigId("failed to parse key"),
  },

  AsteriskLoggingList: list("logging", "GET /asterisk/logging"),
  AsteriskLoggingData: { ...logging, class: "data", reply: "data" },
  AsteriskLoggingGet: { ...logging, class: "get", reply: "key" },
  AsteriskLoggingCreate: {
    class: "create",
    reply: "key",
    entity: "logging",
    payload: { member: "asterisk_logging_channel", shape: { config: "string" } },
    call: "POST /asterisk/logging/{id}",
    body: ({ payload }) => ({ configuration: payload.config }),
  },
  AsteriskLoggingRotate: {
    ...command("logging", "PUT /asterisk/logging/{id}/rotate"),
    noId: "Not allowed to rotate unnamed channels",
  },
  AsteriskLoggingDelete: {
    ...command("logging", "DELETE /asterisk/logging/{id}"),
    noId: "Not allowed to delete unnamed channels",
  },

  AsteriskModuleList: list("module", "GET /asterisk/modules"),
  AsteriskModuleData: { ...detail("module", "GET /asterisk/modules/{id}"), reply: "data" },
  AsteriskModuleGet: {
    ...detail("module", "GET /asterisk/modules/{id}"),
    reply: "key",
    class: "get",
  },
  AsteriskModuleLoad: command("module", "POST /asterisk/modules/{id}"),
  AsteriskModuleReload: command("module", "PUT /asterisk/modules/{id}"),
  AsteriskModuleUnload: command("module", "DELETE /asterisk/modules/{id}"),
};
