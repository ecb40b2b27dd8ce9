import type { AriDown, AriState, AriUp, AsteriskLink } from "../ari/asterisk_link.ts";
import { inTime } from "../common/in_time.ts";
import type { Coordinates } from "../protocol/key.ts";
import { mint } from "../protocol/mint.ts";
import { assertFits, assertLevel } from "../protocol/subjects.ts";
import { createAdoption } from "./application_registry.ts";
import { Membership } from "./membership.ts";
import { createBackpressure } from "./events/forward.ts";
import { watchBus } from "./bus_watch.ts";
import { connectAsterisk } from "./connect_asterisk.ts";
import { Dialogs, type DroppedBindings, reconcileDialogs } from "./dialogs.ts";
import { type AsteriskContext, Dispatch } from "./requests/dispatch.ts";
import { askAsterisk } from "./requests/ari_sender.ts";
import { EventFlow } from "./events/events.ts";
import { announcedCounts, createStats, type Levels } from "./metrics.ts";
import type { Proxy, ProxyOptions } from "./proxy_options.ts";
import { RecordingFiles } from "./requests/file_reader.ts";
import { throttle, type ThrottledLog } from "../common/throttle.ts";
import { errorText } from "../common/error_text.ts";

export type { AsteriskAddress, Proxy, ProxyOptions } from "./proxy_options.ts";

const surveyInterval = 60_000;

const droppedText: Readonly<Record<DroppedBindings["why"], string>> = {
  dialogs: "A dialog gets no more events of something: it is bound to too many others since",
  entities: "Dialogs get no more events of something: too much else is bound to dialogs since",
  idle: "Dialogs get no more events of something: there were none for too long",
};

/**
 * Starts a proxy between an Asterisk and a bus. It waits for whichever is not there, and goes on by
 * itself when one of them goes away and comes back.
 *
 * @throws {AriProxyError} With the code `invalid` for an application that cannot be in a subject, or
 * is too long for those of the bus.
 */
export function startProxy(options: ProxyOptions): Proxy {
  const { apps, bus: { maxSubject }, nodeId } = options;
  if (nodeId !== undefined) assertLevel(nodeId, "node");
  for (const app of apps) {
    assertLevel(app, "application");
    assertFits({ app, node: nodeId }, maxSubject);
  }
  return new RunningProxy(options);
}

class RunningProxy implements Proxy {
  readonly stats = createStats();
  readonly #options: ProxyOptions;
  readonly #warnings: ThrottledLog;
  readonly #dialogs = new Dialogs({ onDropped: (dropped) => this.#tellDropped(dropped) });
  readonly #files: RecordingFiles;
  readonly #events: EventFlow;
  readonly #dispatch: Dispatch;
  readonly #membership: Membership;
  readonly #link: AsteriskLink;
  /** The applications. More of them come when Asterisk dials. */
  readonly #apps: string[];
  readonly #stopListening: () => void;
  readonly #timer: ReturnType<typeof setInterval>;
  #context: AsteriskContext | undefined;
  #node = "";
  /** Whether it was told that Asterisk is connected. */
  #told = false;
  #asteriskVersion = "";
  #channels: number | undefined;
  #reason = "";
  #closing: Promise<void> | undefined;

