import { endedEntity, eventEntities } from "../../protocol/event_entities.ts";
import type { AriEvent } from "../../ari/asterisk_link.ts";
import { parseEvent, publishedText } from "../../protocol/event_text.ts";
import type { Dialogs } from "../dialogs.ts";
import type { NumberedStream, NumberedStreams } from "./stream.ts";
import type { Outbox } from "./outbox.ts";
import type { Stats } from "../metrics.ts";

/** What events are forwarded with. */
export interface ForwardOptions {
  /** Applications of the proxy. An event of no one of them counts as one of the first. */
  readonly apps: readonly string[];
  /**
   * Finds the application for events of one that is not among `apps`; undefined when its events are
   * not wanted.
   *
   * @default the first one
   */
  readonly adopt?: (application: string) => string | undefined;
  /** Node of the proxy at this moment. */
  readonly node: () => string;
  /** Whether the node has another name than Asterisk gives it in its events. */
  readonly rename: boolean;
  /** The streams of the applications' events. */
  readonly streams: NumberedStreams;
  /** Dialogs that get copies. */
  readonly dialogs: Dialogs;
  /** Where the messages go. */
  readonly outbox: Outbox;
  /** What is counted. */
  readonly stats: Stats;
}

const encoder = new TextEncoder();

/**
 * Makes the function that takes each event of Asterisk and publishes it: for all, and for every
 * dialog that one of its entities is bound to. It never waits and does not throw.
 */
export function createForward(options: ForwardOptions): (event: AriEvent) => void {
  const { apps, adopt = () => apps[0], rename, dialogs, outbox, stats } = options;
  let node = "";
  let streams = new Map<string, NumberedStream>();
  const otherStream = (application: string): NumberedStream | undefined => {
    const app = adopt(application);
    if (app === undefined) return undefined;
    const stream = options.streams.of({ app, node });
    streams.set(app, stream);
    return stream;
  };
  return (event) => {
    stats.eventsReceived++;
    if (node !== options.node()) {
      node = options.node();
      streams = new Map(apps.map((app) => [app, options.streams.of({ app, node })]));
    }
    const { text, bytes, application } = event;
    const stream = streams.get(application) ?? otherStream(application);
    if (!stream) return;
    const published = publishedText(text, event, { node, rename });
    const data = published === text ? bytes : encoder.encode(published);
    const members = dialogs.size === 0 ? undefined : parseEvent(published);
    if (!members) return outbox.send(stream, data);
    outbox.send(stream, data, [...dialogs.of(eventEntities(members))]);
    const ended = endedEntity(members);
    if (ended) dialogs.end(ended);
  };
}
