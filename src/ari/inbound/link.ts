/**
 * One Asterisk that connects to this program: its WebSockets, for events and for requests.
 *
 * @module
 */
import { isPerCall } from "../../common/application_name.ts";
import { backoff } from "../../common/backoff.ts";
import { pause } from "../../common/pause.ts";
import { type AriState, type AsteriskLink, type LinkHooks, readInfo } from "../asterisk_link.ts";
import { AriError } from "../errors.ts";
import type { InboundSocket } from "./socket.ts";
import type { HttpDirectory } from "./directory.ts";
import { InboundRest } from "./rest.ts";
import type { RawEvent } from "../read_event.ts";
import type { SocketRest } from "./socket_rest.ts";
import { errorText } from "../../common/error_text.ts";

interface InboundLinkOptions extends LinkHooks {
  /** Asterisk's entity ID. */
  readonly node: string;
  /** REST over HTTP. @default none: requests use the WebSockets */
  readonly http?: HttpDirectory;
  /** Called once, when the link is closed. */
  readonly onClosed: () => void;
  /** Time for a WebSocket to answer a ping when a duplicate connects, in milliseconds. @default 2_000 */
  readonly duplicateTimeout?: number;
  /** Time that a request waits for a free WebSocket, in milliseconds. @default 1_000 */
  readonly queueTimeout?: number;
}

/** A WebSocket of this Asterisk. */
interface Member {
  readonly socket: InboundSocket;
  /** Whether it is persistent; if not, it serves a single call. */
  readonly persistent: boolean;
  readonly applications: Set<string>;
  /** Events received before Asterisk was ready; absent once it is. */
  held?: RawEvent[];
}

type Sink = (event: RawEvent) => void;

/** The WebSockets of one Asterisk; connected while there is one. */
export class InboundLink implements AsteriskLink {
  readonly rest: InboundRest;
  readonly #options: InboundLinkOptions;
  readonly #members: Member[] = [];
  #state: AriState = { up: false, code: "starting", reason: "Not connected yet" };
  #version = "";
  #awaySince = performance.now();
  #closed = false;
  #failing = false;

  constructor(options: InboundLinkOptions) {
    this.#options = options;
    const { node, http, queueTimeout } = options;
    const sockets = () => this.#usable();
    const onBusy = (reason: string) => options.onWarning?.(BUSY, { reason });
    this.rest = new InboundRest({ node, http, queueTimeout, sockets, onBusy });
  }

  get state(): AriState {
    return this.#state;
  }

  /** When its last WebSocket was closed, by `performance.now()`; Infinity while it has one. */
  get awaySince(): number {
    return this.#members.length > 0 ? Infinity : this.#awaySince;
  }

  start(): void {
    // Asterisk connects.
  }

