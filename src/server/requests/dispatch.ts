import { createHash } from "node:crypto";
import type { Bus, BusHeaders, BusMessage } from "../../bus/bus.ts";
import { errorText } from "../../common/error_text.ts";
import type { Log } from "../../common/log.ts";
import { pause } from "../../common/pause.ts";
import { SerialQueue } from "../../common/serial_queue.ts";
import type { ThrottledLog } from "../../common/throttle.ts";
import { isResult, perform, type PerformContext } from "../../protocol/kinds/engine.ts";
import { entities } from "../../protocol/entity.ts";
import { AriProxyError, codeOfError, type ErrorCode, errorTexts } from "../../protocol/errors.ts";
import { nodeHeader, reasonHeader } from "../../protocol/headers.ts";
import type { EventHistoryData, EventHistoryPayload } from "../../protocol/kinds/event_history.ts";
import { isObject, type JsonObject, jsonText, parseJson } from "../../protocol/json.ts";
import type { Coordinates } from "../../protocol/key.ts";
import { acts, type Kind } from "../../protocol/kinds/kinds.ts";
import { type AnyRequest, decodeRequest, type Request } from "../../protocol/request.ts";
import { encodeResponse, type Response } from "../../protocol/response.ts";
import { dialogSubject, isReplySubject } from "../../protocol/subjects.ts";
import type { Counters } from "../metrics.ts";
import { ReplyCache } from "./replies.ts";
import type { Policy } from "./policy.ts";

/**
 * Which share of the bytes that may be pending on the bus large responses of requests that only read may
 * use, so that there is always room for events.
 */
const share = 1 / 2;
/** Responses up to this size, in bytes, are always published. */
const shortResponse = 16 * 1024;
/** The longest time to a deadline, in milliseconds: a day. */
const longestPatience = 86_400_000;
/** How many requests for the event history may wait; further ones are refused. */
const historyLimit = 100;

/** What requests are carried out with, as far as it is the same for all of them. */
export type AsteriskContext = Omit<PerformContext, "self" | "now" | "maxPayload">;

/**
 * Takes a request that was answered: its kind (`unknown` for what is not a request), the code of the
 * error or `ok`, and the time it took, in milliseconds.
 */
export type RequestListener = (
  kind: Kind | "unknown",
  outcome: ErrorCode | "ok",
  time: number,
) => void;

interface DispatchOptions {
  readonly bus: Pick<Bus, "publish" | "maxPayload" | "maxSubject" | "pending" | "maxPending">;
  /** Whether Asterisk is connected at this moment. */
  readonly asterisk: { readonly connected: boolean };
  readonly context: AsteriskContext;
  /** The event history; it returns undefined when no events are kept. */
  readonly events: {
    history(self: Coordinates, query: EventHistoryPayload): EventHistoryData | undefined;
  };
  /**
   * What clients may do.
   *
   * @default everything
   */
  readonly policy?: Policy;
  /**
   * How many requests may be in flight; beyond that they are refused.
   *
   * @default {1_000}
   */
  readonly limit?: number;
  /** Returns the time, in milliseconds since 1970. */
  readonly now?: () => number;
  /** Called with each request that was answered. */
  readonly onRequest?: RequestListener;
  readonly counters: Counters;
  readonly log: Log;
  readonly warnings: ThrottledLog;
}

/**
 * Handles requests: each at once and independently, so that none waits for another. Whatever a message
 * contains, it gets a response, if it has a reply subject.
 */
export class Dispatch {
  readonly #options: DispatchOptions;
  readonly #inFlight = new Set<Promise<void>>();
  readonly #replies: ReplyCache;
  /** Each part of the history keeps the CPU busy; the pauses between them are for everything else. */
  readonly #historyQueue = new SerialQueue({ rest: () => pause(1) });

