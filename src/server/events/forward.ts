import type { AriEvent } from "../../ari/asterisk_link.ts";
import type { Bus } from "../../bus/bus.ts";
import { pause } from "../../common/pause.ts";
import { endedEntity, eventEntities } from "../../protocol/event_entities.ts";
import { parseEvent, publishedText } from "../../protocol/event_text.ts";
import type { Dialogs } from "../dialogs.ts";
import type { Stats } from "../metrics.ts";
import type { Outbox } from "./outbox.ts";
import type { NumberedStream, NumberedStreams } from "./stream.ts";

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

/** Options of {@linkcode createBackpressure}. */
interface BackpressureOptions {
  /**
   * Bytes on their way to the bus from which on reading gives way.
   *
   * @default {2_097_152}
   */
  readonly limit?: number;
  /**
   * How long it gives way, in milliseconds. Asterisk cuts off a reader that stalls for 100 ms, and
   * the kernel wakes a writer only when a third of its buffer is free: 20 ms are too many.
   *
   * @default {1}
   */
  readonly time?: number;
}

/**
 * Makes the function that is asked between two reads of events: it gives the bus a moment to catch
 * up. What is not read stays in the socket, where the kernel keeps it; what is read has to be kept
 * by us. With a bus that stands still reading goes on, slightly slower.
 *
 * @returns a function that returns what to wait for; undefined when there is nothing.
 */
export function createBackpressure(
  bus: Pick<Bus, "pending">,
  { limit = 2 * 1024 * 1024, time = 1 }: BackpressureOptions = {},
): () => Promise<void> | undefined {
  return () => bus.pending > limit ? pause(time) : undefined;
}
