/**
 * Writes the types of Asterisk's events, from Asterisk's own description of its interface. The names
 * and types are Asterisk's; what is said about them is in the tables below.
 *
 *     deno run -A scripts/generate_event_types.ts /usr/share/asterisk/rest-api
 *
 * @module
 */

const target = new URL("../src/client/events/generated.ts", import.meta.url);

interface Property {
  readonly type: string;
  readonly required?: boolean;
}

interface Model {
  readonly subTypes?: readonly string[];
  readonly properties: Readonly<Record<string, Property>>;
}

/** What each event tells. A type that is not here makes the script fail. */
const events: Readonly<Record<string, string>> = {
  ApplicationMoveFailed: "A channel could not be moved to another application.",
  ApplicationRegistered: "A Stasis application has come to Asterisk.",
  ApplicationReplaced: "Another event socket has taken the application over.",
  ApplicationUnregistered: "A Stasis application has gone from Asterisk.",
  BridgeAttendedTransfer: "An attended transfer has been tried.",
  BridgeBlindTransfer: "A blind transfer has been tried.",
  BridgeCreated: "A bridge has been created.",
  BridgeDestroyed: "A bridge has been destroyed.",
  BridgeMerged: "One bridge has been merged into another.",
  BridgeVideoSourceChanged: "Another channel is the video source of a bridge.",
  CallBroadcast: "A call is offered to several applications, of which one can claim it.",
  CallClaimed: "A call that was offered to several applications has been claimed.",
  ChannelCallerId: "The caller ID of a channel has changed.",
  ChannelConnectedLine: "The connected line of a channel has changed.",
  ChannelCreated: "A channel has been created.",
  ChannelDestroyed: "A channel has been destroyed: it is hung up.",
  ChannelDialplan: "A channel has come to another place in the dialplan.",
  ChannelDtmfReceived: "A channel has received a DTMF digit; it comes when the digit ends.",
  ChannelEnteredBridge: "A channel has entered a bridge.",
  ChannelHangupRequest: "Somebody wants a channel to be hung up.",
  ChannelHold: "A channel has asked to be put on hold.",
  ChannelLeftBridge: "A channel has left a bridge.",
  ChannelStateChange: "The state of a channel has changed.",
  ChannelTalkingFinished: "Talking on a channel has ended.",
  ChannelTalkingStarted: "Talking on a channel has begun.",
  ChannelToneDetected: "A tone has been detected on a channel.",
  ChannelTransfer: "A channel's peer wants a transfer, which the application has to carry out.",
  ChannelUnhold: "A channel has asked to be taken from hold.",
  ChannelUserevent: "An event that a program or the dialplan raised.",
  ChannelVarset: "A variable has been set; without a channel, a global one.",
  ContactStatusChange: "The status of a contact of an endpoint has changed.",
  DeviceStateChanged: "The state of a device has changed.",
  Dial: "A dialling operation has gone on.",
  EndpointStateChange: "The state of an endpoint has changed.",
  MissingParams: "A message to Asterisk lacked parameters.",
  PeerStatusChange: "The status of a peer of an endpoint has changed.",
  PlaybackContinuing: "A playback goes on with its next media.",
  PlaybackFinished: "A playback has ended.",
  PlaybackStarted: "A playback has begun.",
  RESTResponse: "The answer to a REST request that went over the event socket.",
  RecordingFailed: "A recording has failed.",
  RecordingFinished: "A recording has ended.",
  RecordingStarted: "A recording has begun.",
  StasisEnd: "A channel has left the application.",
  StasisStart: "A channel has entered the application: a new call.",
  TextMessageReceived: "A text message has come.",
};

/** What the objects within events are. */
const parts: Readonly<Record<string, string>> = {
  AdditionalParam: "A parameter of a protocol.",
  ContactInfo: "A contact of an endpoint.",
  Peer: "A peer of an endpoint.",
  ReferTo: "Where a transfer shall lead.",
  ReferredBy: "Who wants a transfer.",
  RequiredDestination: "A destination as its protocol names it.",
};

