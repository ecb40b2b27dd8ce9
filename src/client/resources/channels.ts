import { mint } from "../../protocol/mint.ts";
import type { ChannelData } from "../../protocol/api/models.ts";
import type { RestVariablesToSet } from "../../protocol/api/parameter_types.ts";
import type { ClusterClient } from "../cluster.ts";
import type { AriRequestOptions } from "../requester.ts";
import type { EventBase } from "../../protocol/api/known_events.ts";
import { originOf } from "../events/model.ts";
import { Channel } from "../handles/channel.ts";
import { Prepared } from "../handles/handle.ts";
import { secondsOf } from "../milliseconds.ts";
import { ListedResource } from "./resource.ts";

/** Options of the methods that create channels. */
export interface NewChannelOptions {
  /** Endpoint to call, as in `PJSIP/alice`. */
  readonly endpoint: string;
  /** Application that gets the channel. @default that of the client */
  readonly app?: string;
  /** Arguments for the application, separated by commas. @default none */
  readonly appArgs?: string;
  /**
   * ID of the channel. Asterisk refuses one that the ID of another channel begins with: `call-1` while
   * there is `call-10`.
   *
   * @default a new one
   */
  readonly id?: string;
  /** ID of the other half of a Local channel. @default made by Asterisk */
  readonly otherId?: string;
  /** The channel, or its ID, on whose behalf it is. @default none */
  readonly originator?: Channel | string;
  /** Formats, separated by commas. @default those of the originator, else of the endpoint */
  readonly formats?: string;
  /**
   * Variables of the channel. Proxies in Go take texts only, and none for a channel that is created without
   * dialling.
   *
   * @default none
   */
  readonly variables?: RestVariablesToSet;
  /** Node that creates it. @default that of the client, else any */
  readonly node?: string;
}

/** Options of {@linkcode Channels.originate}. */
export interface OriginateOptions extends NewChannelOptions {
  /**
   * How long to ring, in milliseconds, rounded up to whole seconds, which Asterisk counts in; -1 is for
   * ever. It is not how long to wait for the response to the request: that is the `timeout` of the second
   * argument.
   *
   * @default {30_000}
   */
  readonly timeout?: number;
  /** Caller ID to show, `"Name" <number>`. @default none */
  readonly callerId?: string;
  /** Instead of an application: where in the dialplan the channel continues. @default none */
  readonly dialplan?: {
    /** Context. */
    readonly context: string;
    /** Extension. */
    readonly extension: string;
    /** Priority. @default {1} */
    readonly priority?: number;
    /** Label, instead of a priority. @default none */
    readonly label?: string;
  };
}

/** Options of {@linkcode Channels.externalMedia}. */
export interface ExternalMediaOptions {
  /**
   * Host and port to exchange media with; for the transport `websocket` a connection of
   * `websocket_client.conf`, or nothing when that side connects to Asterisk.
   *
   * @default none
   */
  readonly externalHost?: string;
  /** Format, as in `ulaw`. */
  readonly format: string;
  /** ID of the channel. @default a new one */
  readonly id?: string;
  /** Application that gets the channel. @default that of the client */
  readonly app?: string;
  /** `rtp`, `audiosocket` or `none`. @default {"rtp"} */
  readonly encapsulation?: string;
  /** `udp`, `tcp` or `websocket`. @default {"udp"} */
  readonly transport?: string;
  /** `client` or `server`. @default {"client"} */
  readonly connectionType?: string;
  /** `both`, the only one that Asterisk 22 supports. @default {"both"} */
  readonly direction?: string;
  /** For `audiosocket`: the UUID to begin with. Proxies in Go ignore it. @default none */
  readonly data?: string;
  /** For `websocket`: parameters of the transport. Proxies in Go ignore them. @default none */
  readonly transportData?: string;
  /** Variables of the channel; proxies in Go take texts only. @default none */
  readonly variables?: RestVariablesToSet;
  /** Node that creates it. @default that of the client, else any */
  readonly node?: string;
}

/** Channels of the cluster. */
export class Channels extends ListedResource<Channel> {
  /** Makes the channels of a client. */
  constructor(client: ClusterClient) {
    super(client, "channel", Channel, { get: "ChannelGet", list: "ChannelList" });
  }

