import type { AriState } from "../ari/ari_state.ts";
import { AriLink } from "../ari/link.ts";
import type { BusStatus } from "../bus/bus.ts";
import type { Announcement } from "../protocol/announcement.ts";
import type { Coordinates } from "../protocol/key.ts";
import { mint } from "../protocol/mint.ts";
import type { Surroundings } from "../protocol/perform.ts";
import { assertLevel } from "../protocol/subjects.ts";
import { Dialogs } from "./dialogs.ts";
import { Dispatch } from "./dispatch.ts";
import { createForward } from "./forward.ts";
import { Outbox } from "./outbox.ts";
import { Presence } from "./presence.ts";
import type { Proxy, ProxyOptions } from "./proxy_options.ts";
import { createStats } from "./stats.ts";
import { RequestSubscriptions } from "./subscriptions.ts";
import { survey } from "./survey.ts";
import { ThrottledWarning } from "./throttled_warning.ts";

export type { AsteriskAddress, Proxy, ProxyOptions } from "./proxy_options.ts";

const retryInterval = 250;
const surveyInterval = 60_000;

/**
 * Starts a proxy between an Asterisk and a bus. It waits for whichever is not there, and goes on by
 * itself when one of them goes away and comes back.
 *
 * @throws {AriProxyError} With the code `invalid` for an application that cannot be in a subject.
 */
export function startProxy(options: ProxyOptions): Proxy {
  options.apps.forEach((app) => assertLevel(app, "application"));
  if (options.nodeId !== undefined) assertLevel(options.nodeId, "node");
  return new RunningProxy(options);
}

class RunningProxy implements Proxy {
  readonly stats = createStats();
  readonly #options: ProxyOptions;
  readonly #warnings: ThrottledWarning;
  readonly #dialogs = new Dialogs();
  readonly #outbox: Outbox;
  readonly #dispatch: Dispatch;
  readonly #subscriptions: RequestSubscriptions;
  readonly #presence: Presence;
  readonly #link: AriLink;
  readonly #stopListening: () => void;
  readonly #timers: readonly ReturnType<typeof setInterval>[];
  #surroundings: Omit<Surroundings, "self"> | undefined;
  #node = "";
  /** Whether the bus knows of the subscriptions under the present node. */
  #reachable = false;
  #asteriskVersion = "";
  #channels: number | undefined;
  #reason = "";
  #closing: Promise<void> | undefined;