  constructor(options: ProxyOptions) {
    const { bus, log, process } = options;
    const apps = this.#apps = [...options.apps];
    this.#options = options;
    this.#warnings = throttle(log);
    this.#events = new EventFlow({
      apps,
      adopt: options.admit && createAdoption({
        apps,
        admit: options.admit,
        limit: options.appLimit ?? Infinity,
        maxSubject: bus.maxSubject,
        node: () => this.#node,
        onBegin: (self) => this.#events.begin(self),
        onServe: () => {
          if (this.#context && !this.#closing) this.#membership.serve();
        },
        onLost: () => this.stats.eventsLost++,
        log,
        warnings: this.#warnings,
      }),
      bus,
      log,
      rename: options.nodeId !== undefined,
      node: () => this.#node,
      send: askAsterisk({ rest: () => this.#link.rest, maxPayload: () => bus.maxPayload }),
      dialogs: this.#dialogs,
      stats: this.stats,
      warnings: this.#warnings,
      history: options.history,
    });
    this.#files = new RecordingFiles({
      download: (path) => this.#link.rest.download(path),
      maxPayload: () => bus.maxPayload,
    });
    this.#dispatch = new Dispatch({
      bus,
      log,
      stats: this.stats,
      limit: options.requestLimit,
      policy: options.policy,
      onRequest: options.onRequest,
      warnings: this.#warnings,
      context: () => this.#context,
      history: (self, query) => this.#events.history(self, query),
    });
    this.#membership = new Membership({
      bus,
      process,
      interval: options.announceInterval,
      handle: this.#dispatch.handle,
      selves: () => this.selves,
      about: () => ({
        asteriskVersion: this.#asteriskVersion,
        channels: this.#channels,
        counts: announcedCounts(this.stats),
      }),
      onServing: () => this.#tellUp(),
      warnings: this.#warnings,
    });
    this.#stopListening = watchBus(bus, {
      outbox: this.#events.outbox,
      log,
      warnings: this.#warnings,
      onBack: () => this.#membership.announce(),
    });
    this.#timer = setInterval(() => this.#reconcileDialogs(), surveyInterval);
    this.#link = connectAsterisk(options, {
      onEvent: this.#events.handle,
      onState: (state) => this.#onAsterisk(state),
      onWarning: (text, details) => this.#warnings.warn(text, details),
      giveWay: createBackpressure(bus),
    });
    this.#link.start();
  }

  get selves(): readonly Coordinates[] {
    const node = this.#node;
    return this.#context ? this.#apps.map((app) => ({ app, node })) : [];
  }

  get levels(): Levels {
    return {
      asterisks: this.#context ? 1 : 0,
      waitingMessages: this.#events.outbox.waiting,
      waitingBytes: this.#events.outbox.bytes,
      waitingBytesLimit: this.#events.outbox.limit,
      requestsUnderWay: this.#dispatch.underWay,
      requestsWaiting: this.#link.rest.waiting,
      answersRemembered: this.#dispatch.answersRemembered,
      historyBytes: this.#events.historyBytes,
      boundEntities: this.#dialogs.size,
      unrestoredSources: this.#events.unrestored,
    };
  }

  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #onAsterisk(state: AriState): void {
    if (this.#closing) return;
    if (state.up) this.#up(state);
    else this.#down(state);
    this.#reason = state.up ? "" : state.reason;
  }

  #up({ node: entityId, info: { system: { version } }, kept }: AriUp): void {
    const { bus, log } = this.#options;
    const node = this.#options.nodeId ?? entityId;
    try {
      assertLevel(node, "node");
      for (const app of this.#apps) assertFits({ app, node }, bus.maxSubject);
    } catch (error) {
      const reason = errorText(error);
      return this.#down({ up: false, code: "bad_answer", reason });
    }
    const former = this.#node;
    this.#node = node;
    this.#asteriskVersion = version;
    // It has only told more of itself.
    if (this.#context && node === former) return this.#membership.announce();
    this.#context = {
      mint,
      send: this.#events.send,
      readPiece: (call, wanted) => this.#files.read(call, wanted),
      bind: (dialog, entities) => this.#dialogs.bind(dialog, entities),
    };
    this.#events.resume(node, former, { kept });
    this.#told = false;
    this.#membership.serve();
    if (former && former !== node) {
      log.warn("Asterisk changed its entity ID, serving it under the new one", { former, node });
    }
    // Ends may have been missed while it was away.
    if (former) this.#reconcileDialogs();
  }

  /** Tells that all is there for requests. */
  #tellUp(): void {
    if (this.#told || this.#closing) return;
    this.#told = true;
    const { log, onAsterisk } = this.#options;
    const node = this.#node;
    onAsterisk?.({ up: true, node });
    const application = this.#apps.join(",");
    log.info("Asterisk is connected", { application, node, version: this.#asteriskVersion });
  }

  #down({ reason, code }: AriDown): void {
    const { log } = this.#options;
    const was = this.#context !== undefined;
    this.#options.onAsterisk?.({ up: false, reason });
    this.#context = undefined;
    // Between calls nothing happens that anybody could miss.
    if (code !== "idle") this.#events.interrupt(reason);
    if (code === "idle") log.debug("Asterisk has no call for now", { node: this.#node });
    else if (was) log.warn("Asterisk is gone, leaving new calls to other nodes", { reason });
    else if (reason !== this.#reason) log.warn("Waiting for Asterisk", { reason });
    this.#membership.leave().catch((error) => this.#trouble("leave the queue", error));
  }

  #reconcileDialogs(): void {
    const context = this.#context;
    if (!context) return;
    reconcileDialogs(this.#dialogs, context.send).then(
      (channels) => this.#channels = channels,
      (error) => this.#trouble("look at what Asterisk has", error),
    );
  }

  #tellDropped({ why, entity: { kind, id }, dialogs }: DroppedBindings): void {
    this.stats.bindingsDropped += dialogs.length;
    this.#warnings.warn(droppedText[why], { kind, id, dialog: dialogs[0] });
  }

  #trouble(what: string, error: unknown): void {
    const reason = errorText(error);
    this.#warnings.warn(`Could not ${what}`, { reason });
  }

  async #flush(timeout: number): Promise<void> {
    try {
      if (await inTime(this.#options.bus.flush(), timeout)) return;
      throw new Error("The time for closing is over");
    } catch (error) {
      this.#trouble("flush the bus", error);
    }
  }

  async #close(): Promise<void> {
    const { bus, log, drainTimeout = 5_000, closeTimeout = 6_000 } = this.#options;
    const end = performance.now() + closeTimeout;
    const left = () => Math.max(0, end - performance.now());
    const work = async () => {
      await this.#membership.drain();
      await this.#dispatch.settled();
    };
    this.#membership[Symbol.dispose]();
    const finished = work().catch((error) => this.#trouble("end the subscriptions", error));
    if (!await inTime(finished, Math.min(drainTimeout, left()))) {
      log.warn("Closed with requests under way", { requests: this.#dispatch.underWay });
    }
    this.#files[Symbol.dispose]();
    await this.#link[Symbol.asyncDispose]();
    this.#context = undefined;
    clearInterval(this.#timer);
    await this.#events.finish(left());
    this.#stopListening();
    if (bus.connected) await this.#flush(left());
    this.#warnings[Symbol.dispose]();
  }
}
