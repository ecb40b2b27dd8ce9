import { type Deferred, deferred } from "../common/deferred.ts";
import { AriProxyError } from "../protocol/errors.ts";
import type { Key } from "../protocol/key.ts";
import type { ClusterClient } from "./cluster.ts";
import type { EventStream } from "./event_stream.ts";
import type { AriEvent } from "./events/model.ts";
import { EndProbe, isEndOf, mayEnd, onNodeEnd } from "./end_probe.ts";

/** What is to be done to a channel or bridge, and how events tell that it goes on. */
interface FollowPlan<E extends AriEvent> {
  /** What it is, for error texts, as in `play sound:hello-world`. */
  readonly what: string;
  /** The channel or bridge, where it is and where events come from. */
  readonly target: Key;
  /** What is made; its node comes to be known with the answer. */
  readonly made: () => Key;
  /** Sends the request, once no event can be missed any more. */
  readonly send: () => Promise<void>;
  /** Tells whether the event is that of its start. */
  readonly starts: (event: AriEvent) => boolean;
  /** The event if it is that of its end. */
  readonly ends: (event: AriEvent) => E | undefined;
  /** Why Asterisk could not do it to its end, if the event tells that. */
  readonly fails: (event: AriEvent) => string | undefined;
  /** Asks how it is. @throws {AriProxyError} With the code `not_found` when it is over. */
  readonly look: () => Promise<{ readonly state: string }>;
  /** What stays of it when no event has told its end. @param begun Whether it is known to have begun. */
  readonly remains: (begun: boolean) => Promise<E | undefined>;
  /** Whether it is over, without an event of its own, as soon as its channel or bridge is. */
  readonly endsWithTarget: boolean;
  /** Gives up waiting. */
  readonly signal?: AbortSignal;
}

/** How something goes on. */
interface Followed<E> {
  /** Resolves when the request has been answered. */
  readonly accepted: Promise<void>;
  /** Resolves when it has started, or ended without. */
  readonly started: Promise<void>;
  /** Resolves with the event of its end. */
  readonly finished: Promise<E>;
}

/**
 * When to look for the first time whether it is still there, by the kind of the target, in milliseconds.
 * Asterisk tells nothing of a bridge in which no channel of the application is.
 */
const firstLook: Readonly<Record<string, number>> = { bridge: 1_000, channel: 5_000 };

/**
 * Does something and follows it through its events, to which it subscribes first. What clients of a
 * connection do so to the same channel or bridge is sent in the order in which they began it. Nobody has
 * to look at the promises: what is rejected and not looked at is no unhandled rejection.
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
    // The end may be among what is missing.
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

/** What is read from the events, and asked for where they do not tell. */
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

  /** The event of its end. @throws {AriProxyError} When it has failed, or nobody can tell. */
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

  /** Asks whether it is still there. */
  async look(): Promise<void> {
    const { state } = await this.#plan.look();
    if (state !== "queued") this.#begin();
  }

  /** What has become of it when it is over and no event told. */
  async missed(cause: AriProxyError): Promise<E> {
    const { what, remains } = this.#plan;
    const found = await remains(this.#begun);
    if (found) return found;
    if (this.#targetGone) throw this.#gone();
    const text = `Cannot ${what} to its end: it is over, and no event has told how`;
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

  /** Asterisk tells a failure also when a channel or bridge goes meanwhile, and before that. */
  async #failure(why: string, events: EventStream<AriEvent>): Promise<AriProxyError> {
    const { what, target } = this.#plan;
    if (this.#leaving || this.#targetGone || await this.#lacksTarget()) return this.#gone();
    // What has come while it was asked.
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
