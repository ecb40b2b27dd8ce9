import { bindsFirst, type Input, ref, type Rows } from "../operation.ts";
import { playBody, playEntities, plays } from "./play.ts";
import { recordBody, recordEntities, records } from "./record.ts";
import { command, dataFailed, detail, list } from "./rows.ts";

const createPayload = {
  member: "bridge_create",
  shape: { type: "string", name: "string?" },
} as const;

const channelShape = { channel: "string" } as const;

const record = {
  ...records("bridge"),
  probe: "GET /bridges/{id}",
  binds: { when: "probed", entities: recordEntities("bridge") },
} as const;

const withChannel = ({ id, payload }: Input<{ channel: string }>) => [
  ref("bridge", id),
  ref("channel", payload.channel),
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
      shape: { channel: "string", absorbDTMF: "boolean?", mute: "boolean?", role: "string?" },
    },
    body: ({ payload }) => ({
      channel: payload.channel,
      absorbDTMF: payload.absorbDTMF || undefined,
      mute: payload.mute || undefined,
      role: payload.role || undefined,
    }),
    binds: { when: "first", entities: withChannel },
  },
  BridgeRemoveChannel: {
    ...command("bridge", "POST /bridges/{id}/removeChannel"),
    payload: { member: "bridge_remove_channel", shape: channelShape },
    body: ({ payload }) => ({ channel: payload.channel }),
    binds: { when: "first", entities: withChannel },
  },
  BridgeMOH: {
    ...command("bridge", "POST /bridges/{id}/moh"),
    payload: { member: "bridge_moh", shape: { class: "string" } },
    body: ({ payload }) => ({ mohClass: payload.class }),
    binds: bindsFirst("bridge"),
  },
  BridgeStopMOH: { ...command("bridge", "DELETE /bridges/{id}/moh"), binds: bindsFirst("bridge") },
  BridgePlay: {
    ...plays("bridge"),
    class: "create",
    call: "POST /bridges/{id}/play/{playback_id}",
    body: playBody,
    answer: "object",
    binds: { when: "first", entities: playEntities("bridge") },
  },
  BridgeStagePlay: {
    ...plays("bridge"),
    class: "get",
    call: "GET /bridges/{id}",
    failed: dataFailed("bridge"),
    binds: { when: "probed", entities: playEntities("bridge") },
  },
  BridgeRecord: {
    ...record,
    class: "create",
    call: "POST /bridges/{id}/record",
    body: recordBody,
    answer: "object",
  },
  BridgeStageRecord: { ...record, class: "get" },
  BridgeSubscribe: { class: "command", reply: "ok", entity: "bridge", binds: bindsFirst("bridge") },
  BridgeUnsubscribe: { class: "command", reply: "ok", entity: "bridge" },
  BridgeVideoSource: {
    ...command("bridge", "POST /bridges/{id}/videoSource/{channel}"),
    payload: { member: "bridge_video_source", shape: channelShape },
    binds: { when: "first", entities: withChannel },
  },
  BridgeVideoSourceDelete: {
    ...command("bridge", "DELETE /bridges/{id}/videoSource"),
    binds: bindsFirst("bridge"),
  },
};
