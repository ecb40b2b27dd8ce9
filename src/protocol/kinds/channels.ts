import type { ChannelData } from "../api/models.ts";
import {
  bindsFirst,
  filled,
  type Input,
  millis,
  or,
  type ReplyData,
  type ReplyKey,
  type ReplyKeys,
  type ReplyOk,
  type Rows,
  seconds,
  text,
  theId,
} from "./columns.ts";
import {
  playBody,
  playEntities,
  type PlayPayload,
  plays,
  recordBody,
  recordEntities,
  type RecordPayload,
  records,
} from "./media_rows.ts";
import { command, dataFailed, detail, list, variableValue } from "./shared_rows.ts";

/** Which direction of a channel to mute. */
export interface MutePayload {
  /** `in`, `out` or `both` (which holds when empty). */
  readonly direction?: string;
}

/** A channel variable. */
export interface VariablePayload {
  /** Name, or a function such as `CALLERID(num)`. */
  readonly name: string;
  /** Value. */
  readonly value?: string;
}

/** A channel variable to set. */
export interface VariableSetPayload extends VariablePayload {
  /** Whether later events report it. Proxies of the original ignore it. */
  readonly report_events?: boolean;
}

/** How to hang up. */
export interface HangupPayload {
  /** `normal` (which holds when empty), `busy`, `congestion` … */
  readonly reason: string;
  /** A number of Q.850 instead, as in `21`, or its name. Proxies of the original ignore it. */
  readonly reason_code?: string;
}

/** Where in the dialplan a channel continues. */
export interface ContinuePayload {
  /** Context. */
  readonly context: string;
  /** Extension. */
  readonly extension: string;
  /** Priority. */
  readonly priority: number;
  /** Label, instead of a priority. Proxies of the original ignore it. */
  readonly label?: string;
}

/** The kinds about channels, but for those that create channels. */
export interface ChannelKinds {
  /** Lists the channels. */
  ChannelList: ReplyKeys;
  /** Reads a channel. */
  ChannelData: ReplyData<ChannelData>;
  /** Checks that a channel exists. */
  ChannelGet: ReplyKey;
  /** Answers a channel. */
  ChannelAnswer: ReplyOk;
  /** Hangs a channel up as busy. */
  ChannelBusy: ReplyOk;
  /** Hangs a channel up as congested. */
  ChannelCongestion: ReplyOk;
  /** Hangs a channel up. */
  ChannelHangup: ReplyOk<HangupPayload>;
  /** Sends a channel on in the dialplan. */
  ChannelContinue: ReplyOk<ContinuePayload>;
  /** Dials a channel that was created. */
  ChannelDial: ReplyOk<{
    readonly caller: string;
    /** How long to ring, in nanoseconds. */
    readonly timeout: number;
  }>;
  /** Starts ringing. */
  ChannelRing: ReplyOk;
  /** Stops ringing. */
  ChannelStopRing: ReplyOk;
  /** Puts a channel on hold. */
  ChannelHold: ReplyOk;
  /** Takes a channel from hold. */
  ChannelStopHold: ReplyOk;
  /** Mutes a channel. */
  ChannelMute: ReplyOk<MutePayload>;
  /** Unmutes a channel. */
  ChannelUnmute: ReplyOk<MutePayload>;
  /** Plays music on hold to a channel. */
  ChannelMOH: ReplyOk<{ readonly music: string }>;
  /** Stops the music on hold of a channel. */
  ChannelStopMOH: ReplyOk;
  /** Plays silence to a channel. */
  ChannelSilence: ReplyOk;
  /** Stops the silence of a channel. */
  ChannelStopSilence: ReplyOk;
  /** Sends DTMF to a channel. */
  ChannelSendDTMF: ReplyOk<{
    readonly dtmf: string;
    /** Durations in nanoseconds; Asterisk's own defaults hold for those that are 0. */
    readonly options?: {
      readonly Before: number;
      readonly Between: number;
      readonly Duration: number;
      readonly After: number;
    };
  }>;
  /** Plays media to a channel. */
  ChannelPlay: ReplyKey<PlayPayload>;
  /** Fixes the node for a playback to a channel. */
  ChannelStagePlay: ReplyKey<PlayPayload>;
  /** Records a channel. */
  ChannelRecord: ReplyKey<RecordPayload>;
  /** Fixes the node for a recording of a channel. */
  ChannelStageRecord: ReplyKey<RecordPayload>;
  /** Binds a channel to the dialog of the key. */
  ChannelSubscribe: ReplyOk;
  /** Reads a channel variable. */
  ChannelVariableGet: ReplyData<string, VariablePayload>;
  /** Sets a channel variable. */
  ChannelVariableSet: ReplyOk<VariableSetPayload>;
  /** Raises a user event on a channel. */
  ChannelUserEvent: ReplyOk<{
    /** The event, of which only these members count. */
    readonly UserEvent: {
      /** Name of the event. */
      readonly eventname: string;
      /** Its variables: any JSON object. */
      readonly userevent?: unknown;
    };
  }>;
}

const mutePayload = { member: "channel_mute", shape: { direction: "string?" } } as const;

