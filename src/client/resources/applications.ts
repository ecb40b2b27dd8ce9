import type { ApplicationData } from "../../protocol/api/models.ts";
import type { RestEventFilter } from "../../protocol/api/parameter_types.ts";
import type { JsonObject } from "../../protocol/json.ts";
import { restPayload } from "../../protocol/rest_call.ts";
import { type AllNodesOptions, onAllNodes } from "../all_nodes.ts";
import type { ClusterClient } from "../cluster.ts";
import { Handle } from "../handles/handle.ts";
import type { AriRequestOptions } from "../requester.ts";
import type { RestCall } from "../rest_request.ts";
import { ListedResource } from "./resource.ts";

/** A Stasis application of a node; its ID is its name. */
export class Application extends Handle {
  /** Gets its data, with its subscriptions. */
  data(options?: AriRequestOptions): Promise<ApplicationData> {
    return this.request("ApplicationData", undefined, options);
  }

  /**
   * Subscribes it to the events of a source, without a node on all nodes that have it.
   *
   * @param source `channel:<id>`, `bridge:<id>`, `endpoint:<tech>/<resource>` or `deviceState:<name>`;
   * proxies in Go subscribe only to the first of several.
   */
  subscribe(source: string | readonly string[], options?: AriRequestOptions): Promise<void> {
    return this.request("ApplicationSubscribe", sourcesOf(source), options);
  }

  /** Removes such a subscription. */
  unsubscribe(source: string | readonly string[], options?: AriRequestOptions): Promise<void> {
    return this.request("ApplicationUnsubscribe", sourcesOf(source), options);
  }

  /**
   * Sets which types of events it gets, replacing the former filter; with an empty one it gets all.
   * Without a node on all nodes. Proxies in Go do not support it.
   */
  setEventFilter(filter: RestEventFilter, options: AllNodesOptions = {}): Promise<void> {
    const operation = "PUT /applications/{applicationName}/eventFilter" satisfies RestCall;
    const payload = restPayload(operation, { applicationName: this.id, filter });
    const { kind: _kind, id: _id, ...place } = this.key;
    return onAllNodes(this.client, "Rest", place, { ...options, payload });
  }

  /**
   * Sends it a user event, about any number of entities of one node or none. Without a node it is sent on
   * the node of the channels and bridges among them, else on any one. Proxies in Go do not support it.
   */
  async userEvent(name: string, options: UserEventOptions = {}): Promise<void> {
    const { sources = [], variables, ...request } = options;
    await this.rest("POST /events/user/{eventName}", {
      eventName: name,
      application: this.id,
      ...(sources.length > 0 && { source: sources }),
      ...(variables && { variables }),
    }, request);
  }
}

/** Options of {@linkcode Application.userEvent}. */
export interface UserEventOptions extends AriRequestOptions {
  /**
   * The entities that it is about: `channel:<id>`, `bridge:<id>`, `endpoint:<tech>/<resource>`.
   *
   * @default none
   */
  readonly sources?: readonly string[];
  /**
   * The content of the event.
   *
   * @default none
   */
  readonly variables?: JsonObject;
}

function sourcesOf(source: string | readonly string[]) {
  const [first = "", ...further] = typeof source === "string" ? [source] : source;
  return { event_source: first, ...(further.length > 0 && { further_event_sources: further }) };
}

/** Stasis applications of the nodes. */
export class Applications extends ListedResource<Application> {
  /** Makes the applications of a client. */
  constructor(client: ClusterClient) {
    super(client, "application", Application, { get: "ApplicationGet", list: "ApplicationList" });
  }
}
