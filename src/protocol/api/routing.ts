/**
 * Where each operation of Asterisk's REST interface is carried out: what Asterisk's own description
 * does not say. The table is written by hand; `scripts/generate_api.ts` compares it with the
 * description and refuses an operation that it lacks.
 *
 * This table decides which REST requests (kind `Rest`) go to exactly one node and which to every one; for
 * the other kinds the column `class` in `src/protocol/kinds/` does, which is that of their operation but
 * for a few that the original has in another (`tests/protocol/kinds_test.ts`). The `class` is a part of
 * the request's subject (`src/protocol/subjects.ts`). Every proxy subscribes to the subjects of all
 * classes, but to those of `create` as a member of a queue group, of which the bus gives each request to
 * exactly one (`src/server/requests/subscriptions.ts`). The `scope` says which nodes the operation
 * concerns: one of scope `any` has the class `create`, unless its event source is a channel or bridge,
 * which one node has (`classOf` in `lookup.ts`). An operation that is not in the table is `create` when it
 * is a `POST` whose path names no entity. Whatever the class, a request whose key has an application and
 * a node goes to that proxy only.
 *
 * @module
 */
import type { EntityKind } from "../entity.ts";
import type { RequestClass } from "../subjects.ts";
import type { RestOperation } from "./operation_types.ts";

/**
 * A parameter that has the ID of an entity, with the kind of the entity: `source` for an event source
 * such as `channel:1700.1`, whose scheme is the kind. An ID of several parts has several parameters.
 */
type EntityPlace = readonly [kind: EntityKind | "source", ...parameters: string[]];

/** Where an operation is carried out. */
export interface OperationRouting {
  /** Subject class of the request: which proxies receive it when it does not name a node. */
  readonly class: RequestClass;
  /**
   * Which nodes it concerns: the one that has the `entity`, `any` one (but exactly one), `every` one of
   * which each has its own, or one that the request should have `named`.
   */
  readonly scope: "entity" | "any" | "every" | "named";
  /** The entities that have to exist. */
  readonly entity?: readonly EntityPlace[];
  /** Whether the results of all nodes are merged. */
  readonly merge?: "list";
  /** The entities to create whose ID the caller may choose, and which then must not exist. */
  readonly conflict?: readonly EntityPlace[];
  /** Parameters that the description requires and Asterisk 22.10 does without. */
  readonly dispensable?: readonly string[];
}

type Entities = readonly EntityPlace[];

/** Reads the entity. */
const reads = (...entity: Entities): OperationRouting => ({
  class: "data",
  scope: "entity",
  entity,
});

/** Reads what each node has its own of. */
const readsEvery = (...entity: Entities): OperationRouting => ({
  class: "data",
  scope: "every",
  entity,
});

/** Lists what the nodes have. */
const lists: OperationRouting = { class: "data", scope: "every", merge: "list" };

/** Does something to the entity. */
const changes = (...entity: Entities): OperationRouting => ({
  class: "command",
  scope: "entity",
  entity,
});

/** Does something to a node itself; without one in the request, to each. */
const changesNode = (...entity: Entities): OperationRouting => ({
  class: "command",
  scope: "named",
  entity,
});

const application: EntityPlace = ["application", "applicationName"];
const bridge: EntityPlace = ["bridge", "bridgeId"];
const channel: EntityPlace = ["channel", "channelId"];
const config: EntityPlace = ["config", "configClass", "objectType", "id"];
const deviceState: EntityPlace = ["devicestate", "deviceName"];
const endpoint: EntityPlace = ["endpoint", "tech", "resource"];
const live: EntityPlace = ["liverecording", "recordingName"];
const logging: EntityPlace = ["logging", "logChannelName"];
const mailbox: EntityPlace = ["mailbox", "mailboxName"];
const module: EntityPlace = ["module", "moduleName"];
const playback: EntityPlace = ["playback", "playbackId"];
const snoop: EntityPlace = ["channel", "snoopId"];
const stored: EntityPlace = ["storedrecording", "recordingName"];