  constructor(options: ProxyOptions) {
    const { apps, asterisk, bus, log, process } = options;
    this.#options = options;
    this.#warnings = new ThrottledWarning(log);
    this.#outbox = new Outbox(bus, {
      onSent: (count) => this.stats.eventsPublished += count,
      onLost: (count) => this.#lost(count),
    });
    this.#dispatch = new Dispatch({
      bus,
      log,
      stats: this.stats,
      limit: options.requestLimit,
      warnings: this.#warnings,
      surroundings: () => this.#surroundings,
    });
    this.#subscriptions = new RequestSubscriptions({ bus, handle: this.#dispatch.handle });
    this.#presence = new Presence({
      bus,
      id: process.id,
      interval: options.announceInterval,
      announcements: () => this.#announcements(),
      onDouble: (other) => this.#tellDouble(other),
    });
    this.#stopListening = bus.onStatus((status) => this.#onBus(status));
    this.#timers = [
      setInterval(() => this.#outbox.retry(), retryInterval),
      setInterval(() => this.#survey(), surveyInterval),
    ];
    this.#link = new AriLink({
      ...asterisk,
      applications: apps,
      checkInterval: options.checkInterval,
      onEvent: createForward({
        apps,
        rename: options.nodeId !== undefined,
        node: () => this.#node,
        dialogs: this.#dialogs,
        outbox: this.#outbox,
        stats: this.stats,
      }),
      onState: (state) => this.#onAsterisk(state),
      onWarning: (text) => this.#warnings.warn(text),
    });
    this.#link.start();
  }

  get selves(): readonly Coordinates[] {
    const node = this.#node;
    return this.#surroundings ? this.#options.apps.map((app) => ({ app, node })) : [];
  }

  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #onAsterisk(state: AriState): void {
    if (this.#closing) return;
    if (state.up) this.#up(state.node, state.info.system.version);
    else this.#down(state.reason);
    this.#reason = state.up ? "" : state.reason;
  }

  #up(entityId: string, version: string): void {
    const { apps, log } = this.#options;
    const node = this.#options.nodeId ?? entityId;
    try {
      assertLevel(node, "node");
    } catch (error) {
      return this.#down(error instanceof Error ? error.message : String(error));
    }
    const former = this.#node;
    this.#node = node;
    this.#asteriskVersion = version;
    this.#surroundings = {
      mint,
      send: (call) => this.#link.rest.send(call),
      bind: (dialog, entities) => this.#dialogs.bind(dialog, entities),
    };
    this.#reachable = false;
    this.#subscriptions.open(this.selves);
    // Whoever hears of it can reach it. Without the bus it is announced when that is back.
    const announce = () => {
      this.#reachable = true;
      this.#presence.announce();
    };
    this.#options.bus.flush().then(announce, announce);
    if (former && former !== node) {
      log.warn("Asterisk changed its entity ID, serving it under the new one", { former, node });
    }
    log.info("Asterisk is connected", { application: apps.join(","), node, version });
    // Ends may have been missed while it was away.
    if (former) this.#survey();
  }

  #down(reason: string): void {
    const { log } = this.#options;
    const was = this.#surroundings !== undefined;
    this.#surroundings = undefined;
    this.#reachable = false;
    if (was) log.warn("Asterisk is gone, leaving new calls to other nodes", { reason });
    else if (reason !== this.#reason) log.warn("Waiting for Asterisk", { reason });
    this.#subscriptions.leaveCreate().catch((error) => this.#trouble("leave the queue", error));
  }

  #onBus(status: BusStatus): void {
    const { log } = this.#options;
    switch (status.type) {
      case "connected":
        log.info("The bus is back", { server: status.server, waiting: this.#outbox.waiting });
        this.#outbox.retry();
        this.#presence.announce();
        break;
      case "disconnected":
        log.warn("The bus is gone, keeping events until it is back", { reason: status.reason });
        break;
      case "retrying":
        this.#warnings.warn("Still no connection to the bus", { reason: status.reason });
        break;
      case "error":
        this.#warnings.warn("The bus reports an error", { reason: status.reason });
    }
  }

  #lost(count: number): void {
    this.stats.eventsLost += count;
    this.#warnings.warn("Lost events: they are too large, or too many wait for the bus", {
      lost: this.stats.eventsLost,
    });
  }

  #announcements(): readonly Announcement[] {
    if (!this.#reachable) return [];
    const { process: { version, started } } = this.#options;
    return this.selves.map((self) => ({
      ...self,
      version,
      asteriskVersion: this.#asteriskVersion,
      started: started.toISOString(),
      channels: this.#channels,
    }));
  }

  #tellDouble({ app, node, version, started }: Announcement): void {
    this.#warnings.warn(
      "Another process serves the same application and node: requests are carried out twice. " +
        "Stop one of them, or give one another --node-id",
      { application: app, node, version, started },
    );
  }

  #survey(): void {
    const surroundings = this.#surroundings;
    if (!surroundings) return;
    survey(this.#dialogs, surroundings.send).then(
      (channels) => this.#channels = channels,
      (error) => this.#trouble("look at what Asterisk has", error),
    );
  }

  #trouble(what: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#warnings.warn(`Could not ${what}`, { reason });
  }

  async #close(): Promise<void> {
    const { bus, log, drainTimeout = 5_000 } = this.#options;
    const deadline = Promise.withResolvers<"late">();
    const timer = setTimeout(() => deadline.resolve("late"), drainTimeout);
    const work = async () => {
      await this.#subscriptions.drain();
      await this.#dispatch.settled();
    };
    this.#presence[Symbol.dispose]();
    const finished = work().catch((error) => this.#trouble("end the subscriptions", error));
    if (await Promise.race([finished, deadline.promise]) === "late") {
      log.warn("Closed with requests under way", { requests: this.#dispatch.underWay });
    }
    clearTimeout(timer);
    await this.#link[Symbol.asyncDispose]();
    this.#surroundings = undefined;
    this.#timers.forEach((timer) => clearInterval(timer));
    if (!this.#outbox.retry()) this.#lost(this.#outbox.waiting);
    this.#stopListening();
    if (bus.connected) await bus.flush().catch((error) => this.#trouble("flush the bus", error));
    this.#warnings[Symbol.dispose]();
  }
}