  /** Makes a handler of requests. */
  constructor(options: DispatchOptions) {
    this.#options = options;
    this.#replies = new ReplyCache({
      allCopies: options.limit,
      now: options.now,
      onForgotten: () =>
        options.warnings.warn(
          "Forgot cached replies early, out of memory: a request that is sent again may be carried " +
            "out again",
        ),
    });
  }

  /** How many requests are in flight. */
  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** How many replies are cached for retried requests. */
  get cachedReplies(): number {
    return this.#replies.count;
  }

  /** Takes a request from the bus, for an application. */
  readonly handle = (message: BusMessage, self: Coordinates): void => {
    this.#options.counters.requestsReceived++;
    const { replyTo } = message;
    if (replyTo && !isReplySubject(replyTo)) {
      return this.#refuseReplySubject(message.subject, replyTo);
    }
    const handled = this.#handle(message, self).finally(() => this.#inFlight.delete(handled));
    this.#inFlight.add(handled);
  };

  /** Resolves when the requests that are in flight now have been answered. */
  async settled(): Promise<void> {
    await Promise.all(this.#inFlight);
  }

  async #handle(message: BusMessage, self: Coordinates): Promise<void> {
    const { counters, log, onRequest } = this.#options;
    const { replyTo, subject } = message;
    const start = performance.now();
    let kind: Kind | "unknown" = "unknown";
    const answered = (outcome: ErrorCode | "ok") =>
      onRequest?.(kind, outcome, performance.now() - start);
    try {
      const request = this.#decode(message);
      kind = request.kind;
      const response = await this.#perform(request, self);
      const { error, data } = response;
      const bytes = replyTo === undefined ? undefined : this.#encode(message, request, response);
      answered(error ? codeOfError(error) : "ok");
      if (error) counters.requestsFailed++;
      log.debug("Answered a request", { subject, ...(error && { error }) });
      const headers = { ...restReason(data), [nodeHeader]: self.node };
      if (bytes) this.#reply(message, bytes, error ? headers : undefined);
    } catch (error) {
      counters.requestsFailed++;
      answered(error instanceof AriProxyError ? error.code : "failed");
      const text = errorText(error);
      log.debug("Refused a request", { subject, error: text });
      const headers = { ...reasonOf(error), [nodeHeader]: self.node };
      this.#reply(message, encodeResponse({ error: text }), headers);
    }
  }

  #perform(request: AnyRequest, self: Coordinates): Promise<Response> {
    const { asterisk, bus, context, policy, limit = 1_000, now = Date.now } = this.#options;
    try {
      policy?.check(request, self);
    } catch (error) {
      if (error instanceof AriProxyError && error.code === "denied") this.#onDenied(error);
      throw error;
    }
    const { id, deadline } = request;
    const late = deadline === undefined ? 0 : now() - deadline;
    if (late > 0) throw new AriProxyError("expired", errorTexts.expired(late));
    // It does not need Asterisk.
    if (request.kind === "EventHistory") return this.#history(request, self);
    const carryOut = () => {
      if (!asterisk.connected) throw new AriProxyError("asterisk_down", errorTexts.asteriskDown);
      if (this.inFlight >= limit) throw new AriProxyError("busy", errorTexts.busy(limit));
      return perform(request, { ...context, self, now, maxPayload: bus.maxPayload });
    };
    // To read again is harmless, and what was read takes much memory.
    if (id === undefined || !acts(request.kind, request.payload)) return carryOut();
    // A request to all proxies is carried out by each application of this process.
    const identity = { id: `${self.app} ${id}`, hash: contentHash(request), deadline };
    return this.#replies.once(identity, carryOut);
  }

  async #history(
    { payload, deadline = Infinity }: Request<"EventHistory">,
    self: Coordinates,
  ): Promise<Response> {
    const { events, now = Date.now } = this.#options;
    if (this.#historyQueue.waiting >= historyLimit) {
      throw new AriProxyError("busy", errorTexts.busyHistory(historyLimit));
    }
    const history = await this.#historyQueue.run(() => {
      if (now() > deadline) throw new AriProxyError("expired", errorTexts.expiredWaiting);
      return events.history(self, payload ?? {});
    });
    if (!history) throw new AriProxyError("unsupported", errorTexts.notImplemented);
    return { error: "", data: { [entities.history.data]: { ...history } } };
  }

  /** Carries nothing out: the sender cannot be answered, and is faulty or hostile. */
  #refuseReplySubject(subject: string, replyTo: string): void {
    const { counters, warnings, onRequest } = this.#options;
    counters.requestsFailed++;
    counters.replySubjectsRefused++;
    onRequest?.("unknown", "invalid", 0);
    const text =
      "Refused a request: its reply subject belongs to the protocol or to the bus server";
    warnings.warn(text, { subject, replyTo: replyTo.slice(0, 80) });
  }

  #onDenied({ message }: AriProxyError): void {
    this.#options.counters.requestsDenied++;
    this.#options.warnings.warn("Refused a request that the policy does not allow", {
      reason: message,
    });
  }

  #decode({ subject, data }: BusMessage): AnyRequest {
    const { bus, warnings, now = Date.now } = this.#options;
    try {
      const request = withBoundedDeadline(decodeRequest(data), now());
      if (request.key.dialog) dialogSubject(request.key.dialog, bus.maxSubject);
      return request;
    } catch (error) {
      warnings.warn("Refused a malformed request", { subject, reason: errorText(error) });
      throw error;
    }
  }

  /**
   * The bytes of a response.
   *
   * @throws {AriProxyError} With the code `too_large` or `busy` when the bus does not take them.
   */
  #encode({ subject }: BusMessage, { kind, payload }: AnyRequest, response: Response): Uint8Array {
    const { bus, warnings } = this.#options;
    const data = encodeResponse(response);
    const size = data.length;
    if (size > bus.maxPayload) {
      const text = "Cannot publish a response: it is larger than the bus allows";
      warnings.warn(text, { subject, size });
      throw new AriProxyError("too_large", errorTexts.tooLarge(`${size} bytes`, bus.maxPayload));
    }
    const full = bus.pending + size > bus.maxPending * share;
    if (size > shortResponse && full && !acts(kind, payload)) {
      throw new AriProxyError("busy", errorTexts.busyBus);
    }
    return data;
  }

  #reply({ replyTo, subject }: BusMessage, data: Uint8Array, headers?: BusHeaders): void {
    if (!replyTo) return;
    const { bus, counters, warnings } = this.#options;
    try {
      if (bus.publish(replyTo, data, headers && { headers })) return;
      warnings.warn("Cannot publish a response: no connection to the bus", { subject });
    } catch (error) {
      warnings.warn("Cannot publish a response", { subject, reason: String(error) });
    }
    counters.repliesDropped++;
  }
}

