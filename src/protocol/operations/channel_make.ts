/**
 * Rows of the kinds that make channels.
 *
 * @module
 */
import { withoutEmpty } from "../json.ts";
import type {
  ChannelCreatePayload,
  ExternalMediaPayload,
  OriginatePayload,
  SnoopPayload,
} from "../kinds.ts";
import type { MintKind } from "../mint.ts";
import { type Input, ref, type Rows } from "../operation.ts";
import type { RestVariablesToSet } from "../api/parameter_types.ts";
import { dataFailed } from "./rows.ts";

type Mint = (kind: MintKind) => string;

/** On whose behalf a channel is made: a channel in the key, where the request names none. */
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
  made: ({ payload }: Input<OriginatePayload>) => payload.originate_request.channelId ?? "",
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
  made: ({ payload }: Input<SnoopPayload>) => payload.snoop_id,
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
  made: ({ payload }: Input<ExternalMediaPayload>) => payload.options.channelId ?? "",
} as const;

type Made =
  | "ChannelCreate"
  | "ChannelOriginate"
  | "ChannelStageOriginate"
  | "ChannelSnoop"
  | "ChannelStageSnoop"
  | "ChannelExternalMedia"
  | "ChannelStageExternalMedia";

/** Kinds that make channels. */
export const channelMakeRows: Pick<Rows<"Channel">, Made> = {
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
    body: ({ payload: { channel_create_request: request } }) => ({
      endpoint: request.endpoint,
      app: request.app,
      ...withoutEmpty({
        ...request,
        endpoint: "",
        app: "",
        variables: filled(request.variables),
      }),
    }),
    binds: {
      when: "first",
      entities: ({ payload: { channel_create_request: request } }) => [
        ref("channel", request.channelId),
        ref("channel", request.otherChannelId),
      ],
    },
    made: ({ payload }) => payload.channel_create_request.channelId ?? "",
  },
  ChannelOriginate: {
    ...originate,
    call: "POST /channels",
    body: ({ payload: { originate_request: request } }) => ({
      endpoint: request.endpoint,
      ...withoutEmpty({ ...request, endpoint: "", variables: filled(request.variables) }),
    }),
    answer: "object",
  },
  ChannelStageOriginate: originate,
  ChannelSnoop: {
    ...snoop,
    class: "create",
    call: "POST /channels/{id}/snoop/{snoop_id}",
    body: ({ payload: { options } }) => ({
      app: options?.app ?? "",
      ...withoutEmpty(options ?? {}),
    }),
    binds: { when: "first", entities: snoopEntities },
  },
  ChannelStageSnoop: {
    ...snoop,
    class: "get",
    call: "GET /channels/{id}",
    failed: dataFailed("channel"),
    binds: { when: "probed", entities: snoopEntities },
  },
  ChannelExternalMedia: {
    ...externalMedia,
    call: "POST /channels/externalMedia",
    body: ({ payload: { options } }) => ({
      ...options,
      external_host: options.external_host || undefined,
      variables: options.variables ?? null,
    }),
  },
  ChannelStageExternalMedia: externalMedia,
};

function filled(variables: RestVariablesToSet | undefined) {
  return variables && Object.keys(variables).length > 0 ? variables : undefined;
}
