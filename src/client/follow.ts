import { type Deferred, deferred } from "../common/deferred.ts";
import { AriProxyError } from "../protocol/errors.ts";
import type { Key } from "../protocol/key.ts";
import type { ClusterClient } from "./cluster.ts";
import type { EventStream } from "./event_stream.ts";
import type { AriEvent } from "./events/model.ts";
import { EndProbe, isEndOf, mayEnd, onNodeEnd } from "./end_probe.ts";

/** A playback or recording on a channel or bridge, and the events of its progress. */
interface FollowPlan<E extends AriEvent> {
  /** A description for error texts, as in `play sound:hello-world`. */
  readonly what: string;
  /** The channel or bridge, with its coordinates. */
  readonly target: Key;
  /** Key of the playback or recording; its node is known after the response. */
  readonly made: () => Key;
  /** Sends the request, when no event can be missed any more. */
  readonly send: () => Promise<void>;
  /** Returns whether the event is that of its start. */
  readonly starts: (event: AriEvent) => boolean;
  /** The event if it is that of its end. */
  readonly ends: (event: AriEvent) => E | undefined;
  /** Why Asterisk could not complete it, if the event reports a failure. */
  readonly fails: (event: AriEvent) => string | undefined;
  /** Gets its state. @throws {AriProxyError} With the code `not_found` when it is over. */
  readonly look: () => Promise<{ readonly state: string }>;
  /** The event of its end made of what is kept of it, when none arrived. @param begun Whether it is known to have begun. */
  readonly remains: (begun: boolean) => Promise<E | undefined>;
  /** Whether it ends with its channel or bridge, without an event of its own. */
  readonly endsWithTarget: boolean;
  /** Aborts the waiting. */
  readonly signal?: AbortSignal;
}

/** The progress of a playback or recording. */
interface Followed<E> {
  /** Resolves when Asterisk has accepted the request. */
  readonly accepted: Promise<void>;
  /** Resolves when it has started, or ended without having started. */
  readonly started: Promise<void>;
  /** Resolves with the event of its end. */
  readonly finished: Promise<E>;
}

/**
 * When to look for the first time whether it is still there, by the kind of the target, in milliseconds.
 * Asterisk sends no events of a bridge without channels of the application.
 */
const firstLook: Readonly<Record<string, number>> = { bridge: 1_000, channel: 5_000 };

/**
 * Starts a playback or recording and follows it through its events, to which it subscribes first. Those
 * that clients of a connection start on the same channel or bridge are sent in the order in which they
 * were started. The promises need not be awaited: a rejection is never an unhandled one.
 */
export function follow<E extends AriEvent>(
  client: ClusterClient,
  plan: FollowPlan<E>,
): Followed<E> {
  const accepted = deferred();
  const started = deferred();
  const finished = run(client, plan, { accepted, started });
  finished.then(() => started.resolve(), started.reject);
  finished.catch(accepted.reject);
  for (const { promise } of [accepted, started]) promise.catch(() => {});
  return { accepted: accepted.promise, started: started.promise, finished };
}

interface Steps {
  readonly accepted: Deferred<void>;
  readonly started: Deferred<void>;
}

async function run<E extends AriEvent>(
  client: ClusterClient,
  plan: FollowPlan<E>,
  { accepted, started }: Steps,
): Promise<E> {
  const { what, target, signal } = plan;
  const outcome = deferred<E>();
  outcome.promise.catch(() => {});
  const over = new AbortController();
  const reading = new Reading(client, plan, started);
  const probe = new EndProbe({
    look: () => reading.look(),
    onGone: (error) => void reading.missed(error).then(outcome.resolve, outcome.reject),
    first: firstLook[target.kind ?? ""],
    signal: over.signal,
  });
  // Events of the node and not of the dialog, which not every proxy copies for all entities.
  const events = client.events({
    keys: [plan.made(), target].map(({ kind, id }) => ({ kind, id })),
    key: { app: target.app, node: target.node },
    dialog: "",
    ...(signal && { signal }),
    // The event of its end may be missing.
    onGap: () => probe.hint(),
  });
  const stop = onNodeEnd(client, plan.made, () => {
    const text = `Cannot ${what} to its end: the node is gone`;
    outcome.reject(new AriProxyError("no_node", text, { outcome: "unknown" }));
  });
  try {
    await client.inOrder(target, async () => {
      await events.ready;
      await plan.send();
    });
    accepted.resolve();
    probe.begin();
    reading.read(events, probe).then(outcome.resolve, outcome.reject);
    return await outcome.promise;
  } finally {
    over.abort();
    events.close();
    stop();
  }
}