/**
 * The request with its deadline at most {@linkcode longestPatience} away: its reply is
 * cached until then, which must not be for years where a clock is wrong.
 */
function withBoundedDeadline(request: AnyRequest, now: number): AnyRequest {
  const { deadline } = request;
  if (deadline === undefined || deadline <= now + longestPatience) return request;
  return { ...request, deadline: now + longestPatience };
}

/**
 * A hash of what a request asks for. Its deadline is not part of that: the sender of a retry may wait
 * longer than the first time.
 */
function contentHash({ kind, key, payload }: AnyRequest): string {
  // What is nested too deeply to be written cannot be sent to Asterisk either.
  const content = jsonText([kind, key, payload]) ?? "";
  return createHash("sha256").update(content).digest("base64");
}

/** What Asterisk said when it refused a request, as a header; undefined for any other error. */
function reasonOf(error: unknown): BusHeaders | undefined {
  const result = error instanceof AriProxyError ? error.cause : undefined;
  return isResult(result) ? reasonHeaders(parseJson(result.body)) : undefined;
}

/** What Asterisk said in the data of a response to the kind `Rest`, as a header; undefined for other data. */
function restReason(data: JsonObject | undefined): BusHeaders | undefined {
  const rest = data?.[entities.rest.data];
  return isObject(rest) ? reasonHeaders(rest.body) : undefined;
}

/** The header for the body of a refusal. */
function reasonHeaders(body: unknown): BusHeaders | undefined {
  const said = isObject(body) ? body.message ?? body.error : undefined;
  if (typeof said !== "string" || !said) return undefined;
  // A header holds one line of printable characters without blanks around it.
  const line = said.replaceAll(/[^\x20-\x7e]+/g, " ").trim().slice(0, 500).trimEnd();
  return line ? { [reasonHeader]: line } : undefined;
}
