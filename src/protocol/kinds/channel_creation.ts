import type { RestVariablesToSet } from "../api/parameter_types.ts";
import type { MintKind } from "../mint.ts";
import { filled, type Input, or, ref, type ReplyKey, type Rows, theId } from "./columns.ts";
import { dataFailed } from "./shared_rows.ts";

/** A call to place. */
export interface OriginatePayload {
  /** The call, under a member of its own. */
  readonly originate_request: {
    /** Whom to call, as in `PJSIP/alice`. */
    readonly endpoint: string;
    /** How long to ring, in seconds; -1 is without end. */
    readonly timeout?: number;
    /** Caller ID to show, `"Name" <number>`. */
    readonly callerId?: string;
    /** Dialplan context to enter when answered. */
    readonly context?: string;
    /** Dialplan extension. */
    readonly extension?: string;
    /** Dialplan priority. */
    readonly priority?: number;
    /** Dialplan label. */
    readonly label?: string;
    /** Stasis application to enter when answered. */
    readonly app?: string;
    /** Arguments for the application. */
    readonly appArgs?: string;
    /** Formats, comma-separated. */
    readonly formats?: string;
    /** ID for the channel; chosen by the proxy when empty. */
    readonly channelId?: string;
    /** ID for the other half of a Local channel. */
    readonly otherChannelId?: string;
    /** ID of the channel on whose behalf it is. */
    readonly originator?: string;
    /** Channel variables; proxies of the original take texts only. */
    readonly variables?: RestVariablesToSet;
  };
}

/** A channel to create without dialling. */
export interface ChannelCreatePayload {
  /** The channel, under a member of its own. */
  readonly channel_create_request: {
    /** Whom to call, as in `PJSIP/alice`. */
    readonly endpoint: string;
    /** Stasis application that gets it. */
    readonly app: string;
    /** Arguments for the application. */
    readonly appArgs?: string;
    /** ID for the channel; chosen by the proxy when empty. */
    readonly channelId?: string;
    /** ID for the other half of a Local channel. */
    readonly otherChannelId?: string;
    /** ID of the channel on whose behalf it is. */
    readonly originator?: string;
    /** Formats, comma-separated. */
    readonly formats?: string;
    /** Channel variables. Proxies of the original ignore them. */
    readonly variables?: RestVariablesToSet;
  };
}

/** A snoop channel to create. */
export interface SnoopPayload {
  /** ID for the snoop channel; chosen by the proxy when empty. */
  readonly snoop_id: string;
  /** How to snoop; without them only the proxy's application is set. */
  readonly options?: {
    /** Stasis application that gets the snoop channel. */
    readonly app: string;
    /** Arguments for the application. */
    readonly appArgs?: string;
    /** What to hear: `in`, `out`, `both`, `none`. */
    readonly spy?: string;
    /** Where to speak: `in`, `out`, `both`, `none`. */
    readonly whisper?: string;
  };
}

/** An external media channel to create. */
export interface ExternalMediaPayload {
  /** The options, under a member of their own. */
  readonly options: {
    /** ID for the channel; chosen by the proxy when empty. */
    readonly channelId?: string;
    /** Stasis application; the proxy's own when empty. */
    readonly app?: string;
    /**
     * Host and port to exchange media with; for the transport `websocket` a connection of
     * `websocket_client.conf`, or nothing where that connects to Asterisk.
     */
    readonly external_host: string;
    /** `rtp` (which holds when empty), `audiosocket` or `none`. */
    readonly encapsulation?: string;
    /** `udp` (which holds when empty), `tcp` or `websocket`. */
    readonly transport?: string;
    /** `client` (which holds when empty) or `server`. */
    readonly connection_type?: string;
    /** Format, as in `ulaw`. */
    readonly format: string;
    /** `both` holds when empty. */
    readonly direction?: string;
    /** Channel variables; proxies of the original take texts only. */
    readonly variables?: RestVariablesToSet;
    /** For `audiosocket`: the UUID to begin with. Proxies of the original ignore it. */
    readonly data?: string;
    /** For `websocket`: parameters of the transport. Proxies of the original ignore it. */
    readonly transport_data?: string;
  };
}

