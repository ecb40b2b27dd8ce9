import type {
  AriDown,
  AriState,
  AriUp,
  AsteriskLink,
  ConnectAsterisk,
  LinkHooks,
} from "../ari/asterisk_link.ts";
import { AriLink } from "../ari/link.ts";
import type { Bus, BusStatus } from "../bus/bus.ts";
import { errorText } from "../common/error_text.ts";
import { inTime } from "../common/in_time.ts";
import type { Log } from "../common/log.ts";
import { throttle, type ThrottledLog } from "../common/throttle.ts";
import type { Coordinates } from "../protocol/key.ts";
import { mint } from "../protocol/mint.ts";
import { assertFits, assertLevel } from "../protocol/subjects.ts";
import { ApplicationRegistry } from "./application_registry.ts";
import { Dialogs, type DroppedBindings, reconcileDialogs } from "./dialogs.ts";
import { EventFlow } from "./events/events.ts";
import { createBackpressure } from "./events/forward.ts";
import type { HistoryOptions } from "./events/history.ts";
import { ClusterAnnouncer } from "./announcer.ts";
import {
  announcedCounts,
  type Counters,
  createCounters,
  type Gauges,
  readGauges,
} from "./metrics.ts";
import { createAriSender } from "./requests/ari_sender.ts";
import { type AsteriskContext, Dispatch, type RequestListener } from "./requests/dispatch.ts";
import { FileReader } from "./requests/file_reader.ts";
import type { Policy } from "./requests/policy.ts";

/** Where Asterisk is. */
export interface AsteriskAddress {
  /** Base URL of its REST interface, such as `http://localhost:8088/ari`. */
  readonly httpUrl: string;
  /** URL of its ARI WebSocket, such as `ws://localhost:8088/ari/events`. */
  readonly websocketUrl: string;
  /** Origin of the ARI WebSocket, where it is not the usual one. */
  readonly origin?: string;
  /** ARI user. */
  readonly username: string;
  /** Password of that user. */
  readonly password: string;
  /** Certificates of authorities to trust besides the usual ones, as PEM. @default none */
  readonly ca?: readonly string[];
}

/** Options of {@linkcode startProxy}. */
export interface ProxyOptions {
  /** Stasis applications: at least one, unless `admit` adds more of them. */
  readonly apps: readonly string[];
  /**
   * Whether to serve an application that is not among `apps`, from its first event on. Without this
   * function an event of such an application counts as one of the first of `apps`.
   */
  readonly admit?: (application: string) => boolean;
  /**
   * How many applications there may be with those that `admit` adds. Events of others are dropped and
   * counted.
   *
   * @default no limit
   */
  readonly appLimit?: number;
  /** The Asterisk: where it is, or, if it connects to the program, what makes the link to it. */
  readonly asterisk: AsteriskAddress | ConnectAsterisk;
  /** Name of the node, instead of Asterisk's entity ID. */
  readonly nodeId?: string;
  /** Identifies this process and its version. */
  readonly process: { readonly id: string; readonly version: string; readonly started: Date };
  /** The bus. It stays open when the proxy is closed. */
  readonly bus: Bus;
  /**
   * What clients may do to Asterisk.
   *
   * @default everything
   */
  readonly policy?: Policy;
  /** How many of the last events are kept for late subscribers. */
  readonly history?: HistoryOptions;
  /** Where changes of state and failures are logged. */
  readonly log: Log;
  /** Called at each change of Asterisk's state, and at each attempt to connect that failed. */
  readonly onAsterisk?: (state: AsteriskState) => void;
  /** Called with each request that was answered. It must not throw. */
  readonly onRequest?: RequestListener;
  /**
   * How long closing waits for requests in flight, in milliseconds.
   *
   * @default {5_000}
   */
  readonly drainTimeout?: number;
  /**
   * How long closing may take in all, in milliseconds: for requests in flight, and then for what the bus
   * has not taken yet.
   *
   * @default {6_000}
   */
  readonly closeTimeout?: number;
  /**
   * How many requests may be in flight; beyond that they are refused as `Busy`.
   *
   * @default {1_000}
   */
  readonly requestLimit?: number;
  /**
   * Time between announcements, in milliseconds.
   *
   * @default {60_000}
   */
  readonly announceInterval?: number;
  /**
   * Time between checks of Asterisk's entity ID and start time, in milliseconds.
   *
   * @default {10_000}
   */
  readonly checkInterval?: number;
  /**
   * Timeout of a request to Asterisk, and of opening its ARI WebSocket, in milliseconds.
   *
   * @default {10_000}
   */
  readonly requestTimeout?: number;
  /**
   * Time without any event after which a ping is sent on the ARI WebSocket, in milliseconds.
   *
   * @default {15_000}
   */
  readonly silence?: number;
  /**
   * Timeout of the pong, in milliseconds.
   *
   * @default {5_000}
   */
  readonly probeTimeout?: number;
}

