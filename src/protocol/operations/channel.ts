import { nanosToMillis, nanosToSeconds } from "../duration.ts";
import { isObject } from "../json.ts";
import { bindsFirst, type Input, type Rows } from "../operation.ts";
import { channelMakeRows } from "./channel_make.ts";
import { playBody, playEntities, plays } from "./play.ts";
import { recordBody, recordEntities, records } from "./record.ts";
import { command, dataFailed, detail, list } from "./rows.ts";

const mutePayload = { member: "channel_mute", shape: { direction: "string?" } } as const;

const variablePayload = {
  member: "channel_variable",
  shape: { name: "string", value: "string?" },
} as const;

const variableSetPayload = {
  ...variablePayload,
  shape: { ...variablePayload.shape, report_events: "boolean?" },
  ours: ["report_events"],
} as const;

const muteDirection = ({ payload }: Input<{ direction?: string }>) => ({
  direction: payload.direction || "both",
});

const play = {
  ...plays("channel"),
  probe: "GET /channels/{id}",
  binds: { when: "probed", entities: playEntities("channel") },
} as const;

/** Kinds about channels. */
export const channelRows: Rows<"Channel"> = {
  ...channelMakeRows,
  ChannelList: list("channel", "GET /channels"),
  ChannelData: { ...detail("channel", "GET /channels/{id}"), reply: "data" },
  ChannelGet: { ...detail("channel", "GET /channels/{id}"), reply: "key", class: "get" },
  ChannelAnswer: {
    ...command("channel", "POST /channels/{id}/answer"),
    binds: bindsFirst("channel"),
  },
  ChannelBusy: {
    ...command("channel", "DELETE /channels/{id}"),
    query: () => ({ reason: "busy" }),
    binds: bindsFirst("channel"),
  },
  ChannelCongestion: {
    ...command("channel", "DELETE /channels/{id}"),
    query: () => ({ reason: "congestion" }),
    binds: bindsFirst("channel"),
  },
  ChannelHangup: {
    ...command("channel", "DELETE /channels/{id}"),
    payload: {
      member: "channel_hangup",
      shape: { reason: "string", reason_code: "string?" },
      ours: ["reason_code"],
    },
    // Asterisk refuses both together.
    query: ({ payload: { reason, reason_code } }) =>
      reason_code ? { reason_code } : { reason: reason || "normal" },
  },
  ChannelContinue: {
    ...command("channel", "POST /channels/{id}/continue"),
    payload: {
      member: "channel_continue",
      shape: {
        context: "string",
        extension: "string",
        priority: "integer",
        label: "string?",
      },
      ours: ["label"],
    },
    body: ({ payload }) => ({ ...payload }),
  },
  ChannelDial: {
    ...command("channel", "POST /channels/{id}/dial"),
    payload: { member: "channel_dial", shape: { caller: "string", timeout: "nanoseconds" } },
    body: ({ payload }) => ({
      caller: payload.caller || undefined,
      timeout: nanosToSeconds(payload.timeout),
    }),
  },
  ChannelRing: command("channel", "POST /channels/{id}/ring"),
  ChannelStopRing: command("channel", "DELETE /channels/{id}/ring"),
  ChannelHold: command("channel", "POST /channels/{id}/hold"),
  ChannelStopHold: command("channel", "DELETE /channels/{id}/hold"),
  ChannelMute: {
    ...command("channel", "POST /channels/{id}/mute"),
    payload: mutePayload,
    body: muteDirection,
  },
  ChannelUnmute: {
    ...command("channel", "DELETE /channels/{id}/mute"),
    payload: mutePayload,
    query: muteDirection,
  },
  ChannelMOH: {
    ...command("channel", "POST /channels/{id}/moh"),
    payload: { member: "channel_moh", shape: { music: "string" } },
    body: ({ payload }) => ({ mohClass: payload.music || undefined }),
  },
  ChannelStopMOH: command("channel", "DELETE /channels/{id}/moh"),
  ChannelSilence: command("channel", "POST /channels/{id}/silence"),
  ChannelStopSilence: command("channel", "DELETE /channels/{id}/silence"),
  ChannelSendDTMF: {
    ...command("channel", "POST /channels/{id}/dtmf"),
    payload: {
      member: "channel_send_dtmf",
      shape: {
        dtmf: "string",
        options: {
          optional: true,
          object: {
            Before: "nanoseconds",
            Between: "nanoseconds",
            Duration: "nanoseconds",
            After: "nanoseconds",
          },
        },
      },
    },
    body: ({ payload: { dtmf, options } }) => ({
      dtmf: dtmf || undefined,
      before: nanosToMillis(options?.Before ?? 0) || undefined,
      between: nanosToMillis(options?.Between ?? 0) || undefined,
      duration: nanosToMillis(options?.Duration ?? 0) || undefined,
      after: nanosToMillis(options?.After ?? 0) || undefined,
    }),
  },
  ChannelPlay: {
    ...play,
    class: "create",
    call: "POST /channels/{id}/play/{playback_id}",
    body: playBody,
    answer: "object",
  },
  ChannelStagePlay: { ...play, class: "get" },
  ChannelRecord: {
    ...records("channel"),
    class: "create",
    call: "POST /channels/{id}/record",
    body: recordBody,
    answer: "object",
    binds: { when: "first", entities: recordEntities("channel") },
  },
  ChannelStageRecord: {
    ...records("channel"),
    class: "get",
    call: "GET /channels/{id}",
    failed: dataFailed("channel"),
    binds: { when: "probed", entities: recordEntities("channel") },
  },
  ChannelSubscribe: {
    class: "command",
    reply: "ok",
    entity: "channel",
    binds: bindsFirst("channel"),
  },
  ChannelVariableGet: {
    class: "data",
    reply: "data",
    entity: "variable",
    about: "channel",
    payload: variablePayload,
    call: "GET /channels/{id}/variable",
    query: ({ payload }) => ({ variable: payload.name }),
    pick: (answer) => isObject(answer) && typeof answer.value === "string" ? answer.value : "",
  },
  ChannelVariableSet: {
    ...command("channel", "POST /channels/{id}/variable"),
    payload: variableSetPayload,
    body: ({ payload }) => ({
      variable: payload.name,
      value: payload.value || undefined,
      report_events: payload.report_events || undefined,
    }),
  },
  ChannelUserEvent: {
    ...command("channel", "POST /events/user/{eventname}"),
    payload: {
      member: "channel_user_event",
      shape: { UserEvent: { object: { eventname: "string", userevent: "json?" } } },
    },
    path: ({ payload }) => ({ eventname: payload.UserEvent.eventname }),
    body: ({ id, key, payload }) => ({
      application: key.app ?? "",
      source: `channel:${id}`,
      variables: payload.UserEvent.userevent ?? null,
    }),
  },
};
