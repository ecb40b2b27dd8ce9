/**
 * `tail --since`: shows the history that proxies keep, and then what happens now, with neither a hole
 * nor a double between.
 *
 * @module
 */
import type { Bus } from "../../bus/bus.ts";
import { SubjectTree } from "../../bus/subjects.ts";
import { Requester } from "../../client/requester.ts";
import { pause } from "../../common/pause.ts";
import { AriProxyError } from "../../protocol/errors.ts";
import { eventHeaders, readEventMarks } from "../../protocol/headers.ts";
import {
  type EventHistoryData,
  type KeptEvent,
  readHistory,
} from "../../protocol/kinds/event_history.ts";
import type { Key } from "../../protocol/key.ts";
import { eventSubject } from "../../protocol/subjects.ts";
import type { EventMessage } from "../events/recorder.ts";
import type { Io } from "../io.ts";
import { complain } from "../errors.ts";
import type { TailFilter } from "./filter.ts";

/** Characters that may wait for a reader before the next event is looked at. */
const maxUnread = 256 * 1024;

/** Characters of live messages that are held back while the history is shown. */
const maxHeldBack = 64 * 1024 * 1024;

/** Pause between requests to a proxy that is busy, in milliseconds, and how many there are. */
const busyRetry = { attempts: 20, pause: 250 };

/**
 * Holds live messages back while the history is shown, and then passes those on that the history did
 * not have.
 */
export class HistoryGate {
  readonly #take: (message: EventMessage) => void;
  #open = false;
  #heldBack: EventMessage[] = [];
  #size = 0;
  /** The last number of the history, by subject and epoch. */
  readonly #last = new Map<string, number>();

  /** @param take Gets the messages in order. */
  constructor(take: (message: EventMessage) => void) {
    this.#take = take;
  }

  /** Takes a live message. */
  readonly live = (message: EventMessage): void => {
    if (this.#open) return this.#pass(message);
    // What is dropped here may still come with the history; else its number is reported as missing.
    if (this.#size > maxHeldBack) {
      this.#heldBack = [];
      this.#size = 0;
    }
    this.#heldBack.push(message);
    this.#size += message.text.length;
  };

  /** Takes a message of the history. */
  history(message: EventMessage): void {
    const marks = readEventMarks(message.headers);
    if (marks) this.#last.set(`${message.subject} ${marks.epoch}`, marks.seq);
    this.#take(message);
  }

  /** Passes on what was held back, and all that comes later. */
  open(): void {
    this.#open = true;
    for (const message of this.#heldBack) this.#pass(message);
    this.#heldBack = [];
  }

  #pass(message: EventMessage): void {
    if (this.#last.size > 0) {
      const marks = readEventMarks(message.headers);
      const last = marks && this.#last.get(`${message.subject} ${marks.epoch}`);
      if (last !== undefined && marks && marks.seq <= last) return;
    }
    this.#take(message);
  }
}

/**
 * Shows the history of the proxies, and reports which of them have no history, or only a part of it.
 *
 * @param options.since From when on, in milliseconds since 1970.
 * @param options.subjects Subjects that are listened on.
 * @param options.key Application and node whose history is asked for.
 * @param options.isCall Whether the filter follows a call.
 * @param options.signal Aborts it.
 */
export async function showHistory(
  bus: Bus,
  { since, subjects, key, isCall, filter, gate, io, signal }: {
    readonly since: number;
    readonly subjects: readonly string[];
    readonly key: Key;
    readonly isCall: boolean;
    readonly filter: TailFilter;
    readonly gate: HistoryGate;
    readonly io: Pick<Io, "stdout" | "stderr">;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const tree = new SubjectTree<true>();
  subjects.forEach((subject) => tree.add(subject, true));
  using client = new Requester(bus);
  const reported = new Set<string>();
  const history = () =>
    mergedHistory(client, {
      since,
      key,
      wanted: (subject) => tree.match(subject).length > 0,
      onMissing: (text) => {
        if (!reported.has(text)) complain(text, io.stderr);
        reported.add(text);
      },
      signal,
    });
  try {
    if (isCall) {
      // Later events show what belongs to a call; so all are looked at before one is shown.
      for await (const { text } of history()) filter.foresee(text);
    }
    for await (const message of history()) {
      gate.history(message);
      if (io.stdout.pending > maxUnread) await io.stdout.flush();
      if (signal.aborted) return;
    }
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof AriProxyError)) throw error;
    complain(`No history: ${error.message}`, io.stderr);
  }
}

