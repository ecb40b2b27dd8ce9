/**
 * Events as lines for people: what matters of each type, in aligned columns.
 *
 * @module
 */
import { eventEntities } from "../../protocol/event_entities.ts";
import { gapType } from "../../protocol/notice.ts";
import { isObject, type JsonObject, jsonText } from "../../protocol/json.ts";
import { pad, printable, truncate, width } from "../table.ts";

/** The columns of an event's line. */
export interface EventLine {
  /** Local time of day, `hh:mm:ss.mmm`. */
  readonly time: string;
  readonly node: string;
  readonly application: string;
  readonly type: string;
  /** What matters for its type. */
  readonly matter: string;
}

/** The columns of the line for an event. */
export function eventLine(event: JsonObject): EventLine {
  const type = text(event.type);
  const pieces = Object.hasOwn(matters, type) ? matters[type] : anything;
  const dialog = text(event.dialog);
  return {
    time: timeOfDay(text(event.timestamp)),
    node: text(event.asterisk_id),
    application: text(event.application),
    type,
    matter: [...pieces.map((piece) => piece(event)), dialog && `dialog ${dialog}`]
      .filter((part) => part).join("  "),
  };
}

/** A part of what matters; empty when the event does not have it. */
type Piece = (event: JsonObject) => string;

/** A channel: name, ID and state. Some proxies send an empty ID for a channel that is absent. */
const channel = (member = "channel", label = ""): Piece => (event) => {
  const { id, name, state } = inner(event, member);
  if (!text(id)) return "";
  const parts = [label, text(name), `(${text(id)})`, text(state)];
  return parts.filter((part) => part).join(" ");
};

/** Caller ID or connected line of the channel. */
const party = (member: "caller" | "connected", label: string): Piece => (event) => {
  const { name, number } = inner(inner(event, "channel"), member);
  const known = [text(name) && JSON.stringify(name), text(number) && `<${text(number)}>`];
  return labelled(label, known.filter((part) => part).join(" "));
};

const bridge = (member = "bridge", label = "bridge"): Piece => (event) => {
  const { id, name, bridge_type, channels } = inner(event, member);
  if (!text(id)) return "";
  const count = Array.isArray(channels) ? `${channels.length} in it` : "";
  return [label, text(name), `(${text(id)})`, text(bridge_type), count]
    .filter((part) => part).join(" ");
};

const endpoint: Piece = (event) => {
  const { technology, resource, state } = inner(event, "endpoint");
  return text(resource) && `${text(technology)}/${text(resource)} ${text(state)}`.trimEnd();
};

/** A member, perhaps of a member, behind a label. */
const member = (path: string, label = path): Piece => (event) => {
  const names = path.split(".");
  const last = names.pop() ?? "";
  const object = names.reduce(inner, event);
  return labelled(label, text(object[last]));
};

const bare = (path: string): Piece => member(path, "");

const milliseconds = (name: string): Piece => (event) =>
  text(event[name]) && `${text(event[name])} ms`;

const cause: Piece = (event) => {
  const named = text(event.cause_txt);
  return labelled("cause", [text(event.cause), named && `(${named})`].filter((p) => p).join(" "));
};

const playback: readonly Piece[] = [
  bare("playback.media_uri"),
  bare("playback.state"),
  member("playback.target_uri", "on"),
  member("playback.id", "playback"),
];

const recording: readonly Piece[] = [
  bare("recording.name"),
  bare("recording.format"),
  bare("recording.state"),
  member("recording.target_uri", "of"),
  member("recording.duration", "seconds"),
  member("recording.cause", "cause"),
];

const variable: Piece = ({ variable, value }) => `${text(variable)}=${text(value)}`;

