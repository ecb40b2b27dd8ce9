/**
 * The event subscriptions of applications in Asterisk, besides those for their own channels, and their
 * event filters: Asterisk loses all of them when it restarts, and some of them whenever the ARI WebSocket
 * is closed.
 *
 * @module
 */
import { backoff, type BackoffOptions } from "../../common/backoff.ts";
import { errorText } from "../../common/error_text.ts";
import type { Log } from "../../common/log.ts";
import { pause } from "../../common/pause.ts";
import type { ThrottledLog } from "../../common/throttle.ts";
import {
  type AriResult,
  type CallOptions,
  isSuccess,
  type PerformContext,
} from "../../protocol/kinds/engine.ts";
import { isObject, type JsonObject, parseJson } from "../../protocol/json.ts";
import type { Coordinates } from "../../protocol/key.ts";
import { type AriCall, joinPath, makeCall } from "../../protocol/ari_call.ts";

/** The subscriptions of an application. */
interface Subscriptions {
  /** Sources by their scheme, as in `endpoint`, in the order in which they were subscribed to. */
  readonly sources: Map<string, Set<string>>;
  /** Which types of events pass, if not all do: a body for Asterisk. */
  filter: JsonObject | undefined;
}

/** The result of an attempt to restore the subscriptions of an application. */
interface Restored {
  /** How many sources and filters Asterisk had lost and has again. */
  readonly count: number;
  /** How many it does not have again, as far as is known. */
  readonly missing: number;
  /** Why the last of these are missing, for people; empty when none is. */
  readonly reason: string;
}

/** An attempt to restore. */
interface Attempt {
  readonly path: string;
  /** Its result so far. */
  readonly progress: { -readonly [name in keyof Restored]: Restored[name] };
  readonly signal: AbortSignal;
}

/** Sources that do not come back once they are gone. */
const transient = /^(?:channel|bridge):/;

/** Requests in flight at a time when much is to be restored. */
const parallel = 8;

/** Statuses with which Asterisk answers the unsubscription from what it does not send. */
const notSubscribed: readonly number[] = [409, 422];

const paths = /^\/applications\/([^/]+)\/(subscription|eventFilter)$/;

/** Members of an application that list its sources: the scheme, and the name for all of a kind. */
const lists: readonly (readonly [member: string, scheme: string, all: string])[] = [
  ["channel_ids", "channel", "__AST_CHANNEL_ALL_TOPIC"],
  ["bridge_ids", "bridge", "__AST_BRIDGE_ALL_TOPIC"],
  ["endpoint_ids", "endpoint", "__AST_ENDPOINT_ALL_TOPIC"],
  ["device_names", "deviceState", "__AST_DEVICE_STATE_ALL_TOPIC"],
];

/** Records subscriptions as Asterisk accepts them, and makes them again. */
export class AsteriskSubscriptions {
  readonly #applications: { readonly names: readonly string[] };
  readonly #send: PerformContext["send"];
  readonly #limit: number;
  readonly #byApplication = new Map<string, Subscriptions>();

  /**
   * Starts without subscriptions.
   *
   * @param options.applications Those of the proxy; others are not recorded.
   * @param options.send Sends a request to Asterisk. It rejects when Asterisk cannot be reached.
   * @param options.limit How many sources of a kind (channels, endpoints …) are recorded for an
   * application; beyond that the oldest are forgotten. @default 10_000
   */
  constructor({ applications, send, limit = 10_000 }: {
    readonly applications: { readonly names: readonly string[] };
    readonly send: PerformContext["send"];
    readonly limit?: number;
  }) {
    this.#applications = applications;
    this.#send = send;
    this.#limit = limit;
  }