/** Derives the progress from the events, and from requests where those are not enough. */
class Reading<E extends AriEvent> {
  readonly #client: ClusterClient;
  readonly #plan: FollowPlan<E>;
  readonly #started: Deferred<void>;
  #begun = false;
  /** Whether its channel is being hung up. */
  #leaving = false;
  /** Whether its channel or bridge is gone. */
  #targetGone = false;

  constructor(client: ClusterClient, plan: FollowPlan<E>, started: Deferred<void>) {
    this.#client = client;
    this.#plan = plan;
    this.#started = started;
  }

  /** The event of its end. @throws {AriProxyError} When it has failed, or its end is unknown. */
  async read(events: EventStream<AriEvent>, probe: EndProbe): Promise<E> {
    const { what, target, signal, starts, ends, fails, endsWithTarget } = this.#plan;
    for await (const event of events) {
      if (starts(event)) this.#begin();
      const end = ends(event);
      if (end) return end;
      this.#leaving ||= event.type === "ChannelHangupRequest" && target.kind === "channel" &&
        event.channel.id === target.id;
      this.#targetGone ||= isEndOf(event, target);
      const failure = fails(event);
      if (failure !== undefined) throw await this.#failure(failure, events);
      if (this.#targetGone && endsWithTarget) throw this.#gone();
      if (mayEnd(event, target)) probe.hint();
    }
    signal?.throwIfAborted();
    throw new AriProxyError("closed", `Cannot ${what} to its end: the client is closed`, {
      outcome: "unknown",
    });
  }

  /** Looks whether it is still there. */
  async look(): Promise<void> {
    const { state } = await this.#plan.look();
    if (state !== "queued") this.#begin();
  }

  /** The event of its end when it is over and none arrived. */
  async missed(cause: AriProxyError): Promise<E> {
    const { what, remains } = this.#plan;
    const found = await remains(this.#begun);
    if (found) return found;
    if (this.#targetGone) throw this.#gone();
    const text = `Cannot ${what} to its end: it is over, and no event reported its result`;
    throw new AriProxyError("not_found", text, { cause, outcome: "unknown" });
  }

  #begin(): void {
    this.#begun = true;
    this.#started.resolve();
  }

  #gone(): AriProxyError {
    const { what, target } = this.#plan;
    return new AriProxyError("not_found", `Cannot ${what} to its end: the ${target.kind} is gone`);
  }

  /** Asterisk also reports a failure when the channel or bridge goes, and before it does. */
  async #failure(why: string, events: EventStream<AriEvent>): Promise<AriProxyError> {
    const { what, target } = this.#plan;
    if (this.#leaving || this.#targetGone || await this.#lacksTarget()) return this.#gone();
    // Events that have arrived in the meantime.
    while (events.buffered > 0) {
      const { value } = await events.next();
      if (value && isEndOf(value, target)) return this.#gone();
    }
    return new AriProxyError("failed", `Cannot ${what}: ${why}`);
  }

  async #lacksTarget(): Promise<boolean> {
    const kind = this.#plan.target.kind === "bridge" ? "BridgeGet" : "ChannelGet";
    try {
      await this.#client.request(kind, { ...this.#plan.target, dialog: "" });
      return false;
    } catch (error) {
      return error instanceof AriProxyError && error.code === "not_found";
    }
  }
}