/** Types of the objects that are written elsewhere, and the file that has them. */
const elsewhere: Readonly<Record<string, readonly [string, string]>> = {
  Bridge: ["BridgeData", "../../protocol/entities.ts"],
  Channel: ["ChannelData", "../../protocol/entities.ts"],
  DeviceState: ["DeviceStateData", "../../protocol/entities.ts"],
  Endpoint: ["EndpointData", "../../protocol/entities.ts"],
  LiveRecording: ["LiveRecordingData", "../../protocol/entities.ts"],
  Playback: ["PlaybackData", "../../protocol/entities.ts"],
  TextMessage: ["TextMessage", "./text_message.ts"],
};

/** What members mean, by their name; where it differs, by `Type.name`. */
const members: Readonly<Record<string, string>> = {
  additional_protocol_params: "Further parameters of the protocol.",
  address: "Its address.",
  aor: "Address of record.",
  args: "Arguments that were given to the application.",
  bridge: "The bridge.",
  bridge_from: "The bridge that is no more.",
  called: "Who is called.",
  caller: "The channel that dials.",
  "CallBroadcast.caller": "Who calls.",
  caller_presentation: "Presentation of the caller ID, as a number.",
  caller_presentation_txt: "Presentation of the caller ID, in words.",
  cause: "Why, as a cause of Q.850.",
  "Peer.cause": "Why it has this status.",
  cause_txt: "The cause in words.",
  channel: "The channel.",
  connected_channel: "The channel that it is connected with.",
  contact_info: "The contact.",
  contact_status: "`Reachable`, `Unreachable`, `NonQualified` …",
  content_type: "Type of the content.",
  context: "Dialplan context it leads to.",
  destination: "Where it leads.",
  destination_application: "Application it leads to.",
  destination_bridge: "Bridge it leads to.",
  destination_channel: "Channel it leads to.",
  destination_link_first_leg: "First half of the link between two bridges.",
  destination_link_second_leg: "Second half of the link between two bridges.",
  destination_threeway_bridge: "Bridge of the three-way call that came of it.",
  destination_threeway_channel: "Channel that stays in the three-way call.",
  destination_type: "What it leads to: `bridge`, `application`, `link`, `threeway`, `fail`.",
  device_state: "The device and its state.",
  dialplan_app: "Application of the dialplan.",
  dialplan_app_data: "Arguments of the application of the dialplan.",
  dialstatus: "How it goes: empty at the start, `ANSWER`, `BUSY`, `NOANSWER` …",
  dialstring: "What is dialled.",
  digit: "The digit: `0` to `9`, `A` to `D`, `*`, `#`.",
  duration: "How long, in milliseconds.",
  duration_ms: "How long, in milliseconds.",
  endpoint: "The endpoint.",
  eventname: "Name of the event.",
  exten: "Dialplan extension it leads to.",
  forward: "Where it is forwarded to.",
  forwarded: "The channel of the forwarded call.",
  is_external: "Whether somebody outside Asterisk asked for it.",
  message: "The message.",
  message_body: "The content.",
  musicclass: "Class of the music on hold.",
  old_video_source_id: "ID of the channel that was the source before.",
  parameter_name: "Name.",
  parameter_value: "Value.",
  params: "Names of the parameters.",
  peer: "The peer.",
  "Dial.peer": "The channel that is dialled.",
  peer_status: "`Reachable`, `Registered`, `Unreachable` …",
  playback: "The playback.",
  port: "Its port.",
  protocol_id: "Identifier of the call in its protocol.",
  reason_phrase: "Reason phrase.",
  recording: "The recording.",
  refer_to: "Where it shall lead.",
  referred_by: "Who wants it.",
  replace_channel: "The channel that it takes the place of.",
  request_id: "ID of the request.",
  requested_destination: "The destination that was asked for.",
  result: "What became of it: `Success`, `Fail`, `Invalid`, `Not Permitted`.",
  roundtrip_usec: "Time there and back, in microseconds.",
  soft: "Whether the hangup is a soft one.",
  source_channel: "The channel that asked for it.",
  state: "How far it is.",
  status_code: "HTTP status.",
  tech_cause: "Why, as its protocol says it.",
  time: "When it was last seen.",
  transaction_id: "ID of the transaction.",
  transfer_target: "Whom it leads to.",
  transferee: "Who is transferred.",
  transferer_first_leg: "First call of who transfers.",
  transferer_first_leg_bridge: "Bridge of the first call.",
  transferer_second_leg: "Second call of who transfers.",
  transferer_second_leg_bridge: "Bridge of the second call.",
  uri: "URI.",
  userevent: "What came with it; its values are mostly texts.",
  value: "Its value.",
  variable: "Name of the variable.",
  winner_app: "Application that claimed it.",
};