/** Whether Asterisk is connected, and if not, why. */
export type AsteriskState =
  | { readonly up: true; readonly node: string }
  | { readonly up: false; readonly reason: string };

/** A proxy that runs. */
export interface Proxy extends AsyncDisposable {
  /** What has happened since its start. */
  readonly counters: Readonly<Counters>;
  /** What it has at this moment. */
  readonly gauges: Gauges;
  /** Its coordinates, one for each application, while its Asterisk is connected. */
  readonly selves: readonly Coordinates[];
  /** Stops taking requests, finishes those in flight, flushes the bus. */
  close(): Promise<void>;
}

/** Time between comparisons of the dialogs with what Asterisk has, in milliseconds. */
const reconcileInterval = 60_000;

const droppedText: Readonly<Record<DroppedBindings["why"], string>> = {
  dialogs: "A dialog gets no more events of an entity: it was bound to too many others since",
  entities: "Dialogs get no more events of an entity: too many others were bound since",
  idle: "Dialogs get no more events of an entity: there were none for too long",
};

/**
 * Starts a proxy between an Asterisk and a bus. It waits for whichever is not connected, and continues
 * when that reconnects.
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
  readonly counters = createCounters();
  /** What is known of Asterisk; its parts read it. */
  readonly #asterisk = {
    connected: false,
    node: "",
    version: "",
    channels: undefined as number | undefined,
  };
  readonly #options: ProxyOptions;
  readonly #warnings: ThrottledLog;
  readonly #link: AsteriskLink;
  readonly #applications: ApplicationRegistry;
  readonly #dialogs: Dialogs;
  readonly #events: EventFlow;
  readonly #files: FileReader;
  readonly #context: AsteriskContext;
  readonly #dispatch: Dispatch;
  readonly #announcer: ClusterAnnouncer;
  readonly #stopListening: () => void;
  readonly #timer: ReturnType<typeof setInterval>;
  /** Whether it was logged that Asterisk is connected. */
  #logged = false;
  /** Why Asterisk was not connected when that was last reported. */
  #reason = "";
  #closing: Promise<void> | undefined;

  constructor(options: ProxyOptions) {
    const { bus, log, policy, onRequest, process } = options;
    const { counters } = this;
    const asterisk = this.#asterisk;
    const warnings = throttle(log);
    this.#options = options;
    this.#warnings = warnings;
    const link = connectAsterisk(options, {
      onEvent: (event) => this.#events.handle(event),
      onState: (state) => this.#onAsterisk(state),
      onWarning: warnings.warn,
      pauseReading: createBackpressure(bus),
    });
    this.#link = link;
    this.#applications = new ApplicationRegistry({
      apps: options.apps,
      admit: options.admit,
      limit: options.appLimit,
      bus,
      asterisk,
      onAdded: (self) => this.#events.start(self),
      onServe: () => this.#serveAdded(),
      counters,
      log,
      warnings,
    });
    this.#dialogs = new Dialogs({ onDropped: (dropped) => this.#onDropped(dropped) });
    this.#events = new EventFlow({
      applications: this.#applications,
      asterisk,
      rename: options.nodeId !== undefined,
      bus,
      send: createAriSender(link.rest, bus),
      dialogs: this.#dialogs,
      counters,
      log,
      warnings,
      history: options.history,
    });
    this.#files = new FileReader({ rest: link.rest, bus });
    this.#context = {
      mint,
      send: this.#events.send,
      readChunk: (call, wanted) => this.#files.read(call, wanted),
      bind: (dialog, entities) => this.#dialogs.bind(dialog, entities),
    };
    this.#dispatch = new Dispatch({
      bus,
      asterisk,
      context: this.#context,
      events: this.#events,
      policy,
      limit: options.requestLimit,
      onRequest,
      counters,
      log,
      warnings,
    });
    this.#announcer = new ClusterAnnouncer({
      bus,
      process,
      interval: options.announceInterval,
      selves: () => this.selves,
      about: () => ({
        asteriskVersion: asterisk.version,
        channels: asterisk.channels,
        counts: announcedCounts(counters),
      }),
      handle: this.#dispatch.handle,
      onServing: () => this.#onServing(),
      warnings,
    });
    this.#stopListening = bus.onStatus((status) => this.#onBus(status));
    this.#timer = setInterval(() => this.#reconcileDialogs(), reconcileInterval);
    link.start();
  }

  get selves(): readonly Coordinates[] {
    const { connected, node } = this.#asterisk;
    return connected ? this.#applications.names.map((app) => ({ app, node })) : [];
  }

  get gauges(): Gauges {
    return readGauges({
      connected: this.#asterisk.connected,
      dialogs: this.#dialogs,
      dispatch: this.#dispatch,
      events: this.#events,
      link: this.#link,
    });
  }

  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #onBus(status: BusStatus): void {
    const { log } = this.#options;
    const { outbox } = this.#events;
    switch (status.type) {
      case "connected":
        log.info("The bus is connected again", { server: status.server, queued: outbox.queued });
        outbox.retry();
        this.#announcer.announce();
        break;
      case "disconnected":
        log.warn("The bus is disconnected, queueing events", { reason: status.reason });
        outbox.reportUnconfirmed(status.reason);
        break;
      case "retrying":
        // Each reason is logged, not only the first one: the user may have to act.
        this.#warnings.warn(`Still no connection to the bus: ${status.reason}`);
        break;
      case "error":
        this.#warnings.warn("The bus reports an error", { reason: status.reason });
        if (status.lossy) outbox.reportUnconfirmed(status.reason);
    }
  }

  #onAsterisk(state: AriState): void {
    if (this.#closing) return;
    if (state.up) this.#up(state);
    else this.#down(state);
    this.#reason = state.up ? "" : state.reason;
  }

  #up({ node: entityId, info: { system: { version } }, kept }: AriUp): void {
    const { bus, log } = this.#options;
    const asterisk = this.#asterisk;
    const node = this.#options.nodeId ?? entityId;
    try {
      assertLevel(node, "node");
      for (const app of this.#applications.names) assertFits({ app, node }, bus.maxSubject);
    } catch (error) {
      const reason = errorText(error);
      return this.#down({ up: false, code: "bad_response", reason });
    }
    const former = asterisk.node;
    const known = asterisk.connected && node === former;
    asterisk.node = node;
    asterisk.version = version;
    // Only its description has changed.
    if (known) return this.#announcer.announce();
    asterisk.connected = true;
    this.#events.resume(node, former, kept);
    this.#logged = false;
    this.#announcer.serve();
    if (former && former !== node) {
      log.warn("Asterisk changed its entity ID, serving it under the new one", { former, node });
    }
    // Ends of entities may have been missed while it was not connected.
    if (former) this.#reconcileDialogs();
  }

  /** Reports that the bus has accepted the subscriptions, so that requests can come. */
  #onServing(): void {
    if (this.#logged || this.#closing) return;
    this.#logged = true;
    const { log, onAsterisk } = this.#options;
    const { node, version } = this.#asterisk;
    onAsterisk?.({ up: true, node });
    const application = this.#applications.names.join(",");
    log.info("Asterisk is connected", { application, node, version });
  }

  #down({ reason, code }: AriDown): void {
    const { log, onAsterisk } = this.#options;
    const asterisk = this.#asterisk;
    const was = asterisk.connected;
    onAsterisk?.({ up: false, reason });
    asterisk.connected = false;
    // Between calls nothing happens that a listener could miss.
    if (code !== "idle") this.#events.interrupt(reason);
    if (code === "idle") {
      log.debug("No call WebSocket of Asterisk is open", { node: asterisk.node });
    } else if (was) {
      log.warn("Asterisk is disconnected, leaving new calls to other nodes", { reason });
    } else if (reason !== this.#reason) log.warn("Waiting for Asterisk", { reason });
    this.#announcer.leave().catch((error) => this.#warn("Leaving the request queue failed", error));
  }

  /** Serves applications that were added, unless Asterisk is not connected any more. */
  #serveAdded(): void {
    if (this.#asterisk.connected && !this.#closing) this.#announcer.serve();
  }

  #reconcileDialogs(): void {
    if (!this.#asterisk.connected) return;
    reconcileDialogs(this.#dialogs, this.#events.send).then(
      (channels) => this.#asterisk.channels = channels,
      (error) => this.#warn("Comparing dialogs with what Asterisk has failed", error),
    );
  }

  #onDropped({ why, entity: { kind, id }, dialogs }: DroppedBindings): void {
    this.counters.bindingsDropped += dialogs.length;
    this.#warnings.warn(droppedText[why], { kind, id, dialog: dialogs[0] });
  }

  #warn(what: string, error: unknown): void {
    this.#warnings.warn(what, { reason: errorText(error) });
  }

  async #flush(timeout: number): Promise<void> {
    try {
      if (await inTime(this.#options.bus.flush(), timeout)) return;
      throw new Error("Closing took too long");
    } catch (error) {
      this.#warn("Flushing the bus failed", error);
    }
  }

  async #close(): Promise<void> {
    const { bus, log, drainTimeout = 5_000, closeTimeout = 6_000 } = this.#options;
    const end = performance.now() + closeTimeout;
    const left = () => Math.max(0, end - performance.now());
    const work = async () => {
      await this.#announcer.drain();
      await this.#dispatch.settled();
    };
    this.#announcer[Symbol.dispose]();
    const finished = work().catch((error) => this.#warn("Ending the subscriptions failed", error));
    if (!await inTime(finished, Math.min(drainTimeout, left()))) {
      log.warn("Closed with requests in flight", { requests: this.#dispatch.inFlight });
    }
    this.#files[Symbol.dispose]();
    await this.#link[Symbol.asyncDispose]();
    this.#asterisk.connected = false;
    clearInterval(this.#timer);
    await this.#events.finish(left());
    this.#stopListening();
    if (bus.connected) await this.#flush(left());
    this.#warnings[Symbol.dispose]();
  }
}

/** The link to an Asterisk, whichever side connects to the other. */
function connectAsterisk({ asterisk, ...options }: ProxyOptions, hooks: LinkHooks): AsteriskLink {
  if (typeof asterisk === "function") return asterisk(hooks);
  const { apps: applications, checkInterval, requestTimeout, silence, probeTimeout } = options;
  const times = { checkInterval, requestTimeout, silence, probeTimeout };
  return new AriLink({ ...asterisk, ...times, ...hooks, applications });
}