const muteDirection = { direction: or("direction", "both") } as const;

const variablePayload = {
  member: "channel_variable",
  shape: { name: "string", value: "string?" },
} as const;

const play = {
  ...plays("channel"),
  probe: "GET /channels/{channelId}",
  binds: { when: "probed", entities: playEntities("channel") },
} as const;

export const channelRows: Rows<ChannelKinds> = {
  ChannelList: list("channel", "GET /channels"),
  ChannelData: { ...detail("channel", "GET /channels/{channelId}"), reply: "data" },
  ChannelGet: { ...detail("channel", "GET /channels/{channelId}"), reply: "key", class: "get" },
  ChannelAnswer: {
    ...command("channel", "POST /channels/{channelId}/answer"),
    binds: bindsFirst("channel"),
  },
  ChannelBusy: {
    ...command("channel", "DELETE /channels/{channelId}"),
    query: { reason: text("busy") },
    binds: bindsFirst("channel"),
  },
  ChannelCongestion: {
    ...command("channel", "DELETE /channels/{channelId}"),
    query: { reason: text("congestion") },
    binds: bindsFirst("channel"),
  },
  ChannelHangup: {
    ...command("channel", "DELETE /channels/{channelId}"),
    payload: {
      member: "channel_hangup",
      shape: { reason: "string", reason_code: "string?" },
      ours: ["reason_code"],
    },
    // Asterisk refuses both together.
    query: {
      reason: { ...or("reason", "normal"), unless: "reason_code" },
      reason_code: filled("reason_code"),
    },
  },
  ChannelContinue: {
    ...command("channel", "POST /channels/{channelId}/continue"),
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
    body: { context: "context", extension: "extension", priority: "priority", label: "label" },
  },
  ChannelDial: {
    ...command("channel", "POST /channels/{channelId}/dial"),
    payload: { member: "channel_dial", shape: { caller: "string", timeout: "nanoseconds" } },
    body: { caller: filled("caller"), timeout: seconds("timeout") },
  },
  ChannelRing: command("channel", "POST /channels/{channelId}/ring"),
  ChannelStopRing: command("channel", "DELETE /channels/{channelId}/ring"),
  ChannelHold: command("channel", "POST /channels/{channelId}/hold"),
  ChannelStopHold: command("channel", "DELETE /channels/{channelId}/hold"),
  ChannelMute: {
    ...command("channel", "POST /channels/{channelId}/mute"),
    payload: mutePayload,
    body: muteDirection,
  },
  ChannelUnmute: {
    ...command("channel", "DELETE /channels/{channelId}/mute"),
    payload: mutePayload,
    query: muteDirection,
  },
  ChannelMOH: {
    ...command("channel", "POST /channels/{channelId}/moh"),
    payload: { member: "channel_moh", shape: { music: "string" } },
    body: { mohClass: filled("music") },
  },
  ChannelStopMOH: command("channel", "DELETE /channels/{channelId}/moh"),
  ChannelSilence: command("channel", "POST /channels/{channelId}/silence"),
  ChannelStopSilence: command("channel", "DELETE /channels/{channelId}/silence"),
  ChannelSendDTMF: {
    ...command("channel", "POST /channels/{channelId}/dtmf"),
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
    body: {
      dtmf: filled("dtmf"),
      before: millis("options.Before"),
      between: millis("options.Between"),
      duration: millis("options.Duration"),
      after: millis("options.After"),
    },
  },
  ChannelPlay: {
    ...play,
    class: "create",
    call: "POST /channels/{channelId}/play/{playbackId}",
    path: { channelId: theId, playbackId: "playback_id" },
    body: playBody,
    response: "object",
  },
  ChannelStagePlay: { ...play, class: "get" },
  ChannelRecord: {
    ...records("channel"),
    class: "create",
    call: "POST /channels/{channelId}/record",
    body: recordBody,
    response: "object",
    binds: { when: "first", entities: recordEntities("channel") },
  },
  ChannelStageRecord: {
    ...records("channel"),
    class: "get",
    call: "GET /channels/{channelId}",
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
    call: "GET /channels/{channelId}/variable",
    query: { variable: "name" },
    pick: variableValue,
  },
  ChannelVariableSet: {
    ...command("channel", "POST /channels/{channelId}/variable"),
    payload: {
      ...variablePayload,
      shape: { ...variablePayload.shape, report_events: "boolean?" },
      ours: ["report_events"],
    },
    body: { variable: "name", value: filled("value"), report_events: filled("report_events") },
  },
  ChannelUserEvent: {
    ...command("channel", "POST /events/user/{eventName}"),
    payload: {
      member: "channel_user_event",
      shape: { UserEvent: { object: { eventname: "string", userevent: "json?" } } },
    },
    path: { eventName: "UserEvent.eventname" },
    body: (
      { id, key, payload }: Input<{ readonly UserEvent: { readonly userevent?: unknown } }>,
    ) => ({
      application: key.app ?? "",
      source: `channel:${id}`,
      variables: payload.UserEvent.userevent ?? null,
    }),
  },
};