  /** A handle of the channel of an event, with complete coordinates. */
  of(event: EventBase & { readonly channel: ChannelData }): Channel {
    return this.handle({ id: event.channel.id, ...originOf(event) });
  }

  /**
   * Places a call. It resolves when Asterisk has created the channel, before the call is answered.
   *
   * ```ts no-run
   * import { connect } from "@ari-proxy/ari-proxy";
   *
   * await using client = await connect({ app: "demo" });
   * const channel = await client.channels.originate({ endpoint: "PJSIP/alice", timeout: 20_000 });
   * console.log(channel.key);
   * ```
   *
   * @param request How long to wait for the response to the request, which arrives before the endpoint
   * rings.
   * @throws {AriProxyError} With the code `failed` for an endpoint or technology that does not exist, of
   * which Asterisk says no more than `Allocation failed`; `invalid` for what is not an endpoint. After a
   * `timeout` it is unknown whether the call was placed; if it was, it has the given ID.
   */
  originate(options: OriginateOptions, request: AriRequestOptions = {}): Promise<Channel> {
    return this.prepare(options, request).execute();
  }

  /**
   * Prepares a call, so that a program can subscribe to its events before the first one.
   *
   * ```ts no-run
   * import { connect } from "@ari-proxy/ari-proxy";
   *
   * await using client = await connect({ app: "demo" });
   * const call = client.channels.prepare({ endpoint: "PJSIP/alice" });
   * await using events = call.events({ type: "StasisStart" });
   * const channel = await call.execute();
   * for await (const { args } of events) {
   *   console.log(channel.id, args);
   *   break;
   * }
   * ```
   */
  prepare(options: OriginateOptions, request: AriRequestOptions = {}): Prepared<Channel> {
    const { dialplan, timeout, callerId } = options;
    const common = this.#common(options);
    const { app, appArgs, ...rest } = common;
    const handle = this.handle({ id: common.channelId, node: options.node });
    const payload = {
      originate_request: {
        ...rest,
        ...(dialplan ?? (app && { app, ...(appArgs && { appArgs }) })),
        ...(timeout !== undefined && { timeout: timeout < 0 ? -1 : secondsOf(timeout) }),
        ...(callerId && { callerId }),
      },
    };
    return new Prepared(handle, async () => {
      const place = { ...handle.key, id: "" };
      return this.handle(await this.client.request("ChannelOriginate", place, payload, request));
    });
  }

  /** Creates a channel without dialling it; see {@linkcode Channel.dial}. */
  create(options: NewChannelOptions, request: AriRequestOptions = {}): Promise<Channel> {
    return this.prepareCreate(options, request).execute();
  }

  /** Prepares a channel that is to be created without dialling it. */
  prepareCreate(options: NewChannelOptions, request: AriRequestOptions = {}): Prepared<Channel> {
    const { app = "", ...rest } = this.#common(options);
    const handle = this.handle({ id: rest.channelId, node: options.node });
    const payload = { channel_create_request: { app, ...rest } };
    return new Prepared(handle, async () => {
      const place = { ...handle.key, id: "" };
      return this.handle(await this.client.request("ChannelCreate", place, payload, request));
    });
  }

  /** Creates a channel whose media are exchanged with a host. */
  async externalMedia(
    options: ExternalMediaOptions,
    request: AriRequestOptions = {},
  ): Promise<Channel> {
    const {
      id = mint("ch"),
      externalHost = "",
      format,
      connectionType,
      transportData,
      node,
      ...rest
    } = options;
    const app = options.app ?? this.client.app;
    const payload = {
      options: {
        ...rest,
        channelId: id,
        external_host: externalHost,
        format,
        ...(app && { app }),
        ...(connectionType && { connection_type: connectionType }),
        ...(transportData && { transport_data: transportData }),
      },
    };
    return this.handle(
      await this.client.request("ChannelExternalMedia", { node }, payload, request),
    );
  }

  #common(options: NewChannelOptions) {
    const { endpoint, appArgs, otherId, originator, formats, variables } = options;
    const app = options.app ?? this.client.app;
    return {
      endpoint,
      channelId: options.id ?? mint("ch"),
      ...(app && { app }),
      ...(appArgs && { appArgs }),
      ...(otherId && { otherChannelId: otherId }),
      ...(originator && {
        originator: typeof originator === "string" ? originator : originator.id,
      }),
      ...(formats && { formats }),
      ...(variables && { variables }),
    };
  }
}