interface HistoryQuery {
  /** From when on, in milliseconds since 1970. */
  readonly since: number;
  readonly key: Key;
  /** Whether the events of a subject are asked for. */
  readonly wanted: (subject: string) => boolean;
  /** Called with each sentence about what is missing. */
  readonly onMissing: (text: string) => void;
  readonly signal: AbortSignal;
}

/** The history of one proxy, page by page. */
interface Source {
  page: EventHistoryData;
  /** Index of the next event of the page. */
  next: number;
}

/**
 * Requests the histories of all proxies and yields their events in the order in which they were
 * published. At most one page of each proxy is held at a time.
 *
 * @throws {AriProxyError} When no proxy answers.
 */
async function* mergedHistory(
  client: Requester,
  query: HistoryQuery,
): AsyncGenerator<EventMessage> {
  const { wanted, signal } = query;
  const pages = await firstPages(client, query);
  signal.throwIfAborted();
  const sources: Source[] = pages
    .filter(({ application, node }) => wanted(eventSubject({ app: application, node })))
    .map((page) => ({ page, next: 0 }));
  while (sources.length > 0) {
    let earliest = 0;
    for (let i = 0; i < sources.length; i++) {
      const source = sources[i];
      if (source.next >= source.page.events.length && !await turnPage(source, client, query)) {
        sources.splice(i--, 1);
      } else if (timeOf(source) < timeOf(sources[earliest])) earliest = i;
    }
    const source = sources[earliest];
    if (!source) return;
    yield messageOf(source.page, source.page.events[source.next++]);
  }
}

async function firstPages(
  client: Requester,
  { since, key, onMissing, signal }: HistoryQuery,
): Promise<EventHistoryData[]> {
  const payload = { since: new Date(since).toISOString() };
  const { responses, errors, missing } = await whileBusy(
    () => client.gather("EventHistory", key, payload, { signal }),
    ({ errors }) => errors,
    signal,
  );
  for (const { node, code, message } of errors) {
    const why = code === "unsupported" ? "it keeps no events" : message;
    onMissing(`No history from ${node ?? "one of the nodes"}: ${why}`);
  }
  if (missing > 0) onMissing(`No history from ${missing} of the nodes: no response in time`);
  const pages = responses.flatMap(({ data }) => readHistory(data?.history) ?? []);
  for (const { application, node, kept_from, events: [first] } of pages) {
    // With the first number nothing has been dropped.
    if (!first || first.seq === 1 || first.time !== kept_from) continue;
    onMissing(`The history of ${application} on ${node} begins at ${first.time}`);
  }
  return pages;
}

/**
 * Repeats a request while a proxy is busy.
 *
 * @param errorsOf The errors that came with a response.
 */
async function whileBusy<T>(
  request: () => Promise<T>,
  errorsOf: (response: T) => readonly AriProxyError[],
  signal: AbortSignal,
): Promise<T> {
  for (let attempt = 1;; attempt++) {
    const last = attempt === busyRetry.attempts;
    try {
      const response = await request();
      if (last || !errorsOf(response).some(isBusy)) return response;
    } catch (error) {
      if (last || !isBusy(error)) throw error;
    }
    await pause(busyRetry.pause, signal);
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof AriProxyError && error.code === "busy";
}

/** Requests the next page with events. Returns false when there is none. */
async function turnPage(
  source: Source,
  client: Requester,
  { since, onMissing, signal }: HistoryQuery,
): Promise<boolean> {
  const { application, node, epoch } = source.page;
  while (source.page.more && !signal.aborted) {
    const after = source.page.last_seq;
    const payload = { since: new Date(since).toISOString(), epoch, after };
    let page: EventHistoryData | undefined;
    try {
      const key = { app: application, node };
      const request = () => client.request("EventHistory", key, payload, { signal });
      const { data } = await whileBusy(request, () => [], signal);
      page = readHistory(data?.history);
    } catch (error) {
      if (!(error instanceof AriProxyError)) throw error;
      onMissing(`No more history from ${node}: ${error.message}`);
      return false;
    }
    // A proxy that was restarted has lost its history.
    if (!page || page.epoch !== epoch || page.more && page.last_seq <= after) return false;
    source.page = page;
    source.next = 0;
    if (page.events.length > 0) return true;
  }
  return false;
}

/** All times have the same format and zone. */
function timeOf({ page, next }: Source): string {
  return page.events[next]?.time ?? "";
}

function messageOf(
  { application, node, epoch }: EventHistoryData,
  { seq, time, event }: KeptEvent,
): EventMessage {
  return {
    subject: eventSubject({ app: application, node }),
    text: event,
    headers: eventHeaders({ node, epoch, seq }),
    at: Date.parse(time),
  };
}