  /**
   * Adds a WebSocket of this Asterisk.
   *
   * @param application The application in its first event.
   * @returns The function to call with each of its events, in order, including the first.
   */
  attach(socket: InboundSocket, application: string): Sink {
    const duplicate = isPerCall(application)
      ? undefined
      : this.#members.find(({ applications }) => applications.has(application));
    if (this.#closed) {
      socket.close("Closed by this side");
      return () => {};
    }
    if (duplicate === undefined) return this.#join(socket, application);
    // Asterisk has one connection for an application: either the former one is dead without a close, or
    // another Asterisk has the same entity ID.
    const held: RawEvent[] = [];
    let sink: Sink = (event) => void held.push(event);
    duplicate.socket.probe(this.#options.duplicateTimeout ?? 2_000).then((alive) => {
      if (alive || this.#closed) {
        if (alive) {
          this.#options.onWarning?.(duplicateNode(this.#options.node), {
            first: duplicate.socket.host,
            second: socket.host,
          });
        }
        sink = () => {};
        return socket.close("another WebSocket serves its application", REFUSED);
      }
      duplicate.socket.destroy("WebSocket dead: Asterisk has opened a new one");
      this.#leave(duplicate, "Asterisk has opened a new WebSocket");
      sink = this.#join(socket, application);
      held.forEach(sink);
    });
    return (event) => sink(event);
  }

  /** Closes all WebSockets, delivers what Asterisk had sent, and stays `closed`. Idempotent. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const sockets = this.#members.map(({ socket }) => socket);
    sockets.forEach((socket) => socket.close("Closed by this side"));
    // Without a WebSocket the link is closed in the same turn, so that the next one gets a new link.
    if (sockets.length > 0) await Promise.all(sockets.map(({ closed }) => closed));
    this.rest[Symbol.dispose]();
    this.#report({ up: false, code: "closed", reason: "Closed by this side" });
    this.#options.onClosed();
  }

  /** The WebSockets for requests: the persistent ones if there are any, else the newest first. */
  #usable(): SocketRest[] {
    const persistent = this.#members.filter((member) => member.persistent);
    const usable = persistent.length > 0 ? persistent : this.#members.toReversed();
    return usable.map(({ socket }) => socket.rest);
  }

  #join(socket: InboundSocket, application: string): Sink {
    const persistent = !isPerCall(application);
    const applications = new Set([application]);
    const member: Member = { socket, persistent, applications };
    if (!this.#state.up) member.held = [];
    this.#members.push(member);
    socket.rest.onResponse(() => this.rest.dispatch());
    this.rest.dispatch();
    const over = new AbortController();
    socket.closed.then((reason) => {
      over.abort();
      this.#leave(member, reason);
    });
    this.#awaitReady(socket, over.signal);
    return (event) => {
      if (persistent) updateApplications(event, applications);
      if (!member.held) return this.#deliver(event);
      member.held.push(event);
      // So many are those that Asterisk has queued while it was not connected, so it is ready.
      if (member.held.length >= MAX_HELD) this.#becomeReady();
    };
  }

  /** Asterisk is ready. */
  #becomeReady(): void {
    if (!this.#state.up) {
      this.#report(this.#up());
      void this.#options.http?.check();
    }
    for (const member of this.#members) {
      const { held = [] } = member;
      member.held = undefined;
      held.forEach((event) => this.#deliver(event));
    }
  }

  #deliver(event: RawEvent): void {
    try {
      this.#options.onEvent(event);
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) this.#warn(`Cannot handle an event: ${errorText(error)}`);
      this.#failing = true;
    }
  }

  #leave(member: Member, reason: string): void {
    const index = this.#members.indexOf(member);
    if (index < 0) return;
    if (member.held) this.#becomeReady();
    this.#members.splice(index, 1);
    this.#awaySince = performance.now();
    this.rest.dispatch();
    if (this.#members.length > 0 || this.#closed) return;
    // Another Asterisk may respond at its address soon.
    this.#options.http?.forget(this.#options.node);
    const reasonOfIdle = `${reason}; the next call opens another`;
    this.#report(
      member.persistent || !member.socket.complete
        ? { up: false, code: "lost", reason }
        : { up: false, code: "idle", reason: reasonOfIdle },
    );
  }

  /** Sends requests until Asterisk is ready, and records its version. */
  async #awaitReady({ rest }: InboundSocket, signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        const { system } = await readInfo(rest, { signal });
        const changed = system.version !== this.#version;
        this.#version = system.version;
        if (changed && this.#state.up && !this.#closed) this.#report(this.#up());
        return this.#becomeReady();
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof AriError) || error.code === "denied") {
          this.#warn(`${errorText(error)}; check local_ari_user in ari.conf`);
          return this.#becomeReady();
        }
        await pause(backoff(attempt, READY_CHECKS), signal).catch(() => {});
      }
    }
  }

  #up(): AriState {
    const { node } = this.#options;
    const info = { system: { entity_id: node, version: this.#version } };
    return { up: true, node, info, kept: this.#members.some(({ persistent }) => persistent) };
  }

  #report(state: AriState): void {
    this.#state = state;
    try {
      this.#options.onState(state);
    } catch (error) {
      this.#warn(`Cannot handle a change of Asterisk's state: ${errorText(error)}`);
    }
  }

  #warn(text: string): void {
    this.#options.onWarning?.(text);
  }
}

/** Maximum number of events that are held back until Asterisk is ready. */
const MAX_HELD = 1_000;
/** Backoff between checks of whether Asterisk is ready, in milliseconds. */
const READY_CHECKS = { first: 100, max: 5_000 };
/** Close code for a refused WebSocket: policy violation. */
const REFUSED = { code: 1008, reason: "Another Asterisk has this entity ID" };

const BUSY = "Refused a request: a WebSocket of Asterisk carries out one after the other; " +
  "set ari.http_url, or let Asterisk open a second one";

function duplicateNode(node: string): string {
  return `Two Asterisks have the entity ID ${node}: refused the second; ` +
    "give each its own (entityid in asterisk.conf)";
}

/** Applies the events that report which applications a WebSocket serves. */
function updateApplications({ type, application }: RawEvent, applications: Set<string>): void {
  if (type === "ApplicationRegistered") applications.add(application);
  if (type === "ApplicationUnregistered") applications.delete(application);
}
