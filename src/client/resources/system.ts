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
  /** Tells about it. */
  data(options?: AriRequestOptions): Promise<ModuleData> {
    return this.request("AsteriskModuleData", undefined, options);
  }

  /** Loads it; without a node on all nodes. */
  load(options: AllNodesOptions = {}): Promise<void> {
    return onAllNodes(this.client, "AsteriskModuleLoad", this.key, options);
  }

  /** Has it read its configuration again; without a node on all nodes. */
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
  /** Tells about it. @throws {AriProxyError} With the code `not_found`. */
  data(options?: AriRequestOptions): Promise<LogData> {
    return this.request("AsteriskLoggingData", undefined, options);
  }

  /** Begins a new file; without a node on all nodes. */
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
  /** Tells its attributes. @throws {AriProxyError} With the code `not_found`. */
  async data(options?: AriRequestOptions): Promise<readonly ConfigTuple[]> {
    const { Fields } = await this.request("AsteriskConfigData", undefined, options);
    return Fields ?? [];
  }

  /** Makes it or changes attributes of it; without a node on all nodes. */
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
   * Adds a channel to the log of one node: without a node of any one, as the original does. On all nodes
   * it is added by `client.rest("POST /asterisk/logging/{logChannelName}", …)`.
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

  /** Reads one; what is not set is empty. Without a node the first node that answers counts. */
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
   * The parts that are wanted. Proxies in Go pass it over.
   *
   * @default all
   */
  readonly only?: readonly ("build" | "system" | "config" | "status")[];
}

/**
 * Asterisk itself. What reads asks any one node, and what changes is done on all nodes: it resolves when
 * all that are known have answered and one has succeeded; with `strict` all have to. A client that was
 * derived with a `node` has to do with that one alone.
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

  /** Asks whether it answers, and which time it has there. Proxies in Go do not know how. */
  ping(options: AriRequestOptions = {}): Promise<AsteriskPingData> {
    return this.#client.rest("GET /asterisk/ping", {}, options);
  }

  /**
   * Carries any call to Asterisk's REST interface, for what has no method here. Without a node what
   * makes something goes to any one node and everything else to all, and the first that succeeds gives
   * the result. So a list is that of one node; `client.rest` puts those of all together. Proxies in Go do
   * not know how.
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
