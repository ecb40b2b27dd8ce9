import { createHash } from "node:crypto";
import type { Bus, BusHeaders, BusMessage } from "../../bus/bus.ts";
import { errorText } from "../../common/error_text.ts";
import type { Log } from "../../common/log.ts";
import { pause } from "../../common/pause.ts";
import { SerialQueue } from "../../common/serial_queue.ts";
import type { ThrottledLog } from "../../common/throttle.ts";
import { isResult } from "../../protocol/answer.ts";
import { entities } from "../../protocol/entity.ts";
import { AriProxyError, codeOfError, type ErrorCode, errorTexts } from "../../protocol/errors.ts";
import { nodeHeader, reasonHeader } from "../../protocol/headers.ts";
import type { EventHistoryData, EventHistoryPayload } from "../../protocol/history.ts";
import { isObject, type JsonObject, jsonText, parseJson } from "../../protocol/json.ts";
import type { Coordinates } from "../../protocol/key.ts";
import type { Kind } from "../../protocol/kinds.ts";
import { acts } from "../../protocol/operations.ts";
import { perform, type PerformContext } from "../../protocol/perform.ts";
import { type AnyRequest, decodeRequest, type Request } from "../../protocol/request.ts";
import { encodeResponse, type Response } from "../../protocol/response.ts";
import { dialogSubject, isReplySubject } from "../../protocol/subjects.ts";
import type { Stats } from "../metrics.ts";
import type { RequestListener } from "../proxy_options.ts";
import { AnswerCache } from "./answers.ts";
import type { Policy } from "./policy.ts";

/**
 * Which part of what may be on its way to the bus large answers of what reads take at the most, so
 * that events always find room.
 */
const share = 1 / 2;
/** The longest time to a deadline, in milliseconds: a day. */
const longestPatience = 86_400_000;
/** How many requests for the event history may wait; further ones are refused. */
const historyLimit = 100;
/** Bytes up to which an answer is always tried. */
const shortAnswer = 16 * 1024;

/** What requests are carried out with, as far as Asterisk makes it. */
export type AsteriskContext = Omit<PerformContext, "self" | "now" | "maxPayload">;

/** What requests are handled with. */
interface DispatchOptions {
  /** Where answers go. */
  readonly bus: Pick<Bus, "publish" | "maxPayload" | "maxSubject" | "pending" | "maxPending">;
  /** What a request is carried out with, beside what is known here; undefined while Asterisk is away. */
  readonly context: () => AsteriskContext | undefined;
  /** The last events; undefined when none are kept. */
  readonly history: (
    self: Coordinates,
    query: EventHistoryPayload,
  ) => EventHistoryData | undefined;
  /**
   * What may be done.
   *
   * @default everything
   */
  readonly policy?: Policy;
  /**
   * How many requests may be under way; beyond that they are refused.
   *
   * @default {1_000}
   */
  readonly limit?: number;
  /** Tells the time, in milliseconds since 1970. */
  readonly now?: () => number;
  /** Called with each request that was answered. */
  readonly onRequest?: RequestListener;
  /** What is counted. */
  readonly stats: Stats;
  /** For a line about each request, and bursts of bad ones. */
  readonly log: Log;
  /** Says bad requests and lost answers. */
  readonly warnings: ThrottledLog;
}

/**
 * Handles requests: each at once and on its own, so that none waits for another. Whatever a message
 * contains, the outcome is an answer, where one is wanted.
 */
export class Dispatch {
  readonly #options: DispatchOptions;
  readonly #underWay = new Set<Promise<void>>();
  readonly #answered: AnswerCache;
  /** Each part of the history keeps the processor busy; in between everything else has its turn. */
  readonly #historyQueue = new SerialQueue({ rest: () => pause(1) });

