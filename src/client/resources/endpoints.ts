import type { EndpointData } from "../../protocol/api/models.ts";
import type { ClusterClient } from "../cluster.ts";
import { Handle } from "../handles/handle.ts";
import type { AriRequestOptions } from "../requester.ts";
import { ListedResource, listHandles, type ListOptions } from "./resource.ts";

/** Options of the methods that send a text message. */
export interface MessageOptions extends AriRequestOptions {
  /**
   * The text.
   *
   * @default none
   */
  readonly text?: string;
  /**
   * Headers to send along.
   *
   * @default none
   */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Options of the methods that refer an endpoint to another place. */
export interface ReferOptions extends AriRequestOptions {
  /** Where to refer it, as in `sip:other@example.com` or an extension. */
  readonly to: string;
  /**
   * Whether it is the endpoint itself, not its peer, that is referred.
   *
   * @default {false}
   */
  readonly toSelf?: boolean;
  /**
   * Headers to send along; `display_name` goes before the URI.
   *
   * @default none
   */
  readonly variables?: Readonly<Record<string, string>>;
}

/** An endpoint, such as a telephone or a trunk; its ID is `<tech>/<resource>`. */
export class Endpoint extends Handle {
  /** Gets its data. @throws {AriProxyError} With the code `not_found`. */
  data(options?: AriRequestOptions): Promise<EndpointData> {
    return this.request("EndpointData", undefined, options);
  }

  /**
   * Sends it a text message. Without a node any one node sends it. Proxies in Go do not support it.
   *
   * @param from URI of the sender, as in `sip:desk@example.com`.
   */
  async sendMessage(from: string, options: MessageOptions = {}): Promise<void> {
    const { parameters, request } = restMessage(options);
    await this.rest(
      "PUT /endpoints/{tech}/{resource}/sendMessage",
      { ...this.#place(), from, ...parameters },
      request,
    );
  }

  /**
   * Refers it to another place. Without a node any one node sends it. Proxies in Go do not support it.
   *
   * @param from URI of the sender.
   */
  async refer(from: string, options: ReferOptions): Promise<void> {
    const { parameters, request } = restRefer(options);
    await this.rest(
      "POST /endpoints/{tech}/{resource}/refer",
      { ...this.#place(), from, ...parameters },
      request,
    );
  }

  #place(): { tech: string; resource: string } {
    const slash = this.id.indexOf("/");
    return { tech: this.id.slice(0, Math.max(0, slash)), resource: this.id.slice(slash + 1) };
  }
}

/** Endpoints of the cluster. */
export class Endpoints extends ListedResource<Endpoint> {
  /** Makes the endpoints of a client. */
  constructor(client: ClusterClient) {
    super(client, "endpoint", Endpoint, { get: "EndpointGet", list: "EndpointList" });
  }

  /** Lists those of a technology, as `PJSIP`. */
  listByTech(tech: string, options: ListOptions = {}): Promise<readonly Endpoint[]> {
    return listHandles(this.client, "EndpointListByTech", {
      ...options,
      payload: { tech },
      make: (key) => this.handle(key),
    });
  }

  /**
   * Sends a text message to any address, from any one node. Proxies in Go do not support it.
   *
   * @param to The receiver: `pjsip:<endpoint>`, or `pjsip:<endpoint>/<URI>`.
   */
  async sendMessage(
    to: string,
    options: MessageOptions & {
      /** URI of the sender. */
      readonly from: string;
    },
  ): Promise<void> {
    const { from, ...rest } = options;
    const { parameters, request } = restMessage(rest);
    await this.client.rest("PUT /endpoints/sendMessage", { to, from, ...parameters }, request);
  }

  /**
   * Refers any address to another place, from any one node. Proxies in Go do not support it.
   *
   * @param receiver The one to refer: `pjsip:<endpoint>`, or `pjsip:<endpoint>/<URI>`.
   */
  async refer(
    receiver: string,
    options: ReferOptions & {
      /** URI of the sender. */
      readonly from: string;
    },
  ): Promise<void> {
    const { from, ...rest } = options;
    const { parameters, request } = restRefer(rest);
    const all = { to: receiver, from, ...parameters };
    await this.client.rest("POST /endpoints/refer", all, request);
  }
}

/** Parameters of a message, and options of the request. */
function restMessage({ text, variables, ...request }: MessageOptions): {
  parameters: { body?: string; variables?: Readonly<Record<string, string>> };
  request: AriRequestOptions;
} {
  return {
    parameters: { ...(text !== undefined && { body: text }), ...(variables && { variables }) },
    request,
  };
}

/** Parameters of a referral, and options of the request. */
function restRefer({ to, toSelf, variables, ...request }: ReferOptions): {
  parameters: {
    refer_to: string;
    to_self?: boolean;
    variables?: Readonly<Record<string, string>>;
  };
  request: AriRequestOptions;
} {
  return {
    parameters: {
      refer_to: to,
      ...(toSelf !== undefined && { to_self: toSelf }),
      ...(variables && { variables }),
    },
    request,
  };
}