const createsBridge: OperationRouting = { class: "create", scope: "any", conflict: [bridge] };
const originates: OperationRouting = {
  class: "create",
  scope: "any",
  entity: [["channel", "originator"]],
  conflict: [channel, ["channel", "otherChannelId"]],
};
const subscribes: OperationRouting = {
  class: "command",
  scope: "every",
  entity: [application, ["source", "eventSource"]],
};
const message: OperationRouting = { class: "create", scope: "any", dispensable: ["from"] };
const referral: OperationRouting = { ...message, dispensable: ["from", "refer_to"] };

/** The operations by method and path. */
export const routing: Readonly<Record<RestOperation, OperationRouting>> = {
  "GET /applications": lists,
  "GET /applications/{applicationName}": readsEvery(application),
  "POST /applications/{applicationName}/subscription": subscribes,
  "DELETE /applications/{applicationName}/subscription": subscribes,
  "PUT /applications/{applicationName}/eventFilter": {
    class: "command",
    scope: "every",
    entity: [application],
  },

  "GET /asterisk/config/dynamic/{configClass}/{objectType}/{id}": readsEvery(config),
  "PUT /asterisk/config/dynamic/{configClass}/{objectType}/{id}": changesNode(config),
  "DELETE /asterisk/config/dynamic/{configClass}/{objectType}/{id}": changesNode(config),
  "GET /asterisk/info": readsEvery(),
  "GET /asterisk/ping": readsEvery(),
  "GET /asterisk/modules": lists,
  "GET /asterisk/modules/{moduleName}": readsEvery(module),
  "POST /asterisk/modules/{moduleName}": changesNode(module),
  "DELETE /asterisk/modules/{moduleName}": changesNode(module),
  "PUT /asterisk/modules/{moduleName}": changesNode(module),
  "GET /asterisk/logging": lists,
  "POST /asterisk/logging/{logChannelName}": { ...changesNode(), conflict: [logging] },
  "DELETE /asterisk/logging/{logChannelName}": changesNode(logging),
  "PUT /asterisk/logging/{logChannelName}/rotate": changesNode(logging),
  "GET /asterisk/variable": readsEvery(["variable", "variable"]),
  "POST /asterisk/variable": changesNode(["variable", "variable"]),

  "GET /bridges": lists,
  "POST /bridges": createsBridge,
  "POST /bridges/{bridgeId}": createsBridge,
  "GET /bridges/{bridgeId}": reads(bridge),
  "DELETE /bridges/{bridgeId}": changes(bridge),
  "GET /bridges/{bridgeId}/variable": reads(bridge),
  "POST /bridges/{bridgeId}/variable": changes(bridge),
  "GET /bridges/{bridgeId}/variables": reads(bridge),
  "POST /bridges/{bridgeId}/variables": changes(bridge),
  "POST /bridges/{bridgeId}/addChannel": changes(bridge, ["channel", "channel"]),
  "POST /bridges/{bridgeId}/removeChannel": changes(bridge, ["channel", "channel"]),
  "POST /bridges/{bridgeId}/videoSource/{channelId}": changes(bridge, channel),
  "DELETE /bridges/{bridgeId}/videoSource": changes(bridge),
  "POST /bridges/{bridgeId}/moh": changes(bridge),
  "DELETE /bridges/{bridgeId}/moh": changes(bridge),
  "POST /bridges/{bridgeId}/play": { ...changes(bridge), conflict: [playback] },
  "POST /bridges/{bridgeId}/play/{playbackId}": { ...changes(bridge), conflict: [playback] },
  "POST /bridges/{bridgeId}/record": {
    ...changes(bridge),
    conflict: [["liverecording", "name"]],
  },

  "GET /channels": lists,
  "POST /channels": originates,
  "POST /channels/create": { ...originates, dispensable: ["app"] },
  "POST /channels/externalMedia": { class: "create", scope: "any", conflict: [channel] },
  "GET /channels/{channelId}": reads(channel),
  "POST /channels/{channelId}": originates,
  "DELETE /channels/{channelId}": changes(channel),
  "POST /channels/{channelId}/continue": changes(channel),
  "POST /channels/{channelId}/move": changes(channel),
  "POST /channels/{channelId}/redirect": changes(channel),
  "POST /channels/{channelId}/answer": changes(channel),
  "POST /channels/{channelId}/ring": changes(channel),
  "DELETE /channels/{channelId}/ring": changes(channel),
  "POST /channels/{channelId}/progress": changes(channel),
  "POST /channels/{channelId}/dtmf": changes(channel),
  "POST /channels/{channelId}/mute": changes(channel),
  "DELETE /channels/{channelId}/mute": changes(channel),
  "POST /channels/{channelId}/hold": changes(channel),
  "DELETE /channels/{channelId}/hold": changes(channel),
  "POST /channels/{channelId}/moh": changes(channel),
  "DELETE /channels/{channelId}/moh": changes(channel),
  "POST /channels/{channelId}/silence": changes(channel),
  "DELETE /channels/{channelId}/silence": changes(channel),
  "POST /channels/{channelId}/play": { ...changes(channel), conflict: [playback] },
  "POST /channels/{channelId}/play/{playbackId}": { ...changes(channel), conflict: [playback] },
  "POST /channels/{channelId}/record": {
    ...changes(channel),
    conflict: [["liverecording", "name"]],
  },
  "GET /channels/{channelId}/variable": reads(channel),
  "POST /channels/{channelId}/variable": changes(channel),
  "GET /channels/{channelId}/variables": reads(channel),
  "POST /channels/{channelId}/variables": changes(channel),
  "POST /channels/{channelId}/snoop": { ...changes(channel), conflict: [snoop] },
  "POST /channels/{channelId}/snoop/{snoopId}": { ...changes(channel), conflict: [snoop] },
  "POST /channels/{channelId}/dial": changes(channel, ["channel", "caller"]),
  "GET /channels/{channelId}/rtp_statistics": reads(channel),
  "POST /channels/{channelId}/transfer_progress": changes(channel),

  "GET /deviceStates": lists,
  "GET /deviceStates/{deviceName}": readsEvery(deviceState),
  "PUT /deviceStates/{deviceName}": changesNode(deviceState),
  "DELETE /deviceStates/{deviceName}": changesNode(deviceState),

  "GET /endpoints": lists,
  "PUT /endpoints/sendMessage": message,
  "POST /endpoints/refer": referral,
  "GET /endpoints/{tech}": lists,
  "GET /endpoints/{tech}/{resource}": readsEvery(endpoint),
  "PUT /endpoints/{tech}/{resource}/sendMessage": { ...message, entity: [endpoint] },
  "POST /endpoints/{tech}/{resource}/refer": { ...referral, entity: [endpoint] },

  // The proxy itself has the ARI WebSocket.
  "GET /events": { class: "data", scope: "named" },
  "POST /events/user/{eventName}": {
    class: "create",
    scope: "any",
    entity: [["source", "source"]],
  },
  "POST /events/claim": changes(channel),

  "GET /mailboxes": lists,
  "GET /mailboxes/{mailboxName}": readsEvery(mailbox),
  "PUT /mailboxes/{mailboxName}": {
    ...changesNode(mailbox),
    dispensable: ["oldMessages", "newMessages"],
  },
  "DELETE /mailboxes/{mailboxName}": changesNode(mailbox),

  "GET /playbacks/{playbackId}": reads(playback),
  "DELETE /playbacks/{playbackId}": changes(playback),
  "POST /playbacks/{playbackId}/control": changes(playback),

  "GET /recordings/stored": lists,
  "GET /recordings/stored/{recordingName}": reads(stored),
  "DELETE /recordings/stored/{recordingName}": changes(stored),
  "GET /recordings/stored/{recordingName}/file": reads(stored),
  "POST /recordings/stored/{recordingName}/copy": {
    ...changes(stored),
    conflict: [["storedrecording", "destinationRecordingName"]],
  },
  "GET /recordings/live/{recordingName}": reads(live),
  "DELETE /recordings/live/{recordingName}": changes(live),
  "POST /recordings/live/{recordingName}/stop": changes(live),
  "POST /recordings/live/{recordingName}/pause": changes(live),
  "DELETE /recordings/live/{recordingName}/pause": changes(live),
  "POST /recordings/live/{recordingName}/mute": changes(live),
  "DELETE /recordings/live/{recordingName}/mute": changes(live),

  "GET /sounds": lists,
  "GET /sounds/{soundId}": readsEvery(["sound", "soundId"]),
};
