import { endedEntity, eventEntities } from "../protocol/event_entities.ts";
import { dialogText, parseEvent, publishedText, readEventHead } from "../protocol/event_text.ts";
import { dialogSubject, eventSubject } from "../protocol/subjects.ts";
import type { Dialogs } from "./dialogs.ts";
import type { Outbox } from "./outbox.ts";
import type { Stats } from "./stats.ts";

/** What events are forwarded with. */
export interface ForwardOptions {
  /** Applications of the proxy. An event of no one of them counts as one of the first. */
  readonly apps: readonly string[];
  /** Node of the proxy at this moment. */
  readonly node: () => string;
  /** Whether the node has another name than Asterisk gives it in its events. */
  readonly rename: boolean;
  /** Dialogs that get copies. */
  readonly dialogs: Dialogs;
  /** Where the messages go. */
  readonly outbox: Outbox;
  /** What is counted. */
  readonly stats: Stats;
}

const encoder = new TextEncoder();

/**
 * Makes the function that takes each event of Asterisk, as a text and as the bytes it came in, and
 * publishes it: for all, and for every dialog that one of its entities is bound to. It never waits
 * and does not throw.
 */
export function createForward(options: ForwardOptions): (text: string, bytes: Uint8Array) => void {
  const { apps, rename, dialogs, outbox, stats } = options;
  let node = "";
  let subjects = new Map<string, string>();
  return (text, bytes) => {
    stats.eventsReceived++;
    if (node !== options.node()) {
      node = options.node();
      subjects = new Map(apps.map((app) => [app, eventSubject({ app, node })]));
    }
    const head = readEventHead(text);
    const published = publishedText(text, head, { node, rename });
    const subject = subjects.get(head.application) ?? subjects.get(apps[0]) ?? "";
    outbox.send(subject, published === text ? bytes : encoder.encode(published));
    if (dialogs.size === 0) return;

    const event = parseEvent(published);
    if (!event) return;
    for (const dialog of dialogs.of(eventEntities(event))) {
      outbox.send(dialogSubject(dialog), encoder.encode(dialogText(published, dialog)));
    }
    const ended = endedEntity(event);
    if (ended) dialogs.end(ended);
  };
}
