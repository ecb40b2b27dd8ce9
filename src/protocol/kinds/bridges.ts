import type { BridgeData } from "../api/models.ts";
import type { RestVariablesToSet } from "../api/parameter_types.ts";
import {
  bindsFirst,
  filled,
  type Input,
  list as several,
  ref,
  type ReplyData,
  type ReplyKey,
  type ReplyKeys,
  type ReplyOk,
  type Rows,
  theId,
} from "./columns.ts";
import {
  playBody,
  playEntities,
  playOurs,
  type PlayPayload,
  plays,
  playShape,
  recordBody,
  recordEntities,
  type RecordPayload,
  records,
  recordShape,
} from "./media_rows.ts";
import { command, dataFailed, detail, list } from "./shared_rows.ts";

/** A bridge to create. */
export interface BridgeCreatePayload {
  /** Types, comma-separated: `mixing`, `holding`, `dtmf_events` … */
  readonly type: string;
  /** Name, for people. */
  readonly name?: string;
  /** Its variables. Proxies of the original ignore them. */
  readonly variables?: RestVariablesToSet;
}

/** A channel for a bridge. */
export interface BridgeChannelPayload {
  /** ID of the channel. */
  readonly channel: string;
  /** IDs of further ones. Proxies of the original ignore them. */
  readonly further_channels?: readonly string[];
}

/** A channel to add to a bridge. */
export interface BridgeAddChannelPayload extends BridgeChannelPayload {
  /** Whether its DTMF stays with the application. */
  readonly absorbDTMF?: boolean;
  /** Whether the others do not hear it. */
  readonly mute?: boolean;
  /** Its role in a holding bridge: `participant` or `announcer`. */
  readonly role?: string;
  /** Whether its identity is not sent to the others. Proxies of the original ignore it. */
  readonly inhibitConnectedLineUpdates?: boolean;
}

/** What of a bridge to record. */
export interface BridgeRecordPayload {
  /** Name of the recording; chosen by the proxy when empty. */
  readonly name: string;
  /** How to record; capitals as on the bus. */
  readonly options?: NonNullable<RecordPayload["options"]> & {
    /**
     * Format of the channel that records, as in `slin16`, when the recording's own is not good enough.
     * Proxies of the original ignore it.
     */
    readonly RecorderFormat?: string;
  };
}

/** What to play to a bridge. */
export interface BridgePlayPayload extends PlayPayload {
  /**
   * Format of the channel that plays, as in `slin16`, when the bridge's own is not good enough. Proxies
   * of the original ignore it.
   */
  readonly announcer_format?: string;
}

/** The kinds about bridges. */
export interface BridgeKinds {
  /** Creates a bridge. */
  BridgeCreate: ReplyKey<BridgeCreatePayload>;
  /** Fixes the node for a bridge to be created. */
  BridgeStageCreate: ReplyKey<BridgeCreatePayload>;
  /** Lists the bridges. */
  BridgeList: ReplyKeys;
  /** Reads a bridge. */
  BridgeData: ReplyData<BridgeData>;
  /** Checks that a bridge exists. */
  BridgeGet: ReplyKey;
  /** Destroys a bridge. */
  BridgeDelete: ReplyOk;
  /** Adds a channel to a bridge. */
  BridgeAddChannel: ReplyOk<BridgeAddChannelPayload>;
  /** Removes a channel from a bridge. */
  BridgeRemoveChannel: ReplyOk<BridgeChannelPayload>;
  /** Plays music on hold to a bridge. */
  BridgeMOH: ReplyOk<{ readonly class: string }>;
  /** Stops the music on hold of a bridge. */
  BridgeStopMOH: ReplyOk;
  /** Plays media to a bridge. */
  BridgePlay: ReplyKey<BridgePlayPayload>;
  /** Fixes the node for a playback to a bridge. */
  BridgeStagePlay: ReplyKey<BridgePlayPayload>;
  /** Records a bridge. */
  BridgeRecord: ReplyKey<BridgeRecordPayload>;
  /** Fixes the node for a recording of a bridge. */
  BridgeStageRecord: ReplyKey<BridgeRecordPayload>;
  /** Binds a bridge to the dialog of the key. */
  BridgeSubscribe: ReplyOk;
  /** Does nothing; kept for the sake of older clients. */
  BridgeUnsubscribe: ReplyOk;
  /** Makes a channel the video source of a bridge. */
  BridgeVideoSource: ReplyOk<{ readonly channel: string }>;
  /** Lets a bridge pick its video source again. */
  BridgeVideoSourceDelete: ReplyOk;
}

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
  probe: "GET /bridges/{bridgeId}",
  binds: { when: "probed", entities: recordEntities("bridge") },
} as const;

