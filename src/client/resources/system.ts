import type {
  AsteriskData,
  AsteriskPingData,
  ConfigTuple,
  ModuleData,
} from "../../protocol/api/models.ts";
import type { LogData } from "../../protocol/kinds/system.ts";
import type { RestData, RestPayload } from "../../protocol/kinds/any_operation.ts";
import { type AllNodesOptions, onAllNodes } from "../all_nodes.ts";
import type { ClusterClient } from "../cluster.ts";
import { Handle } from "../handles/handle.ts";
import type { AriRequestOptions } from "../requester.ts";
import { ListedResource, Resource } from "./resource.ts";

/** A module of Asterisk; its ID is its file name, as `res_pjsip.so`. */
export class Module extends Handle {
  /** Gets its data. */
  data(options?: AriRequestOptions): Promise<ModuleData> {
    return this.request("AsteriskModuleData", undefined, options);
  }

  /** Loads it; without a node on all nodes. */
  load(options: AllNodesOptions = {}): Promise<void> {
    return onAllNodes(this.client, "AsteriskModuleLoad", this.key, options);
  }

  /** Reloads its configuration; without a node on all nodes. */
  reload(options: AllNodesOptions = {}): Promise<void> {
    return onAllNodes(this.client, "AsteriskModuleReload", this.key, options);
  }

  /** Unloads it; without a node on all nodes. */
  unload(options: AllNodesOptions = {}): Promise<void> {
    return onAllNodes(this.client, "AsteriskModuleUnload", this.key, options);
  }
}

/** A channel of Asterisk's log; its ID is its name, mostly that of a file. */
export class LogChannel extends Handle {
  /** Gets its data. @throws {AriProxyError} With the code `not_found`. */
  data(options?: AriRequestOptions): Promise<LogData> {
    return this.request("AsteriskLoggingData", undefined, options);
  }

  /** Rotates its file; without a node on all nodes. */
  rotate(options: AllNodesOptions = {}): Promise<void> {
    return onAllNodes(this.client, "AsteriskLoggingRotate", this.key, options);
  }

  /** Removes it; without a node on all nodes. */
  delete(options: AllNodesOptions = {}): Promise<void> {
    return onAllNodes(this.client, "AsteriskLoggingDelete", this.key, options);
  }
}

/** An object of Asterisk's dynamic configuration; its ID is `<class>/<type>/<name>`. */
export class ConfigObject extends Handle {
  /** Gets its attributes. @throws {AriProxyError} With the code `not_found`. */
  async data(options?: AriRequestOptions): Promise<readonly ConfigTuple[]> {
    const { Fields } = await this.request("AsteriskConfigData", undefined, options);
    return Fields ?? [];
  }

  /** Creates it or changes its attributes; without a node on all nodes. */
  update(
    attributes: Readonly<Record<string, string>>,
    options: AllNodesOptions = {},
  ): Promise<void> {
    const tuples = Object.entries(attributes).map(([attribute, value]) => ({ attribute, value }));
    const payload = { tuples };
    return onAllNodes(this.client, "AsteriskConfigUpdate", this.key, { ...options, payload });
  }

  /** Deletes it; without a node on all nodes. */
  delete(options: AllNodesOptions = {}): Promise<void> {
    return onAllNodes(this.client, "AsteriskConfigDelete", this.key, options);
  }
}

/** Modules of the nodes. */
export class Modules extends ListedResource<Module> {
  /** Makes the modules of a client. */
  constructor(client: ClusterClient) {
    super(client, "module", Module, { get: "AsteriskModuleGet", list: "AsteriskModuleList" });
  }
}

/** Channels of the nodes' logs. */
export class Logging extends ListedResource<LogChannel> {
  /** Makes the log channels of a client. */
  constructor(client: ClusterClient) {
    const kinds = { get: "AsteriskLoggingGet", list: "AsteriskLoggingList" } as const;
    super(client, "logging", LogChannel, kinds);
  }

  /**
   * Adds a channel to the log of one node: without a node of any one, as the original does. To add it on
   * all nodes, use `client.rest("POST /asterisk/logging/{logChannelName}", …)`.
   *
   * @param levels Levels, separated by commas.
   */
  async create(name: string, levels: string, options?: AriRequestOptions): Promise<LogChannel> {
    const key = this.handle(name).key;
    return this.handle(
      await this.client.request("AsteriskLoggingCreate", key, { config: levels }, options),
    );
  }
}

/** Objects of the nodes' dynamic configuration. */
export class Config extends Resource<ConfigObject> {
  /** Makes the configuration of a client. */
  constructor(client: ClusterClient) {
    super(client, "config", ConfigObject);
  }
}

/** Global variables of the nodes. */
export class Variables {
  readonly #client: ClusterClient;

  /** Makes the variables of a client. */
  constructor(client: ClusterClient) {
    this.#client = client;
  }

  /** Reads one; what is not set is empty. Without a node it is that of the first node that responds. */
  get(name: string, options?: AriRequestOptions): Promise<string> {
    const key = { kind: "variable", id: name };
    return this.#client.request("AsteriskVariableGet", key, undefined, options);
  }

  /** Sets one; without a node on all nodes. */
  set(name: string, value: string, options: AllNodesOptions = {}): Promise<void> {
    const key = { kind: "variable", id: name };
    const payload = { value };
    return onAllNodes(this.#client, "AsteriskVariableSet", key, { ...options, payload });
  }
}

/** Options of {@linkcode AsteriskResource.info}. */
export interface AsteriskInfoOptions extends AriRequestOptions {
  /**
   * The sections to return. Proxies in Go ignore it.
   *
   * @default all
   */
  readonly only?: readonly ("build" | "system" | "config" | "status")[];
}

/**
 * Asterisk itself. Requests that read go to any one node, and those that change something to all nodes:
 * they resolve when all that are known have responded and one has succeeded; with `strict` all have to. A
 * client that was derived with a `node` sends them to that one only.
 */
export class AsteriskResource {
  /** Modules. */
  readonly modules: Modules;
  /** Log. */
  readonly logging: Logging;
  /** Dynamic configuration. */
  readonly config: Config;
  /** Global variables. */
  readonly variables: Variables;
  readonly #client: ClusterClient;

  /** Makes the resource of a client. */
  constructor(client: ClusterClient) {
    this.#client = client;
    this.modules = new Modules(client);
    this.logging = new Logging(client);
    this.config = new Config(client);
    this.variables = new Variables(client);
  }

  /** Version, build and status. */
  info(options: AsteriskInfoOptions = {}): Promise<AsteriskData> {
    const { only, ...request } = options;
    return this.#client.request("AsteriskInfo", {}, only && { only }, request);
  }

  /** Checks that it responds, and gets its time. Proxies in Go do not support it. */
  ping(options: AriRequestOptions = {}): Promise<AsteriskPingData> {
    return this.#client.rest("GET /asterisk/ping", {}, options);
  }

  /**
   * Sends any request to Asterisk's REST interface, also one that has no method here. Without a node, a
   * request that creates something goes to any one node and others to all, and the first success is the
   * result. So a list is that of one node; `client.rest` joins those of all. Proxies in Go do not support
   * it.
   *
   * ```ts no-run
   * import { connect } from "@ari-proxy/ari-proxy";
   *
   * await using client = await connect({ app: "demo" });
   * const { body } = await client.asterisk.rest({ method: "GET", path: "/asterisk/ping" });
   * console.log(body);
   * ```
   */
  rest(call: RestPayload, options: AriRequestOptions = {}): Promise<RestData> {
    return this.#client.request("Rest", {}, call, options);
  }
}