const simple: Readonly<Record<string, string>> = {
  boolean: "boolean",
  Date: "string",
  double: "number",
  int: "number",
  long: "number",
  object: "JsonObject",
  string: "string",
};

/** The types that were come across and are not written yet. */
const wanted: string[] = [];
const imports = new Map<string, Set<string>>();

function use(name: string, file: string): string {
  imports.set(file, (imports.get(file) ?? new Set()).add(name));
  return name;
}

function typeOf(name: string): string {
  const list = /^List\[(\w+)\]$/.exec(name);
  if (list) return `readonly ${typeOf(list[1])}[]`;
  if (name === "object") return use("JsonObject", "../../protocol/json.ts");
  if (Object.hasOwn(simple, name)) return simple[name];
  if (Object.hasOwn(elsewhere, name)) return use(...elsewhere[name]);
  if (!Object.hasOwn(parts, name)) {
    throw new Error(`Cannot describe ${name}: it is not in the table`);
  }
  if (!wanted.includes(name)) wanted.push(name);
  return name;
}

function describe(name: string, { properties }: Model): string[] {
  return Object.entries(properties).filter(([member]) => !(member in baseMembers)).sort(
    ([a], [b]) => a < b ? -1 : 1,
  ).flatMap(([member, { type, required }]) => {
    const doc = members[`${name}.${member}`] ?? members[member];
    if (!doc) throw new Error(`Cannot describe ${name}.${member}: it is not in the table`);
    return [`  /** ${doc} */`, `  readonly ${member}${required ? "" : "?"}: ${typeOf(type)};`];
  });
}

/** The members of every event, which are written by hand. */
const baseMembers = { type: 0, application: 0, timestamp: 0, asterisk_id: 0 };

const [folder] = Deno.args;
if (!folder) throw new Error("Usage: generate_event_types.ts FOLDER_WITH_EVENTS_JSON");
const description = JSON.parse(await Deno.readTextFile(`${folder}/events.json`));
const models: Readonly<Record<string, Model>> = description.models;

const leaves = (name: string): string[] =>
  models[name].subTypes?.flatMap((subType) => leaves(subType)) ?? [name];
const types = [...new Set(leaves("Message"))].sort();

use("EventBase", "./event_base.ts");
const interfaces = types.map((type) => {
  const doc = events[type];
  if (!doc) throw new Error(`Cannot describe ${type}: it is not in the table`);
  return [
    `/** ${doc} */`,
    `export interface ${type}Event extends EventBase {`,
    `  /** The type. */`,
    `  readonly type: ${JSON.stringify(type)};`,
    ...describe(type, models[type]),
    "}\n",
  ].join("\n");
});
for (let i = 0; i < wanted.length; i++) {
  const name = wanted[i];
  interfaces.push(
    [`/** ${parts[name]} */`, `export interface ${name} {`, ...describe(name, models[name]), "}\n"]
      .join("\n"),
  );
}
const lines = [...imports].sort(([a], [b]) => a < b ? -1 : 1).map(([file, names]) =>
  `import type { ${[...names].sort().join(", ")} } from ${JSON.stringify(file)};`
);
const text = [
  "/**",
  " * The events of Asterisk 22. Made by `scripts/generate_event_types.ts` from Asterisk's `rest-api`",
  " * folder; change the script, not this file.",
  " *",
  " * @module",
  " */",
  ...lines,
  "",
  ...interfaces,
  "/** Every event that Asterisk is known to send. */",
  `export type KnownEvent = ${types.map((type) => `\n  | ${type}Event`).join("")};`,
  "",
  "/** The types of all known events. */",
  `export const knownEventTypes: readonly KnownEvent["type"][] = ${JSON.stringify(types)};`,
  "",
].join("\n");
await Deno.writeTextFile(target, text);
const format = new Deno.Command(Deno.execPath(), { args: ["fmt", target.pathname] });
if (!(await format.output()).success) throw new Error("Cannot format what was written");
