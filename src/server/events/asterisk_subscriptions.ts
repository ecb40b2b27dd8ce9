import { backoff, type BackoffOptions } from "../../common/backoff.ts";
import { errorText } from "../../common/error_text.ts";
import type { Log } from "../../common/log.ts";
import { pause } from "../../common/pause.ts";
import type { ThrottledLog } from "../../common/throttle.ts";
import { type AriResult, isSuccess } from "../../protocol/answer.ts";
import { isObject, type JsonObject, parseJson } from "../../protocol/json.ts";
import type { Coordinates } from "../../protocol/key.ts";
import type { CallOptions, PerformContext } from "../../protocol/perform.ts";
import { type AriCall, joinPath, makeCall } from "../../protocol/route.ts";

/** Options of {@linkcode EventSources}. */
interface EventSourcesOptions {
  /** The applications of the proxy at this moment; others are not its business. */
  readonly apps: readonly string[];
  /** Asks Asterisk. It rejects when Asterisk cannot be reached. */
  readonly send: PerformContext["send"];
  /**
   * How many sources of a kind (channels, endpoints …) are remembered for an application; beyond
   * that the oldest go.
   *
   * @default {10_000}
   */
  readonly limit?: number;
}

interface Remembered {
  /** Sources by their scheme, as in `endpoint`, in the order in which they were subscribed to. */
  readonly sources: Map<string, Set<string>>;
  /** Which types of events pass, if not all do: a body for Asterisk. */
  filter: JsonObject | undefined;
}

/** What came of telling Asterisk again. */
interface Restored {
  /** How many sources and filters of the application it had forgotten and has again. */
  readonly count: number;
  /** How many it does not have again, as far as is known. */
  readonly missing: number;
  /** Why the last of these are missing, for people; empty when none is. */
  readonly reason: string;
}

/** What telling Asterisk again takes. */
interface Telling {
  readonly path: string;
  /** Where to note what came of it. */
  readonly progress: { -readonly [name in keyof Restored]: Restored[name] };
  readonly signal: AbortSignal;
}

/** Sources that do not come back once they are gone. */
const passing = /^(?:channel|bridge):/;

/** Calls under way at a time when much is to be restored. */
const parallel = 8;

/** What Asterisk answers to those who do not want any more what it does not send. */
const notSubscribed: readonly number[] = [409, 422];

const paths = /^\/applications\/([^/]+)\/(subscription|eventFilter)$/;

/** Members of an application that list its sources: the scheme, and the name that stands for all. */
const lists: readonly (readonly [member: string, scheme: string, all: string])[] = [
  ["channel_ids", "channel", "__AST_CHANNEL_ALL_TOPIC"],
  ["bridge_ids", "bridge", "__AST_BRIDGE_ALL_TOPIC"],
  ["endpoint_ids", "endpoint", "__AST_ENDPOINT_ALL_TOPIC"],
  ["device_names", "deviceState", "__AST_DEVICE_STATE_ALL_TOPIC"],
];

/**
 * Remembers what the applications were subscribed to beside their own channels, and which types of
 * events they want, because Asterisk forgets all of it when it restarts, and some of it whenever the
 * event socket closes.
 */
export class EventSources {
  readonly #options: EventSourcesOptions;
  readonly #remembered = new Map<string, Remembered>();

  /** Makes an empty memory. */
  constructor(options: EventSourcesOptions) {
    this.#options = options;
  }

  /** Asks Asterisk, and remembers what it agreed to. */
  readonly send = async (call: AriCall, options?: CallOptions): Promise<AriResult> => {
    const result = await this.#options.send(call, options);
    const match = paths.exec(call.path);
    const app = match && this.#memoryOf(decodeURIComponent(match[1]));
    // Otherwise nobody could end the attempts to restore what Asterisk does not have any more.
    const unwanted = call.method === "DELETE" && notSubscribed.includes(result.status);
    if (!app || !(isSuccess(result) || unwanted)) return result;
    if (match[2] === "eventFilter") app.filter = filterOf(parseJson(result.body));
    else if (call.method === "POST") sourcesOf(call).forEach((source) => this.#add(app, source));
    else if (call.method === "DELETE") sourcesOf(call).forEach((source) => forget(app, source));
    return result;
  };

  /**
   * Tells Asterisk again what it has forgotten. Channels and bridges that are gone meanwhile are
   * forgotten; endpoints and the like may come yet, with a module that is still being loaded. When
   * Asterisk cannot be asked, the rest is missing.
   *
   * @throws The reason of the signal.
   */
  async restore(name: string, signal: AbortSignal): Promise<Restored> {
    const app = this.#remembered.get(name);
    const progress = { count: 0, missing: app ? sizeOf(app) : 0, reason: "" };
    if (!app || progress.missing === 0) return progress;
    try {
      await this.#tell(app, { path: joinPath(["applications", name]), progress, signal });
    } catch (error) {
      signal.throwIfAborted();
      progress.reason = errorText(error);
    }
    return progress;
  }

  async #tell(app: Remembered, { path, progress, signal }: Telling): Promise<void> {
    const { send } = this.#options;
    const look = await send({ method: "GET", path, query: "" });
    const known = look.status === 200 ? parseJson(look.body) : undefined;
    if (!isObject(known)) {
      progress.reason = `GET ${path} answered ${answerText(look)}`;
      return;
    }
    const forgotten = missingSources(app, known);
    const filter = isSame(app.filter, filterOf(known)) ? undefined : app.filter;
    progress.missing = forgotten.length + Number(filter !== undefined);
    const take = (result: AriResult, what: string) => {
      if (isSuccess(result)) {
        progress.count++;
        progress.missing--;
      } else progress.reason = `${what}: Asterisk answered ${answerText(result)}`;
    };
    if (filter) {
      signal.throwIfAborted();
      take(await send(makeCall("PUT", `${path}/eventFilter`, { body: filter })), "event filter");
    }
    const left = forgotten.values();
    const work = async () => {
      for (const source of left) {
        signal.throwIfAborted();
        const call = makeCall("POST", `${path}/subscription`, { body: { eventSource: source } });
        const result = has(app, source) ? await send(call) : undefined;
        const gone = result && passing.test(source) && !isSuccess(result) && result.status < 500;
        if (gone) forget(app, source);
        if (result && !gone) take(result, source);
        else progress.missing--;
      }
    };
    // All have to be over before what came of it is told.
    const works = await Promise.allSettled(Array.from({ length: parallel }, work));
    const broken = works.find(({ status }) => status === "rejected");
    if (broken?.status === "rejected") throw broken.reason;
  }