const matters: Readonly<Record<string, readonly Piece[]>> = {
  ApplicationMoveFailed: [channel(), member("destination", "to")],
  ApplicationReplaced: [],
  AriProxyGap: [
    ({ count, certain }) => gapSize(text(count), certain === true),
    bare("reason"),
    bare("detail"),
    ({ from, to }) =>
      [labelled("from", timeOfDay(text(from))), labelled("to", timeOfDay(text(to)))]
        .filter((part) => part).join(" "),
  ],
  BridgeAttendedTransfer: [
    bare("result"),
    channel("transferer_first_leg", "by"),
    channel("transferee", "of"),
    channel("transfer_target", "to"),
    member("destination_type", "destination"),
  ],
  BridgeBlindTransfer: [
    bare("result"),
    channel("channel", "by"),
    channel("transferee", "of"),
    ({ exten, context }) => labelled("to", text(exten) && `${text(exten)}@${text(context)}`),
  ],
  BridgeCreated: [bridge()],
  BridgeDestroyed: [bridge()],
  BridgeMerged: [bridge(), bridge("bridge_from", "from")],
  BridgeVideoSourceChanged: [bridge(), member("bridge.video_source_id", "source")],
  ChannelCallerId: [channel(), party("caller", "from")],
  ChannelConnectedLine: [channel(), party("connected", "with")],
  ChannelCreated: [channel(), party("caller", "from"), member("channel.dialplan.exten", "to")],
  ChannelDestroyed: [channel(), cause],
  ChannelDialplan: [
    channel(),
    ({ dialplan_app, dialplan_app_data }) =>
      text(dialplan_app) && `${text(dialplan_app)}(${text(dialplan_app_data)})`,
  ],
  ChannelDtmfReceived: [member("digit"), channel(), milliseconds("duration_ms")],
  ChannelEnteredBridge: [channel(), bridge()],
  ChannelHangupRequest: [channel(), cause],
  ChannelHold: [channel(), member("musicclass", "music")],
  ChannelLeftBridge: [channel(), bridge()],
  ChannelStateChange: [channel()],
  ChannelTalkingFinished: [channel(), milliseconds("duration")],
  ChannelUserevent: [bare("eventname"), bare("userevent"), channel(), bridge(), endpoint],
  ChannelVarset: [variable, channel()],
  ContactStatusChange: [
    endpoint,
    bare("contact_info.contact_status"),
    member("contact_info.uri", "at"),
  ],
  DeviceStateChanged: [bare("device_state.name"), bare("device_state.state")],
  Dial: [
    bare("dialstatus"),
    channel("caller"),
    channel("peer", "to"),
    member("dialstring", "dialled"),
    channel("forwarded", "forwarded"),
  ],
  EndpointStateChange: [endpoint],
  PeerStatusChange: [endpoint, bare("peer.peer_status"), member("peer.cause", "cause")],
  PlaybackContinuing: playback,
  PlaybackFinished: playback,
  PlaybackStarted: playback,
  RecordingFailed: recording,
  RecordingFinished: recording,
  RecordingStarted: recording,
  StasisEnd: [channel()],
  StasisStart: [
    channel(),
    party("caller", "from"),
    member("channel.dialplan.exten", "to"),
    ({ args }) => Array.isArray(args) && args.length > 0 ? `args ${args.map(text).join(",")}` : "",
    channel("replace_channel", "replaces"),
  ],
  TextMessageReceived: [
    member("message.from", "from"),
    member("message.to", "to"),
    ({ message }) => isObject(message) ? JSON.stringify(text(message.body)) : "",
  ],
};

const known = new Set(["type", "timestamp", "asterisk_id", "application", "dialog"]);

/** For types that are not in the table: the entities, and all members that are not objects. */
const anything: readonly Piece[] = [
  (event) => {
    const channelPiece = channel()(event);
    const others = eventEntities(event)
      .filter(({ kind }) => kind !== "channel" || !channelPiece)
      .map(({ kind, id }) => `${kind} ${id}`);
    return [channelPiece, ...others].filter((part) => part).join("  ");
  },
  (event) =>
    Object.entries(event)
      .filter(([name, value]) => !known.has(name) && typeof value !== "object")
      .map(([name, value]) => `${name}=${text(value)}`)
      .join(" "),
];

function inner(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return isObject(value) ? value : {};
}

function labelled(label: string, value: string): string {
  return value && label ? `${label} ${value}` : value;
}

function text(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : jsonText(value) ?? "…";
}

/** The local time of day; the text of Asterisk when it cannot be parsed. */
function timeOfDay(timestamp: string): string {
  // Asterisk writes the offset without a colon, which `Date` does not parse.
  const time = new Date(timestamp.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  if (Number.isNaN(time.getTime())) return timestamp;
  const two = (number: number): string => `${number}`.padStart(2, "0");
  const millis = `${time.getMilliseconds()}`.padStart(3, "0");
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${millis}`;
}

function gapSize(count: string, certain: boolean): string {
  if (!certain) return count ? `up to ${count} events may be missing` : "events may be missing";
  return count ? `${count} events are missing` : "events are missing";
}

/** The columns before what matters, with the escape sequences around them. */
const columns = [
  ["time", "\x1b[2m", "\x1b[22m"],
  ["node", "\x1b[2m", "\x1b[22m"],
  ["application", "\x1b[36m", "\x1b[39m"],
  ["type", "\x1b[1m", "\x1b[22m"],
] as const;

/** On a terminal narrower than this, in characters, columns with one value only are left out. */
const wide = 120;

/**
 * Creates a function that formats events as lines of a terminal. Columns are as wide as the widest
 * value so far, so that the lines stay aligned. A narrow terminal shows node and application only when
 * there are several.
 *
 * @param options.color Whether to use colours.
 */
export function createEventPrinter(
  { color = false }: { readonly color?: boolean } = {},
): (event: JsonObject, terminalWidth: number) => string {
  const widths: Record<keyof EventLine, number> = {
    time: 12,
    node: 0,
    application: 0,
    type: 20,
    matter: 0,
  };
  const seen = { node: new Set<string>(), application: new Set<string>() };
  return (event, terminalWidth) => {
    const line = eventLine(event);
    let left = terminalWidth;
    let result = "";
    for (const [column, begin, end] of columns) {
      const text = printable(line[column]);
      widths[column] = Math.max(widths[column], width(text));
      if (column === "node" || column === "application") {
        if (text !== "") seen[column].add(text);
        if (seen[column].size < 2 && terminalWidth < wide) continue;
      }
      const cell = truncate(`${pad(text, widths[column])}  `, left);
      left -= width(cell);
      result += color ? `${begin}${cell}${end}` : cell;
    }
    result += left > 0 ? truncate(printable(line.matter), left) : "";
    if (!color) return result.trimEnd();
    // Notices of missing events must not be overlooked among the events.
    return line.type === gapType ? `\x1b[33m${result}\x1b[39m` : result;
  };
}