  /** Sends a request of a client to Asterisk, and records what Asterisk accepted. */
  readonly send = async (call: AriCall, options?: CallOptions): Promise<AriResult> => {
    const result = await this.#send(call, options);
    const match = paths.exec(call.path);
    const app = match && this.#subscriptionsOf(decodeURIComponent(match[1]));
    // Otherwise attempts to restore what Asterisk does not have any more could not be ended.
    const unwanted = call.method === "DELETE" && notSubscribed.includes(result.status);
    if (!app || !(isSuccess(result) || unwanted)) return result;
    if (match[2] === "eventFilter") app.filter = filterOf(parseJson(result.body));
    else if (call.method === "POST") sourcesOf(call).forEach((source) => this.#add(app, source));
    else if (call.method === "DELETE") sourcesOf(call).forEach((source) => remove(app, source));
    return result;
  };

  /**
   * Makes the subscriptions again that Asterisk has lost. Those of channels and bridges that are gone are
   * forgotten; endpoints and the like may appear later, with a module that is still being loaded. When
   * Asterisk cannot be reached, the rest is missing.
   *
   * @throws The reason of the signal.
   */
  async restore(name: string, signal: AbortSignal): Promise<Restored> {
    const app = this.#byApplication.get(name);
    const progress = { count: 0, missing: app ? sizeOf(app) : 0, reason: "" };
    if (!app || progress.missing === 0) return progress;
    try {
      await this.#restore(app, { path: joinPath(["applications", name]), progress, signal });
    } catch (error) {
      signal.throwIfAborted();
      progress.reason = errorText(error);
    }
    return progress;
  }

  async #restore(app: Subscriptions, { path, progress, signal }: Attempt): Promise<void> {
    const look = await this.#send({ method: "GET", path, query: "" });
    const known = look.status === 200 ? parseJson(look.body) : undefined;
    if (!isObject(known)) {
      progress.reason = `GET ${path} answered ${statusText(look)}`;
      return;
    }
    const lost = missingSources(app, known);
    const filter = isSame(app.filter, filterOf(known)) ? undefined : app.filter;
    progress.missing = lost.length + Number(filter !== undefined);
    const record = (result: AriResult, what: string) => {
      if (isSuccess(result)) {
        progress.count++;
        progress.missing--;
      } else progress.reason = `${what}: Asterisk answered ${statusText(result)}`;
    };
    if (filter) {
      signal.throwIfAborted();
      const call = makeCall("PUT", `${path}/eventFilter`, { body: filter });
      record(await this.#send(call), "event filter");
    }
    const left = lost.values();
    const work = async () => {
      for (const source of left) {
        signal.throwIfAborted();
        const call = makeCall("POST", `${path}/subscription`, { body: { eventSource: source } });
        const result = has(app, source) ? await this.#send(call) : undefined;
        const gone = result && transient.test(source) && !isSuccess(result) && result.status < 500;
        if (gone) remove(app, source);
        if (result && !gone) record(result, source);
        else progress.missing--;
      }
    };
    // All have to be over before the result is returned.
    const works = await Promise.allSettled(Array.from({ length: parallel }, work));
    const broken = works.find(({ status }) => status === "rejected");
    if (broken?.status === "rejected") throw broken.reason;
  }

  /** The record of an application of the proxy; undefined for any other. */
  #subscriptionsOf(name: string): Subscriptions | undefined {
    if (!this.#applications.names.includes(name)) return undefined;
    const known = this.#byApplication.get(name) ?? { sources: new Map(), filter: undefined };
    this.#byApplication.set(name, known);
    return known;
  }

  #add({ sources }: Subscriptions, source: string): void {
    const scheme = schemeOf(source);
    const names = sources.get(scheme) ?? new Set();
    sources.set(scheme, names);
    names.delete(source);
    names.add(source);
    const [oldest] = names;
    if (names.size > this.#limit) names.delete(oldest);
  }
}

const PAUSES: BackoffOptions = { first: 500, max: 30_000 };

interface RestorationOptions {
  readonly subscriptions: Pick<AsteriskSubscriptions, "restore">;
  /** Called when Asterisk had lost some of them, and has them again. */
  readonly onRestored: (self: Coordinates, count: number) => void;
  readonly log: Log;
  readonly warnings: ThrottledLog;
  /**
   * Pauses between attempts, in milliseconds.
   *
   * @default 500 growing to 30_000
   */
  readonly pauses?: BackoffOptions;
}

/**
 * Restores subscriptions until Asterisk has all of them: an endpoint may appear with a module that is
 * still being loaded, and a REST interface that failed may answer later.
 */
export class Restoration {
  readonly #options: RestorationOptions;
  /** How much is missing, by run. */
  readonly #missing = new Map<AbortSignal, number>();