/** The kinds that create channels. */
export interface ChannelCreationKinds {
  /** Creates a channel without dialling. */
  ChannelCreate: ReplyKey<ChannelCreatePayload>;
  /** Places a call. */
  ChannelOriginate: ReplyKey<OriginatePayload>;
  /** Fixes the node for a call to be placed. */
  ChannelStageOriginate: ReplyKey<OriginatePayload>;
  /** Listens in on a channel. */
  ChannelSnoop: ReplyKey<SnoopPayload>;
  /** Fixes the node for a snoop channel. */
  ChannelStageSnoop: ReplyKey<SnoopPayload>;
  /** Creates a channel whose media are exchanged with a host. */
  ChannelExternalMedia: ReplyKey<ExternalMediaPayload>;
  /** Fixes the node for an external media channel. */
  ChannelStageExternalMedia: ReplyKey<ExternalMediaPayload>;
}

type Mint = (kind: MintKind) => string;

/** On whose behalf a channel is created: a channel in the key, where the request names none. */
function originator({ key }: { key: { kind?: string; id?: string } }, given = ""): string {
  return given || (key.kind === "channel" ? key.id ?? "" : "");
}

const originate = {
  class: "create",
  reply: "key",
  entity: "channel",
  payload: {
    member: "channel_originate",
    missing: "OriginateRequest is mandatory",
    shape: {
      originate_request: {
        object: {
          endpoint: "string",
          timeout: "integer?",
          callerId: "string?",
          context: "string?",
          extension: "string?",
          priority: "integer?",
          label: "string?",
          app: "string?",
          appArgs: "string?",
          formats: "string?",
          channelId: "string?",
          otherChannelId: "string?",
          originator: "string?",
          variables: "variables?",
        },
      },
    },
  },
  complete: (input: Input<OriginatePayload>, mint: Mint) => {
    const request = input.payload.originate_request;
    return {
      payload: {
        originate_request: {
          ...request,
          channelId: request.channelId || mint("ch"),
          originator: originator(input, request.originator),
        },
      },
    };
  },
  binds: {
    when: "first",
    entities: ({ id, payload: { originate_request: request } }: Input<OriginatePayload>) => [
      ref("channel", request.channelId),
      ref("channel", request.otherChannelId),
      ref("channel", request.originator),
      ref("channel", id),
    ],
  },
  made: "originate_request.channelId",
} as const;

const snoop = {
  reply: "key",
  entity: "channel",
  about: "channel",
  payload: {
    member: "channel_snoop",
    shape: {
      snoop_id: "string",
      options: {
        optional: true,
        object: { app: "string", appArgs: "string?", spy: "string?", whisper: "string?" },
      },
    },
  },
  complete: ({ payload, self }: Input<SnoopPayload>, mint: Mint) => ({
    payload: {
      snoop_id: payload.snoop_id || mint("sn"),
      options: payload.options ?? { app: self.app },
    },
  }),
  made: "snoop_id",
} as const;

const snoopEntities = ({ payload }: Input<SnoopPayload>) => [ref("channel", payload.snoop_id)];

const externalMedia = {
  class: "create",
  reply: "key",
  entity: "channel",
  payload: {
    member: "channel_external_media",
    missing: "ExternalMediaOptions is required",
    shape: {
      options: {
        object: {
          channelId: "string?",
          app: "string?",
          external_host: "string",
          encapsulation: "string?",
          transport: "string?",
          connection_type: "string?",
          format: "string",
          direction: "string?",
          variables: "variables?",
          data: "string?",
          transport_data: "string?",
        },
      },
    },
    ours: ["data", "transport_data"],
  },
  refuse: ({ payload: { options } }: Input<ExternalMediaPayload>) =>
    !options.external_host && options.transport !== "websocket"
      ? "ExternalHost is mandatory"
      : !options.format
      ? "Format is mandatory"
      : undefined,
  complete: ({ payload: { options }, self }: Input<ExternalMediaPayload>, mint: Mint) => ({
    payload: {
      options: {
        ...options,
        channelId: options.channelId || mint("ch"),
        app: options.app || self.app,
        encapsulation: options.encapsulation || "rtp",
        transport: options.transport || "udp",
        connection_type: options.connection_type || "client",
        direction: options.direction || "both",
      },
    },
  }),
  binds: {
    when: "first",
    entities: ({ payload }: Input<ExternalMediaPayload>) => [
      ref("channel", payload.options.channelId),
    ],
  },
  made: "options.channelId",
} as const;