  /** Makes a handler of requests. */
  constructor(options: DispatchOptions) {
    this.#options = options;
    this.#answered = new AnswerCache({
      allCopies: options.limit,
      now: options.now,
      onForgotten: () =>
        options.warnings.warn(
          "Forgot answers before their time, for want of memory: a request that is sent again may " +
            "be carried out again",
        ),
    });
  }

  /** How many requests are under way. */
  get underWay(): number {
    return this.#underWay.size;
  }

  /** How many answers are remembered for who sends a request again. */
  get answersRemembered(): number {
    return this.#answered.count;
  }

  /** Takes a request from the bus, for an application. */
  readonly handle = (message: BusMessage, self: Coordinates): void => {
    this.#options.stats.requestsReceived++;
    const { replyTo } = message;
    if (replyTo && !isReplySubject(replyTo)) {
      return this.#refuseReplySubject(message.subject, replyTo);
    }
    const handled = this.#handle(message, self).finally(() => this.#underWay.delete(handled));
    this.#underWay.add(handled);
  };

  /** Resolves when the requests that are under way now have been answered. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async #handle(message: BusMessage, self: Coordinates): Promise<void> {
    const { stats, log } = this.#options;
    const { replyTo } = message;
    const began = performance.now();
    let kind: Kind | "unknown" = "unknown";
    const answered = (outcome: ErrorCode | "ok") =>
      this.#options.onRequest?.(kind, outcome, performance.now() - began);
    try {
      const request = this.#decode(message);
      kind = request.kind;
      const response = await this.#perform(request, self);
      const { error, data } = response;
      const bytes = replyTo === undefined ? undefined : this.#encode(message, request, response);
      answered(error ? codeOfError(error) : "ok");
      if (error) stats.requestsFailed++;
      log.debug("AnswerCache a request", { subject: message.subject, ...(error && { error }) });
      const headers = { ...restReason(data), [nodeHeader]: self.node };
      if (bytes) this.#answer(message, bytes, error ? headers : undefined);
    } catch (error) {
      stats.requestsFailed++;
      answered(error instanceof AriProxyError ? error.code : "failed");
      const text = errorText(error);
      log.debug("Refused a request", { subject: message.subject, error: text });
      const headers = { ...reasonOf(error), [nodeHeader]: self.node };
      this.#answer(message, encodeResponse({ error: text }), headers);
    }
  }

  #perform(request: AnyRequest, self: Coordinates): Promise<Response> {
    const { bus, context, policy, limit = 1_000, now = Date.now } = this.#options;
    try {
      policy?.check(request, self);
    } catch (error) {
      if (error instanceof AriProxyError && error.code === "denied") this.#tellDenied(error);
      throw error;
    }
    const { id, deadline } = request;
    const late = deadline === undefined ? 0 : now() - deadline;
    if (late > 0) throw new AriProxyError("expired", errorTexts.expired(late));
    // It needs no Asterisk.
    if (request.kind === "EventHistory") return this.#history(request, self);
    const carryOut = () => {
      const present = context();
      if (!present) throw new AriProxyError("asterisk_down", errorTexts.asteriskDown);
      if (this.underWay >= limit) throw new AriProxyError("busy", errorTexts.busy(limit));
      return perform(request, { ...present, self, now, maxPayload: bus.maxPayload });
    };
    // To read again does no harm, and what was read is large to remember.
    if (id === undefined || !acts(request.kind, request.payload)) return carryOut();
    // What all are asked to do is done by each application of this process.
    const identity = { id: `${self.app} ${id}`, hash: contentHash(request), deadline };
    return this.#answered.once(identity, carryOut);
  }

  async #history(
    { payload, deadline = Infinity }: Request<"EventHistory">,
    self: Coordinates,
  ): Promise<Response> {
    const { now = Date.now } = this.#options;
    if (this.#historyQueue.waiting >= historyLimit) {
      throw new AriProxyError("busy", errorTexts.busyTelling(historyLimit));
    }
    const history = await this.#historyQueue.run(() => {
      if (now() > deadline) throw new AriProxyError("expired", errorTexts.expiredWaiting);
      return this.#options.history(self, payload ?? {});
    });
    if (!history) throw new AriProxyError("unsupported", errorTexts.notImplemented);
    return { error: "", data: { [entities.history.data]: { ...history } } };
  }

  /** Carries nothing out: the requester cannot be answered, and is broken or hostile. */
  #refuseReplySubject(subject: string, replyTo: string): void {
    const { stats, warnings, onRequest } = this.#options;
    stats.requestsFailed++;
    stats.replySubjectsRefused++;
    onRequest?.("unknown", "invalid", 0);
    const text =
      "Refused a request: its reply subject belongs to the protocol or to the bus server";
    warnings.warn(text, { subject, replyTo: replyTo.slice(0, 80) });
  }

  #tellDenied({ message }: AriProxyError): void {
    this.#options.stats.requestsDenied++;
    this.#options.warnings.warn("Refused a request that the policy does not allow", {
      reason: message,
    });
  }

  #decode({ subject, data }: BusMessage): ReturnType<typeof decodeRequest> {
    const { now = Date.now } = this.#options;
    try {
      const request = withBoundedDeadline(decodeRequest(data), now());
      if (request.key.dialog) dialogSubject(request.key.dialog, this.#options.bus.maxSubject);
      return request;
    } catch (error) {
      const reason = errorText(error);
      this.#options.warnings.warn("Refused a request that is not as it has to be", {
        subject,
        reason,
      });
      throw error;
    }
  }

  /**
   * The bytes of an answer.
   *
   * @throws {AriProxyError} With the code `too_large` or `busy` when the bus does not take them.
   */
  #encode({ subject }: BusMessage, { kind, payload }: AnyRequest, response: Response): Uint8Array {
    const { bus, warnings } = this.#options;
    const data = encodeResponse(response);
    const size = data.length;
    if (size > bus.maxPayload) {
      const text = "Could not send an answer: it is larger than the bus allows";
      warnings.warn(text, { subject, size });
      throw new AriProxyError("too_large", errorTexts.tooLarge(`${size} bytes`, bus.maxPayload));
    }
    if (size > shortAnswer && bus.pending + size > bus.maxPending * share && !acts(kind, payload)) {
      throw new AriProxyError("busy", errorTexts.busyBus);
    }
    return data;
  }

  #answer({ replyTo, subject }: BusMessage, data: Uint8Array, headers?: BusHeaders): void {
    if (!replyTo) return;
    const { bus, stats, warnings } = this.#options;
    try {
      if (bus.publish(replyTo, data, headers && { headers })) return;
      warnings.warn("Could not send an answer: no connection to the bus", { subject });
    } catch (error) {
      warnings.warn("Could not send an answer", { subject, reason: String(error) });
    }
    stats.answersLost++;
  }
}

/**
 * The request with its deadline at most {@linkcode longestPatience} away: its answer is kept until
 * then, which must not be for years where a clock is wrong.
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

/** What Asterisk said when it refused, as a header; undefined for any other error. */
function reasonOf(error: unknown): BusHeaders | undefined {
  const result = error instanceof AriProxyError ? error.cause : undefined;
  return isResult(result) ? reasonHeaders(parseJson(result.body)) : undefined;
}

/** What the answer of the kind `Rest` says, as a header; undefined when it is none. */
function restReason(data: JsonObject | undefined): BusHeaders | undefined {
  const rest = data?.[entities.rest.data];
  return isObject(rest) ? reasonHeaders(rest.body) : undefined;
}

/** What the body of a refusal says, as a header. */
function reasonHeaders(body: unknown): BusHeaders | undefined {
  const said = isObject(body) ? body.message ?? body.error : undefined;
  if (typeof said !== "string" || !said) return undefined;
  // A header holds one line of printable characters without blanks around it.
  const line = said.replaceAll(/[^\x20-\x7e]+/g, " ").trim().slice(0, 500).trimEnd();
  return line ? { [reasonHeader]: line } : undefined;
}
