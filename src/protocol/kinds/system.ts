import type { AsteriskData, ConfigTuple, ModuleData } from "../api/models.ts";
import { invalid } from "../errors.ts";
import { isObject } from "../json.ts";
import {
  type Column,
  filled,
  type Input,
  or,
  type ReplyData,
  type ReplyKey,
  type ReplyKeys,
  type ReplyOk,
  type Rows,
  theId,
} from "./columns.ts";
import { command, detail, list, variableValue } from "./shared_rows.ts";

/** Which parts an Asterisk returns of its info. Proxies of the original ignore it. */
export interface AsteriskInfoPayload {
  /** Parts: `build`, `system`, `config`, `status`; none asks for all. */
  readonly only?: readonly string[];
}

/** A configuration object; its members have capitals on the bus. */
export interface ConfigData {
  /** Class, as in `res_pjsip`. */
  readonly Class: string;
  /** Type, as in `endpoint`. */
  readonly Type: string;
  /** Name. */
  readonly Name: string;
  /** Attributes. */
  readonly Fields: readonly ConfigTuple[] | null;
}

/** A channel of Asterisk's log. */
export interface LogData {
  /** Name. */
  readonly channel: string;
  /** Its levels, comma-separated. */
  readonly levels: string;
  /** Its type. */
  readonly types: string;
  /** Whether it is enabled. */
  readonly status: string;
}

/** The kinds about an Asterisk as a whole. */
export interface AsteriskKinds {
  /** Returns version, build, configuration and status of the Asterisk. */
  AsteriskInfo: ReplyData<AsteriskData, AsteriskInfoPayload>;
  /** Reads a global variable. */
  AsteriskVariableGet: ReplyData<string>;
  /** Sets a global variable. */
  AsteriskVariableSet: ReplyOk<{ readonly value: string }>;
  /** Reads a dynamic configuration object, `<class>/<type>/<name>`. */
  AsteriskConfigData: ReplyData<ConfigData>;
  /** Creates or changes a dynamic configuration object. */
  AsteriskConfigUpdate: ReplyOk<{ readonly tuples?: readonly ConfigTuple[] }>;
  /** Deletes a dynamic configuration object. */
  AsteriskConfigDelete: ReplyOk;
  /** Lists the channels of the log. */
  AsteriskLoggingList: ReplyKeys;
  /** Reads a channel of the log. */
  AsteriskLoggingData: ReplyData<LogData>;
  /** Checks that a channel of the log exists. */
  AsteriskLoggingGet: ReplyKey;
  /** Adds a channel to the log. */
  AsteriskLoggingCreate: ReplyKey<{
    /** Levels, comma-separated. */
    readonly config: string;
  }>;
  /** Rotates a channel of the log. */
  AsteriskLoggingRotate: ReplyOk;
  /** Removes a channel from the log. */
  AsteriskLoggingDelete: ReplyOk;
  /** Lists the modules. */
  AsteriskModuleList: ReplyKeys;
  /** Reads a module. */
  AsteriskModuleData: ReplyData<ModuleData>;
  /** Checks that a module exists. */
  AsteriskModuleGet: ReplyKey;
  /** Loads a module. */
  AsteriskModuleLoad: ReplyOk;
  /** Reloads a module. */
  AsteriskModuleReload: ReplyOk;
  /** Unloads a module. */
  AsteriskModuleUnload: ReplyOk;
}

/** A piece of a configuration object's ID, by its number. */
const piece = (name: string, at: number): Column<never> => ({
  part: { name, of: (id) => id.split("/")[at] ?? "" },
});

/** What follows the third piece is not part of the ID. */
const configPath = {
  configClass: piece("class", 0),
  objectType: piece("type", 1),
  id: piece("name", 2),
} as const;

const badConfigId = (text: string) => ({ id }: Pick<Input<unknown>, "id">) =>
  id && id.split("/").length < 3 ? `${text}: invalid input ID` : undefined;

const configRoute = "/asterisk/config/dynamic/{configClass}/{objectType}/{id}";

/** The log channel of a name, under the members of Asterisk and under those that Go clients read. */
function pickLog(response: unknown, { id }: Pick<Input<unknown>, "id">): unknown {
  if (!Array.isArray(response)) throw invalid("failed to decode response: not a list");
  const log = response.filter(isObject).find((item) => item.channel === id);
  return log && { ...log, levels: log.configuration ?? "", types: log.type ?? "" };
}

const logging = {
  call: "GET /asterisk/logging",
  entity: "logging",
  pick: pickLog,
  failed: (cause: string) => `failed to get list of logging channels: ${cause}`,
} as const;

export const asteriskRows: Rows<AsteriskKinds> = {
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
    query: { only: filled("only") },
    failed: (cause) => `failed to get asterisk info: ${cause}`,
  },
  AsteriskVariableGet: {
    class: "data",
    reply: "data",
    entity: "variable",
    call: "GET /asterisk/variable",
    query: { variable: theId },
    pick: variableValue,
    failed: (cause, { id }) => `Error getting asterisk variable '${id}': ${cause}`,
  },
  AsteriskVariableSet: {
    ...command("variable", "POST /asterisk/variable"),
    payload: { member: "asterisk_variable_set", shape: { value: "string" } },
    body: { variable: theId, value: filled("value") },
    failed: (cause, { id, payload }) =>
      `Error setting asterisk variable '${id}' to '${payload.value}': ${cause}`,
  },

  AsteriskConfigData: {
    ...detail("config", `GET ${configRoute}`),
    reply: "data",
    path: {
      ...configPath,
      // Here what follows the third piece stays in the path.
      id: { part: { name: "name", of: (id) => id.split("/").slice(2) } },
    },
    refuse: badConfigId("failed to parse configuration key"),
    pick: (response, { id }) => {
      const [Class = "", Type = "", Name = ""] = id.split("/");
      return { Class, Type, Name, Fields: response };
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
    body: { fields: or("tuples", null) },
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
    call: "POST /asterisk/logging/{logChannelName}",
    body: { configuration: "config" },
  },
  AsteriskLoggingRotate: {
    ...command("logging", "PUT /asterisk/logging/{logChannelName}/rotate"),
    noId: "Not allowed to rotate unnamed channels",
  },
  AsteriskLoggingDelete: {
    ...command("logging", "DELETE /asterisk/logging/{logChannelName}"),
    noId: "Not allowed to delete unnamed channels",
  },

  AsteriskModuleList: list("module", "GET /asterisk/modules"),
  AsteriskModuleData: { ...detail("module", "GET /asterisk/modules/{moduleName}"), reply: "data" },
  AsteriskModuleGet: {
    ...detail("module", "GET /asterisk/modules/{moduleName}"),
    reply: "key",
    class: "get",
  },
  AsteriskModuleLoad: command("module", "POST /asterisk/modules/{moduleName}"),
  AsteriskModuleReload: command("module", "PUT /asterisk/modules/{moduleName}"),
  AsteriskModuleUnload: command("module", "DELETE /asterisk/modules/{moduleName}"),
};