  /** Makes a restoration that does not run. */
  constructor(options: RestorationOptions) {
    this.#options = options;
  }

  /** Subscriptions and filters that at least one attempt did not restore. */
  get missing(): number {
    return this.#missing.values().reduce((sum, missing) => sum + missing, 0);
  }

  /**
   * Restores all of an application, however long that takes; never rejects.
   *
   * @param connection Aborts with the connection to Asterisk. The next one starts anew.
   */
  async run(self: Coordinates, connection: AbortSignal): Promise<void> {
    // The connection is shared with other applications.
    const signal = AbortSignal.any([connection]);
    signal.addEventListener("abort", () => this.#missing.delete(signal), { once: true });
    await this.#run(self, signal).catch((error) => {
      if (signal.aborted) return;
      const reason = errorText(error);
      this.#options.warnings.warn("Restoring Asterisk subscriptions failed", { reason });
    });
  }

  async #run(self: Coordinates, signal: AbortSignal): Promise<void> {
    const { subscriptions, onRestored, log, warnings, pauses } = this.#options;
    const { app: application } = self;
    let total = 0;
    for (let attempt = 0;; attempt++) {
      const { count, missing, reason } = await subscriptions.restore(application, signal);
      signal.throwIfAborted();
      total += count;
      if (count > 0) onRestored(self, count);
      if (missing === 0) {
        this.#missing.delete(signal);
        if (total > 0 || attempt > 0) {
          log.info("Asterisk subscriptions restored", { application, count: total });
        }
        return;
      }
      this.#missing.set(signal, missing);
      if (attempt === 0) {
        const text = "Restoring Asterisk subscriptions failed, retrying";
        warnings.warn(text, { application, missing, reason });
      }
      await pause(backoff(attempt, { ...PAUSES, ...pauses }), signal);
    }
  }
}

function sizeOf({ sources, filter }: Subscriptions): number {
  return sources.values().reduce((sum, names) => sum + names.size, Number(filter !== undefined));
}

function isSame(one: JsonObject | undefined, other: JsonObject | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function statusText({ status, reason }: AriResult): string {
  return `${status} ${reason}`.trim();
}

function missingSources({ sources }: Subscriptions, known: JsonObject): string[] {
  const present = new Set<string>();
  const whole = new Set<string>();
  for (const [member, scheme, all] of lists) {
    const names = known[member];
    if (!Array.isArray(names)) continue;
    for (const name of names) {
      if (name === all) whole.add(scheme);
      else present.add(`${scheme}:${name}`);
    }
  }
  return [...sources].flatMap(([scheme, names]) =>
    whole.has(scheme) ? [] : [...names].filter((source) => !present.has(source))
  );
}

/** The sources that a call names: in its query, separated by commas, or in its body. */
function sourcesOf({ query, body }: AriCall): string[] {
  const inQuery = new URLSearchParams(query).getAll("eventSource").flatMap((it) => it.split(","));
  const given = body === undefined ? undefined : parseJson(body);
  const inBody = isObject(given) ? [given.eventSource].flat() : [];
  return [...inQuery, ...inBody].filter((source) => typeof source === "string").filter(Boolean);
}

/** The types that pass and those that do not, as a body; undefined when all pass. */
function filterOf(application: unknown): JsonObject | undefined {
  if (!isObject(application)) return undefined;
  const { events_allowed: allowed = [], events_disallowed: disallowed = [] } = application;
  if (!Array.isArray(allowed) || !Array.isArray(disallowed)) return undefined;
  return allowed.length + disallowed.length > 0 ? { allowed, disallowed } : undefined;
}

function has({ sources }: Subscriptions, source: string): boolean {
  return sources.get(schemeOf(source))?.has(source) ?? false;
}

function remove({ sources }: Subscriptions, source: string): void {
  const scheme = schemeOf(source);
  const names = sources.get(scheme);
  names?.delete(source);
  if (names?.size === 0) sources.delete(scheme);
}

function schemeOf(source: string): string {
  return source.slice(0, Math.max(0, source.indexOf(":")));
}
