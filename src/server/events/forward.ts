import type { RawEvent } from "../../ari/asterisk_link.ts";
import type { Bus } from "../../bus/bus.ts";
import { pause } from "../../common/pause.ts";
import { endedEntity, eventEntities } from "../../protocol/event_entities.ts";
import { parseEvent, publishedText } from "../../protocol/event_text.ts";
import type { ApplicationRegistry } from "../application_registry.ts";
import type { Dialogs } from "../dialogs.ts";
import type { Counters } from "../metrics.ts";
import type { Outbox } from "./outbox.ts";
import type { NumberedStream, NumberedStreams } from "./numbering.ts";

interface ForwardOptions {
  readonly applications: Pick<ApplicationRegistry, "names" | "register">;
  /** The Asterisk, with its node at this moment. */
  readonly asterisk: { readonly node: string };
  /** Whether the node has another name than Asterisk gives it in its events. */
  readonly rename: boolean;
  readonly streams: NumberedStreams;
  /** Dialogs that get copies. */
  readonly dialogs: Dialogs;
  readonly outbox: Outbox;
  readonly counters: Counters;
}

const encoder = new TextEncoder();

/**
 * Makes the function that takes each event of Asterisk and publishes it: for all, and for every dialog
 * that one of its entities is bound to. It never waits and does not throw.
 */
export function createForward(options: ForwardOptions): (event: RawEvent) => void {
  const { applications, asterisk, rename, dialogs, outbox, counters } = options;
  let node = "";
  /** The streams of the present node, by application. */
  let streams = new Map<string, NumberedStream>();
  const newStream = (application: string): NumberedStream | undefined => {
    const app = applications.register(application);
    if (app === undefined) return undefined;
    const stream = options.streams.of({ app, node });
    streams.set(app, stream);
    return stream;
  };
  return (event) => {
    counters.eventsReceived++;
    if (node !== asterisk.node) {
      node = asterisk.node;
      streams = new Map(applications.names.map((app) => [app, options.streams.of({ app, node })]));
    }
    const { text, bytes, application } = event;
    const stream = streams.get(application) ?? newStream(application);
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

/**
 * Makes the function that is called between two reads of events: it gives the bus a moment to catch up.
 * What is not read stays in the socket, in memory of the kernel; what is read has to be kept in ours.
 * With a bus that takes nothing, reading continues, slightly slower.
 *
 * @param options.limit Pending bytes of the bus above which reading pauses. @default 2_097_152
 * @param options.time The pause, in milliseconds. Asterisk closes the connection of a reader that stalls
 * for 100 ms, and the kernel wakes a writer only when a third of its buffer is free: 20 ms are too many.
 * @default 1
 * @returns A function that returns what to wait for; undefined when there is nothing.
 */
export function createBackpressure(
  bus: Pick<Bus, "pending">,
  { limit = 2 * 1024 * 1024, time = 1 }: {
    readonly limit?: number;
    readonly time?: number;
  } = {},
): () => Promise<void> | undefined {
  return () => bus.pending > limit ? pause(time) : undefined;
}