const withChannels = ({ id, payload }: Input<BridgeChannelPayload>) => {
  const { channel, further_channels: further = [] } = payload;
  return [ref("bridge", id), ...[channel, ...further].map((other) => ref("channel", other))];
};

export const bridgeRows: Rows<BridgeKinds> = {
  BridgeCreate: {
    class: "create",
    reply: "key",
    entity: "bridge",
    payload: createPayload,
    complete: ({ id }, mint) => ({ id: id || mint("br") }),
    call: "POST /bridges/{bridgeId}",
    body: {
      bridgeId: theId,
      type: filled("type"),
      name: filled("name"),
      variables: "variables",
    },
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
  BridgeData: { ...detail("bridge", "GET /bridges/{bridgeId}"), reply: "data" },
  BridgeGet: {
    ...detail("bridge", "GET /bridges/{bridgeId}"),
    reply: "key",
    class: "get",
    binds: { when: "probed", entities: ({ id }) => [ref("bridge", id)] },
  },
  BridgeDelete: {
    ...command("bridge", "DELETE /bridges/{bridgeId}"),
    binds: bindsFirst("bridge"),
  },
  BridgeAddChannel: {
    ...command("bridge", "POST /bridges/{bridgeId}/addChannel"),
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
    body: {
      channel: several("channel", "further_channels"),
      absorbDTMF: filled("absorbDTMF"),
      mute: filled("mute"),
      role: filled("role"),
      inhibitConnectedLineUpdates: filled("inhibitConnectedLineUpdates"),
    },
    binds: { when: "first", entities: withChannels },
  },
  BridgeRemoveChannel: {
    ...command("bridge", "POST /bridges/{bridgeId}/removeChannel"),
    payload: {
      member: "bridge_remove_channel",
      shape: channelsShape,
      ours: ["further_channels"],
    },
    body: { channel: several("channel", "further_channels") },
    binds: { when: "first", entities: withChannels },
  },
  BridgeMOH: {
    ...command("bridge", "POST /bridges/{bridgeId}/moh"),
    payload: { member: "bridge_moh", shape: { class: "string" } },
    body: { mohClass: "class" },
    binds: bindsFirst("bridge"),
  },
  BridgeStopMOH: {
    ...command("bridge", "DELETE /bridges/{bridgeId}/moh"),
    binds: bindsFirst("bridge"),
  },
  BridgePlay: {
    ...play,
    class: "create",
    call: "POST /bridges/{bridgeId}/play/{playbackId}",
    path: { bridgeId: theId, playbackId: "playback_id" },
    body: { ...playBody, announcer_format: filled("announcer_format") },
    response: "object",
    binds: { when: "first", entities: playEntities("bridge") },
  },
  BridgeStagePlay: {
    ...play,
    class: "get",
    call: "GET /bridges/{bridgeId}",
    failed: dataFailed("bridge"),
    binds: { when: "probed", entities: playEntities("bridge") },
  },
  BridgeRecord: {
    ...record,
    class: "create",
    call: "POST /bridges/{bridgeId}/record",
    body: { ...recordBody, recorder_format: filled("options.RecorderFormat") },
    response: "object",
  },
  BridgeStageRecord: { ...record, class: "get" },
  BridgeSubscribe: { class: "command", reply: "ok", entity: "bridge", binds: bindsFirst("bridge") },
  BridgeUnsubscribe: { class: "command", reply: "ok", entity: "bridge" },
  BridgeVideoSource: {
    ...command("bridge", "POST /bridges/{bridgeId}/videoSource/{channelId}"),
    payload: { member: "bridge_video_source", shape: { channel: "string" } },
    path: { bridgeId: theId, channelId: "channel" },
    binds: { when: "first", entities: withChannels },
  },
  BridgeVideoSourceDelete: {
    ...command("bridge", "DELETE /bridges/{bridgeId}/videoSource"),
    binds: bindsFirst("bridge"),
  },
};