export const channelCreationRows: Rows<ChannelCreationKinds> = {
  ChannelCreate: {
    class: "create",
    reply: "key",
    entity: "channel",
    payload: {
      member: "channel_create",
      shape: {
        channel_create_request: {
          object: {
            endpoint: "string",
            app: "string",
            appArgs: "string?",
            channelId: "string?",
            otherChannelId: "string?",
            originator: "string?",
            formats: "string?",
            variables: "variables?",
          },
        },
      },
      ours: ["variables"],
    },
    complete: (input: Input<ChannelCreatePayload>, mint) => {
      const request = input.payload.channel_create_request;
      return {
        payload: {
          channel_create_request: {
            ...request,
            channelId: request.channelId || mint("ch"),
            originator: originator(input, request.originator),
          },
        },
      };
    },
    call: "POST /channels/create",
    body: {
      endpoint: "channel_create_request.endpoint",
      app: "channel_create_request.app",
      appArgs: filled("channel_create_request.appArgs"),
      channelId: filled("channel_create_request.channelId"),
      otherChannelId: filled("channel_create_request.otherChannelId"),
      originator: filled("channel_create_request.originator"),
      formats: filled("channel_create_request.formats"),
      variables: filled("channel_create_request.variables"),
    },
    binds: {
      when: "first",
      entities: ({ payload: { channel_create_request: request } }) => [
        ref("channel", request.channelId),
        ref("channel", request.otherChannelId),
      ],
    },
    made: "channel_create_request.channelId",
  },
  ChannelOriginate: {
    ...originate,
    call: "POST /channels",
    body: {
      endpoint: "originate_request.endpoint",
      timeout: filled("originate_request.timeout"),
      callerId: filled("originate_request.callerId"),
      context: filled("originate_request.context"),
      extension: filled("originate_request.extension"),
      priority: filled("originate_request.priority"),
      label: filled("originate_request.label"),
      app: filled("originate_request.app"),
      appArgs: filled("originate_request.appArgs"),
      formats: filled("originate_request.formats"),
      channelId: filled("originate_request.channelId"),
      otherChannelId: filled("originate_request.otherChannelId"),
      originator: filled("originate_request.originator"),
      variables: filled("originate_request.variables"),
    },
    response: "object",
  },
  ChannelStageOriginate: originate,
  ChannelSnoop: {
    ...snoop,
    class: "create",
    call: "POST /channels/{channelId}/snoop/{snoopId}",
    path: { channelId: theId, snoopId: "snoop_id" },
    body: {
      app: or("options.app", ""),
      appArgs: filled("options.appArgs"),
      spy: filled("options.spy"),
      whisper: filled("options.whisper"),
    },
    binds: { when: "first", entities: snoopEntities },
  },
  ChannelStageSnoop: {
    ...snoop,
    class: "get",
    call: "GET /channels/{channelId}",
    failed: dataFailed("channel"),
    binds: { when: "probed", entities: snoopEntities },
  },
  ChannelExternalMedia: {
    ...externalMedia,
    call: "POST /channels/externalMedia",
    body: {
      channelId: "options.channelId",
      app: "options.app",
      external_host: filled("options.external_host"),
      encapsulation: "options.encapsulation",
      transport: "options.transport",
      connection_type: "options.connection_type",
      format: "options.format",
      direction: "options.direction",
      variables: or("options.variables", null),
      data: "options.data",
      transport_data: "options.transport_data",
    },
  },
  ChannelStageExternalMedia: externalMedia,
};