  /** What is remembered of an application of the proxy. */
  #memoryOf(name: string): Remembered | undefined {
    if (!this.#options.apps.includes(name)) return undefined;
    const known = this.#remembered.get(name) ?? { sources: new Map(), filter: undefined };
    this.#remembered.set(name, known);
    return known;
  }

  #add({ sources }: Remembered, source: string): void {
    const scheme = schemeOf(source);
    const names = sources.get(scheme) ?? new Set();
    sources.set(scheme, names);
    names.delete(source);
    names.add(source);
    const [oldest] = names;
    if (names.size > (this.#options.limit ?? 10_000)) names.delete(oldest);
  }
}

function sizeOf({ sources, filter }: Remembered): number {
  return sources.values().reduce((sum, names) => sum + names.size, Number(filter !== undefined));
}

function isSame(one: JsonObject | undefined, other: JsonObject | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function answerText({ status, reason }: AriResult): string {
  return `${status} ${reason}`.trim();
}

function missingSources({ sources }: Remembered, known: JsonObject): string[] {
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

function has({ sources }: Remembered, source: string): boolean {
  return sources.get(schemeOf(source))?.has(source) ?? false;
}

function forget({ sources }: Remembered, source: string): void {
  const scheme = schemeOf(source);
  const names = sources.get(scheme);
  names?.delete(source);
  if (names?.size === 0) sources.delete(scheme);
}

function schemeOf(source: string): string {
  return source.slice(0, Math.max(0, source.indexOf(":")));
}

/** Options of {@linkcode Restoration}. */
interface RestorationOptions {
  /** What Asterisk is to be told. */
  readonly sources: Pick<EventSources, "restore">;
  /** Called when Asterisk had forgotten some of it, and has it again. */
  readonly onRestored: (self: Coordinates, count: number) => void;
  /** Says what was restored. */
  readonly log: Log;
  /** Says that something could not be. */
  readonly warnings: ThrottledLog;
  /**
   * Pauses between attempts, in milliseconds.
   *
   * @default 500 growing to 30_000
   */
  readonly pauses?: BackoffOptions;
}

/**
 * Tells Asterisk again what to send, until it has taken all of it: an endpoint may come with a module
 * that is still being loaded, and a REST interface that failed may answer later.
 */
export class Restoration {
  readonly #options: RestorationOptions;
  /** How much is missing, by run. */
  readonly #missing = new Map<AbortSignal, number>();

  /** Makes one that has nothing to do. */
  constructor(options: RestorationOptions) {
    this.#options = options;
  }

  /** Sources and filters that were tried at least once in vain. */
  get missing(): number {
    return this.#missing.values().reduce((sum, missing) => sum + missing, 0);
  }

  /**
   * Restores all of an application, however long it takes; never rejects.
   *
   * @param connection Aborts with the connection to Asterisk. The next one begins anew.
   */
  async run(self: Coordinates, connection: AbortSignal): Promise<void> {
    // The connection is shared with other applications.
    const signal = AbortSignal.any([connection]);
    signal.addEventListener("abort", () => this.#missing.delete(signal), { once: true });
    await this.#run(self, signal).catch((error) => {
      if (signal.aborted) return;
      const reason = errorText(error);
      this.#options.warnings.warn("Gave up to tell Asterisk again what to send", { reason });
    });
  }

  async #run(self: Coordinates, signal: AbortSignal): Promise<void> {
    const { sources, onRestored, log, warnings, pauses } = this.#options;
    const { app: application } = self;
    let total = 0;
    for (let attempt = 0;; attempt++) {
      const { count, missing, reason } = await sources.restore(application, signal);
      signal.throwIfAborted();
      total += count;
      if (count > 0) onRestored(self, count);
      if (missing === 0) {
        this.#missing.delete(signal);
        const text = attempt > 0
          ? "Asterisk has again, at last, all that clients had subscribed to"
          : "Told Asterisk again what to send events of";
        if (total > 0 || attempt > 0) log.info(text, { application, count: total });
        return;
      }
      this.#missing.set(signal, missing);
      if (attempt === 0) {
        const text = "Could not tell Asterisk again all that clients had subscribed to, trying on";
        warnings.warn(text, { application, missing, reason });
      }
      await pause(backoff(attempt, { ...PAUSES, ...pauses }), signal);
    }
  }
}

const PAUSES: BackoffOptions = { first: 500, max: 30_000 };
