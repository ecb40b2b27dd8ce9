/**
 * What the objects in Asterisk's responses are, and what their members mean: by name, or by
 * `Model.name` where a name means something else there.
 *
 * @module
 */
export const modelWords: Readonly<Record<string, string>> = {
  Application: "A Stasis application and what it is subscribed to.",
  AsteriskInfo: "An Asterisk; without the parts that were not requested.",
  AsteriskPing: "A sign of life.",
  Bridge: "A bridge.",
  BuildInfo: "How Asterisk was built.",
  CallerID: "Name and number of a party.",
  Channel: "A channel.",
  ConfigInfo: "How Asterisk is configured.",
  ConfigTuple: "An attribute of a configuration object.",
  DeviceState: "State of a device.",
  DialplanCEP: "Place in the dialplan.",
  Endpoint: "An endpoint.",
  FormatLangPair: "A format and language of a sound.",
  LiveRecording: "A recording in progress. Durations are whole seconds.",
  LogChannel: "A channel of Asterisk's log.",
  Mailbox: "A mailbox.",
  Module: "A module of Asterisk.",
  Playback: "A playback.",
  RTPstat: "RTP statistics: `tx` is sent, `rx` received; times are seconds.",
  SetId: "The user that Asterisk runs as.",
  Sound: "A sound that can be played.",
  StatusInfo: "Start and last reload of Asterisk.",
  StoredRecording: "A recording that is done.",
  SystemInfo: "Identity of an Asterisk.",
  Variable: "Value of a variable.",
  Variables: "Values of variables.",
};

/** Names of the types of models, where they are not the model's with `Data`. */
export const modelNames: Readonly<Record<string, string>> = {
  AsteriskInfo: "AsteriskData",
  BuildInfo: "BuildInfo",
  CallerID: "CallerId",
  ConfigInfo: "ConfigInfo",
  ConfigTuple: "ConfigTuple",
  DialplanCEP: "DialplanPlace",
  FormatLangPair: "SoundFormat",
  RTPstat: "RtpStatistics",
  SetId: "SetId",
  StatusInfo: "StatusInfo",
  SystemInfo: "SystemInfo",
};

/** Types of members that the description leaves open. */
export const memberTypes: Readonly<Record<string, string>> = {
  bridgevars: "Readonly<Record<string, string>>",
  channelvars: "Readonly<Record<string, string>>",
};

export const memberWords: Readonly<Record<string, string>> = {
  accountcode: "Account code.",
  app_data: "Its arguments.",
  app_name: "Application of the dialplan.",
  asterisk_id: "Entity ID, which is the node.",
  attribute: "Name.",
  bridge_class: "Class.",
  bridge_ids: "IDs of bridges.",
  bridge_type: "Kind of bridge.",
  bridgevars: "Variables that Asterisk sends along.",
  build: "How it was built.",
  caller: "Who calls.",
  caller_rdnis: "Number of who forwarded the call.",
  cause: "Why it failed.",
  channel: "Name.",
  channel_ids: "IDs of channels.",
  channel_uniqueid: "ID of the channel.",
  channels: "IDs of the channels in it.",
  channelvars: "Variables that Asterisk sends along.",
  config: "How it is configured.",
  configuration: "Its levels.",
  connected: "Who is connected.",
  context: "Context.",
  creationtime: "Creation time, `YYYY-MM-DDThh:mm:ss.mmm±hhmm`.",
  creator: "Creator.",
  date: "When.",
  default_language: "Language, unless another is set.",
  description: "What it does.",
  device_names: "Names of devices.",
  dialplan: "Where it is in the dialplan.",
  duration: "Length in seconds.",
  endpoint_ids: "Endpoints, `<tech>/<resource>`.",
  entity_id: "Entity ID, which is the node.",
  events_allowed: "Types of events that are let through; all if it is empty.",
  events_disallowed: "Types of events that are held back.",
  exten: "Extension.",
  format: "Format, as in `wav`.",
  formats: "Its formats and languages.",
  group: "Its group.",
  id: "Unique ID.",
  kernel: "Version of the kernel.",
  language: "Language.",
  last_reload_time: "Time of the last reload.",
  local_ssrc: "Identifier of what is sent.",
  machine: "Type of the machine.",
  max_channels: "Most channels at a time.",
  max_load: "Highest load.",
  max_open_files: "Most open files.",
  media_uri: "What is played, as in `sound:hello-world`.",
  name: "Name.",
  new_messages: "Number of new messages.",
  next_media_uri: "What is played next.",
  number: "Number.",
  old_messages: "Number of old messages.",
  options: "Options of the build.",
  os: "Operating system.",
  ping: "`pong`.",
  priority: "Priority.",
  protocol_id: "Identifier in its protocol, as SIP's Call-ID.",
  remote_ssrc: "Identifier of what is received.",
  resource: "Name within the technology.",
  rxcount: "Packets received.",
  rxoctetcount: "Bytes received.",
  rxploss: "Packets lost on the way here.",
  setid: "Whom it runs as.",
  silence_duration: "Of it silence, in seconds.",
  startup_time: "Start time.",
  state: "State.",
  status: "Whether it runs.",
  "AsteriskInfo.status": "Start and last reload.",
  "LogChannel.status": "Whether it is enabled.",
  support_level: "How well it is supported.",
  system: "Its identity.",
  talking_duration: "Of it speech, in seconds.",
  target_uri: "What it is for, `channel:<id>` or `bridge:<id>`.",
  technology: "Technology, as in `PJSIP`.",
  "Bridge.technology": "Technology, as in `simple_bridge`.",
  tenantid: "Tenant.",
  text: "The text.",
  timestamp: "When it was asked.",
  txcount: "Packets sent.",
  txoctetcount: "Bytes sent.",
  txploss: "Packets lost on the way there.",
  type: "Type.",
  use_count: "How many use it.",
  user: "User.",
  value: "Value.",
  variables: "Values by name.",
  version: "Version.",
  video_mode: "Where its video comes from: `none`, `talker`, `sfu` or `single`.",
  video_source_id: "ID of the channel that its video comes from.",
};

/** What an RTP statistic means, from the parts of its name. */
export function figureWords(name: string): string | undefined {
  const match = /^(remote_|local_)?(max|min|normdev|stdev|tx|rx)?(jitter|rxploss|rtt)$/.exec(name);
  if (!match) return undefined;
  const [, side = "", kind = "", what] = match;
  const sides = { remote_: ", as reported by the other side", local_: ", here", "": "" };
  const kinds = {
    max: "Highest",
    min: "Lowest",
    normdev: "Mean",
    stdev: "Standard deviation of the",
    tx: "Sent",
    rx: "Received",
    "": "Last",
  };
  const whats = { jitter: "jitter", rxploss: "loss of packets", rtt: "round-trip time" };
  return `${kinds[kind as keyof typeof kinds]} ${whats[what as keyof typeof whats]}${
    sides[side as keyof typeof sides]
  }.`;
}
