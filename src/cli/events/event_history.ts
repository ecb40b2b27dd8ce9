/**
 * The last events of all proxies, as one.
 *
 * @module
 */
import type { Requester } from "../../client/requester.ts";
import { pause } from "../../common/pause.ts";
import { AriProxyError } from "../../protocol/errors.ts";
import { eventHeaders } from "../../protocol/headers.ts";
import { type EventHistoryData, type KeptEvent, readHistory } from "../../protocol/history.ts";
import type { Key } from "../../protocol/key.ts";
import { eventSubject } from "../../protocol/subjects.ts";
import type { EventMessage } from "./recorder.ts";

/** What is wanted of the last events. */
export interface EventHistoryOptions {
  /** From when on, in milliseconds since 1970. */
  readonly since: number;
  /** Whose: those of an application, or of a node of it. */
  readonly key: Key;
  /** Which subjects. */
  readonly wanted: (subject: string) => boolean;
  /** Told what is missing, a line each. */
  readonly onMissing: (text: string) => void;
  /** Gives up. */
  readonly signal: AbortSignal;
}

/** One proxy's events, part by part. */
interface Source {
  part: EventHistoryData;
  /** Which event of the part is the next. */
  next: number;
}

/**
 * Asks all proxies for the events that they keep and yields them in the order of the times at which
 * they were published. No more than a part of each proxy is held at a time.
 *
 * @throws {AriProxyError} When nobody answers.
 */
export async function* eventHistory(
  client: Requester,
  options: EventHistoryOptions,
): AsyncGenerator<EventMessage> {
  const { wanted, signal } = options;
  const parts = await firstParts(client, options);
  signal.throwIfAborted();
  const sources: Source[] = parts
    .filter(({ application, node }) => wanted(eventSubject({ app: application, node })))
    .map((part) => ({ part, next: 0 }));
  while (sources.length > 0) {
    let earliest = 0;
    for (let i = 0; i < sources.length; i++) {
      const source = sources[i];
      if (source.next >= source.part.events.length && !await goOn(source, client, options)) {
        sources.splice(i--, 1);
      } else if (timeOf(source) < timeOf(sources[earliest])) earliest = i;
    }
    const source = sources[earliest];
    if (!source) return;
    yield messageOf(source.part, source.part.events[source.next++]);
  }
}

async function firstParts(
  client: Requester,
  { since, key, onMissing, signal }: EventHistoryOptions,
): Promise<EventHistoryData[]> {
  const payload = { since: new Date(since).toISOString() };
  const { responses, errors, missing } = await whileBusy(
    () => client.gather("EventHistory", key, payload, { signal }),
    ({ errors }) => errors,
    signal,
  );
  for (const { node, code, message } of errors) {
    const why = code === "unsupported" ? "no events are kept there" : message;
    onMissing(`Nothing that is past from ${node ?? "one of the nodes"}: ${why}`);
  }
  if (missing > 0) {
    onMissing(`Nothing that is past from ${missing} of the nodes: they did not answer in time`);
  }
  const parts = responses.flatMap(({ data }) => readHistory(data?.history) ?? []);
  for (const { application, node, kept_from, events: [first] } of parts) {
    // Of the first number on nothing has been forgotten.
    if (!first || first.seq === 1 || first.time !== kept_from) continue;
    onMissing(`The events of ${application} on ${node} are kept from ${first.time} on`);
  }
  return parts;
}

/** How often a proxy is asked that has too many to tell, and the pause between, in milliseconds. */
const BUSY = { attempts: 20, pause: 250 };

/**
 * Asks again while a proxy is too busy to tell.
 *
 * @param errorsOf The errors that came with an answer.
 */
async function whileBusy<T>(
  ask: () => Promise<T>,
  errorsOf: (answer: T) => readonly AriProxyError[],
  signal: AbortSignal,
): Promise<T> {
  for (let attempt = 1;; attempt++) {
    const last = attempt === BUSY.attempts;
    try {
      const answer = await ask();
      if (last || !errorsOf(answer).some(isBusy)) return answer;
    } catch (error) {
      if (last || !isBusy(error)) throw error;
    }
    await pause(BUSY.pause, signal);
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof AriProxyError && error.code === "busy";
}

/** Fetches the next part with events. Returns false when there is none. */
async function goOn(
  source: Source,
  client: Requester,
  { since, onMissing, signal }: EventHistoryOptions,
): Promise<boolean> {
  const { application, node, epoch } = source.part;
  while (source.part.more && !signal.aborted) {
    const after = source.part.last_seq;
    const payload = { since: new Date(since).toISOString(), epoch, after };
    let part: EventHistoryData | undefined;
    try {
      const key = { app: application, node };
      const ask = () => client.request("EventHistory", key, payload, { signal });
      const { data } = await whileBusy(ask, () => [], signal);
      part = readHistory(data?.history);
    } catch (error) {
      if (!(error instanceof AriProxyError)) throw error;
      onMissing(`Nothing further that is past from ${node}: ${error.message}`);
      return false;
    }
    // A proxy that has started anew has forgotten what was before.
    if (!part || part.epoch !== epoch || part.more && part.last_seq <= after) return false;
    source.part = part;
    source.next = 0;
    if (part.events.length > 0) return true;
  }
  return false;
}

/** All times are of one form and zone. */
function timeOf({ part, next }: Source): string {
  return part.events[next]?.time ?? "";
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
