/**
 * One Asterisk that dials: all its WebSockets, of which events come and on which requests go.
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
import type { AriEvent } from "../read_event.ts";
import type { SocketRest } from "./socket_rest.ts";
import { errorText } from "../../common/error_text.ts";

/** Options of {@linkcode InboundLink}. */
interface InboundLinkOptions extends LinkHooks {
  /** Asterisk's entity id. */
  readonly node: string;
  /** Where to find REST over HTTP. @default there is none */
  readonly http?: HttpDirectory;
  /** Called once, when the link is closed. */
  readonly onClosed: () => void;
  /** Time for a WebSocket to show that it lives when another one comes, in milliseconds. @default 2_000 */
  readonly duplicateTimeout?: number;
  /** How long a request waits for a WebSocket that is free, in milliseconds. @default 1_000 */
  readonly queueTimeout?: number;
}

/** What a socket has told of itself. */
interface Member {
  readonly socket: InboundSocket;
  /** Whether it is there for good; if not, for a single call. */
  readonly lasting: boolean;
  /** Its applications. */
  readonly applications: Set<string>;
  /** Messages that came before Asterisk was ready; absent once it is. */
  held?: AriEvent[];
}

type Sink = (event: AriEvent) => void;

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

  /** Makes a link without a socket. */
  constructor(options: InboundLinkOptions) {
    this.#options = options;
    const { node, http, queueTimeout: patience } = options;
    const sockets = () => this.#usable();
    const onBusy = (reason: string) => options.onWarning?.(BUSY, { reason });
    this.rest = new InboundRest({ node, http, patience, sockets, onBusy });
  }

  get state(): AriState {
    return this.#state;
  }

  /** When its last socket ended, in milliseconds on the clock of the process; Infinity while it has one. */
  get awaySince(): number {
    return this.#members.length > 0 ? Infinity : this.#awaySince;
  }

  start(): void {
    // It is Asterisk that begins.
  }

  /**
   * Takes a socket of this Asterisk.
   *
   * @param application The one that its first message names.
   * @returns What to call with each of its messages, in order, the first included.
   */
  attach(socket: InboundSocket, application: string): Sink {
    const rival = isPerCall(application)
      ? undefined
      : this.#members.find(({ applications }) => applications.has(application));
    if (this.#closed) {
      socket.close("Closed by this side");
      return () => {};
    }
    if (rival === undefined) return this.#join(socket, application);
    // Asterisk has one connection for an application, so either the former one is dead and nobody
    // has noticed, or there is another Asterisk of the same name.
    const held: AriEvent[] = [];
    let sink: Sink = (event) => void held.push(event);
    rival.socket.probe(this.#options.duplicateTimeout ?? 2_000).then((alive) => {
      if (alive || this.#closed) {
        if (alive) {
          this.#options.onWarning?.(double(this.#options.node), {
            first: rival.socket.host,
            second: socket.host,
          });
        }
        sink = () => {};
        return socket.close("another one serves its application", REFUSED);
      }
      rival.socket.destroy("WebSocket dead: Asterisk has dialled a new one");
      this.#leave(rival, "Asterisk has dialled a new WebSocket");
      sink = this.#join(socket, application);
      held.forEach(sink);
    });
    return (event) => sink(event);
  }

  /** Closes all sockets, brings what Asterisk had sent, and stays `closed`. Idempotent. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const sockets = this.#members.map(({ socket }) => socket);
    sockets.forEach((socket) => socket.close("Closed by this side"));
    // Without a socket it is over at once, and whoever comes next gets a link of its own.
    if (sockets.length > 0) await Promise.all(sockets.map(({ closed }) => closed));
    this.rest[Symbol.dispose]();
    this.#tell({ up: false, code: "closed", reason: "Closed by this side" });
    this.#options.onClosed();
  }

  /** The sockets for requests: those that last, if there are any, else the newest one first. */
  #usable(): SocketRest[] {
    const lasting = this.#members.filter((member) => member.lasting);
    const usable = lasting.length > 0 ? lasting : this.#members.toReversed();
    return usable.map(({ socket }) => socket.rest);
  }

  #join(socket: InboundSocket, application: string): Sink {
    const lasting = !isPerCall(application);
    const applications = new Set([application]);
    const member: Member = { socket, lasting, applications };
    if (!this.#state.up) member.held = [];
    this.#members.push(member);
    socket.rest.onAnswer = () => this.rest.turn();
    this.rest.turn();
    const over = new AbortController();
    socket.closed.then((reason) => {
      over.abort();
      this.#leave(member, reason);
    });
    this.#look(socket, over.signal);
    return (event) => {
      if (lasting) noteApplications(event, applications);
      if (!member.held) return this.#deliver(event);
      member.held.push(event);
      // So much is what Asterisk has kept while nobody listened, so it is ready.
      if (member.held.length >= MAX_HELD) this.#rise();
    };
  }

  /** Asterisk is ready. */
  #rise(): void {
    if (!this.#state.up) {
      this.#tell(this.#up());
      void this.#options.http?.look();
    }
    for (const member of this.#members) {
      const { held = [] } = member;
      member.held = undefined;
      held.forEach((event) => this.#deliver(event));
    }
  }

  #deliver(event: AriEvent): void {
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
    if (member.held) this.#rise();
    this.#members.splice(index, 1);
    this.#awaySince = performance.now();
    this.rest.turn();
    if (this.#members.length > 0 || this.#closed) return;
    // Another one may be at its address soon.
    this.#options.http?.doubt(this.#options.node);
    const reasonOfIdle = `${reason}; the next one comes with the next call`;
    this.#tell(
      member.lasting || !member.socket.complete
        ? { up: false, code: "lost", reason }
        : { up: false, code: "idle", reason: reasonOfIdle },
    );
  }

  /** Asks again and again until Asterisk is ready, and so learns which version it is. */
  async #look({ rest }: InboundSocket, signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        const { system } = await readInfo(rest, { signal });
        const other = system.version !== this.#version;
        this.#version = system.version;
        if (other && this.#state.up && !this.#closed) this.#tell(this.#up());
        return this.#rise();
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof AriError) || error.code === "denied") {
          this.#warn(`${errorText(error)}; check local_ari_user in ari.conf`);
          return this.#rise();
        }
        await pause(backoff(attempt, LOOKS), signal).catch(() => {});
      }
    }
  }

  #up(): AriState {
    const { node } = this.#options;
    const info = { system: { entity_id: node, version: this.#version } };
    return { up: true, node, info, kept: this.#members.some(({ lasting }) => lasting) };
  }

  #tell(state: AriState): void {
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

/** Messages that wait for Asterisk to be ready. */
const MAX_HELD = 1_000;
/** Pauses between looks at whether Asterisk is ready, in milliseconds. */
const LOOKS = { first: 100, max: 5_000 };
/** Close code for a socket that is not wanted: policy. */
const REFUSED = { code: 1008, reason: "Another Asterisk has this entity ID" };

const BUSY = "Refused a request: a WebSocket of Asterisk carries out one after the other; " +
  "set ari.http_url, or let Asterisk dial a second one";

function double(node: string): string {
  return `Two Asterisks have the entity ID ${node}: refused the second; ` +
    "give each its own (entityid in asterisk.conf)";
}

/** Keeps to what the application events say. */
function noteApplications({ type, application }: AriEvent, applications: Set<string>): void {
  if (type === "ApplicationRegistered") applications.add(application);
  if (type === "ApplicationUnregistered") applications.delete(application);
}
