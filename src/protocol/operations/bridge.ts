import type { BridgeChannelPayload } from "../kinds.ts";
import { bindsFirst, type Input, ref, type Rows } from "../operation.ts";
import { playBody, playEntities, playOurs, plays, playShape } from "./play.ts";
import { recordBody, recordEntities, records, recordShape } from "./record.ts";
import { command, dataFailed, detail, list, oneOrMany } from "./rows.ts";

const createPayload = {
  member: "bridge_create",
  shape: { type: "string", name: "string?", variables: "variables?" },
  ours: ["variables"],
} as const;

const channelsShape = { channel: "string", further_channels: "texts?" } as const;

const play = {
  ...plays("bridge"),
  payload: {
    member: "bridge_play",
    shape: { ...playShape, announcer_format: "string?" },
    ours: [...playOurs, "announcer_format"],
  },
} as const;

const record = {
  ...records("bridge"),
  payload: {
    member: "bridge_record",
    shape: {
      ...recordShape,
      options: {
        ...recordShape.options,
        object: { ...recordShape.options.object, RecorderFormat: "string?" },
      },
    },
    ours: ["RecorderFormat"],
  },
  probe: "GET /bridges/{id}",
  binds: { when: "probed", entities: recordEntities("bridge") },
} as const;

const withChannel = ({ id, payload }: Input<{ channel: string }>) => [
  ref("bridge", id),
  ref("channel", payload.channel),
];

const channelsOf = ({ channel, further_channels: further = [] }: BridgeChannelPayload) => [
  channel,
  ...further,
];

const withChannels = ({ id, payload }: Input<BridgeChannelPayload>) => [
  ref("bridge", id),
  ...channelsOf(payload).map((channel) => ref("channel", channel)),
];

/** Kinds about bridges. */
export const bridgeRows: Rows<"Bridge"> = {
  BridgeCreate: {
    class: "create",
    reply: "key",
    entity: "bridge",
    payload: createPayload,
    complete: ({ id }, mint) => ({ id: id || mint("br") }),
    call: "POST /bridges/{id}",
    body: ({ id, payload }) => ({
      bridgeId: id,
      type: payload.type || undefined,
      name: payload.name || undefined,
      variables: payload.variables,
    }),
    binds: bindsFirst("bridge"),
  },
  BridgeStageCreate: {
    class: "create",
    reply: "key",
    entity: "bridge",
    payload: createPayload,
    binds: bindsFirst("bridge"),
  },
  BridgeList: list("bridge", "GET /bridges"),
  BridgeData: { ...detail("bridge", "GET /bridges/{id}"), reply: "data" },
  BridgeGet: {
    ...detail("bridge", "GET /bridges/{id}"),
    reply: "key",
    class: "get",
    binds: { when: "probed", entities: ({ id }) => [ref("bridge", id)] },
  },
  BridgeDelete: { ...command("bridge", "DELETE /bridges/{id}"), binds: bindsFirst("bridge") },
  BridgeAddChannel: {
    ...command("bridge", "POST /bridges/{id}/addChannel"),
    payload: {
      member: "bridge_add_channel",
      shape: {
        ...channelsShape,
        absorbDTMF: "boolean?",
        mute: "boolean?",
        role: "string?",
        inhibitConnectedLineUpdates: "boolean?",
      },
      ours: ["further_channels", "inhibitConnectedLineUpdates"],
    },
    body: ({ payload }) => ({
      channel: oneOrMany(channelsOf(payload)),
      absorbDTMF: payload.absorbDTMF || undefined,
      mute: payload.mute || undefined,
      role: payload.role || undefined,
      inhibitConnectedLineUpdates: payload.inhibitConnectedLineUpdates || undefined,
    }),
    binds: { when: "first", entities: withChannels },
  },
  BridgeRemoveChannel: {
    ...command("bridge", "POST /bridges/{id}/removeChannel"),
    payload: {
      member: "bridge_remove_channel",
      shape: channelsShape,
      ours: ["further_channels"],
    },
    body: ({ payload }) => ({ channel: oneOrMany(channelsOf(payload)) }),
    binds: { when: "first", entities: withChannels },
  },
  BridgeMOH: {
    ...command("bridge", "POST /bridges/{id}/moh"),
    payload: { member: "bridge_moh", shape: { class: "string" } },
    body: ({ payload }) => ({ mohClass: payload.class }),
    binds: bindsFirst("bridge"),
  },
  BridgeStopMOH: { ...command("bridge", "DELETE /bridges/{id}/moh"), binds: bindsFirst("bridge") },
  BridgePlay: {
    ...play,
    class: "create",
    call: "POST /bridges/{id}/play/{playback_id}",
    body: (input) => ({
      ...playBody(input),
      announcer_format: input.payload.announcer_format || undefined,
    }),
    answer: "object",
    binds: { when: "first", entities: playEntities("bridge") },
  },
  BridgeStagePlay: {
    ...play,
    class: "get",
    call: "GET /bridges/{id}",
    failed: dataFailed("bridge"),
    binds: { when: "probed", entities: playEntities("bridge") },
  },
  BridgeRecord: {
    ...record,
    class: "create",
    call: "POST /bridges/{id}/record",
    body: (input) => ({
      ...recordBody(input),
      recorder_format: input.payload.options?.RecorderFormat || undefined,
    }),
    answer: "object",
  },
  BridgeStageRecord: { ...record, class: "get" },
  BridgeSubscribe: { class: "command", reply: "ok", entity: "bridge", binds: bindsFirst("bridge") },
  BridgeUnsubscribe: { class: "command", reply: "ok", entity: "bridge" },
  BridgeVideoSource: {
    ...command("bridge", "POST /bridges/{id}/videoSource/{channel}"),
    payload: { member: "bridge_video_source", shape: { channel: "string" } },
    binds: { when: "first", entities: withChannel },
  },
  BridgeVideoSourceDelete: {
    ...command("bridge", "DELETE /bridges/{id}/videoSource"),
    binds: bindsFirst("bridge"),
  },
};
