/**
 * One client of the embedded bus, from its first byte to its last.
 *
 * @module
 */

import { ClientSocket } from "./client_socket.ts";
import { readConnectOptions, UNSAID } from "./connect_options.ts";
import { FrameParser, type FrameSink } from "./frame_parser.ts";
import { errorFrame, infoFrame, noRespondersFrame, OK, PING, PONG } from "./frames.ts";
import { ProtocolError } from "./errors.ts";
import type { Publication } from "./publication.ts";
import { isPattern, type Router, type Subscriber, type Subscription } from "./router.ts";
import type { Log } from "../common/log.ts";
import type { BufferPool } from "./outgoing.ts";

/** Pings without a pong after which a client is taken for dead. */
const MAX_UNANSWERED = 2;

/** What a connection shares with the others of its server. */
export interface ClientContext {
  /** The subscriptions. */
  readonly router: Router;
  /** Buffers for what goes out. */
  readonly pool: BufferPool;
  /** Where the server listens. */
  readonly hostname: string;
  /** Where the server listens. */
  readonly port: number;
  /** Names this run of the server. */
  readonly serverId: string;
  /** What a client must show; undefined when nothing. */
  readonly token: string | undefined;
  /** The largest payload with its headers, in bytes. */
  readonly maxPayload: number;
  /** Bytes that may wait for a client. */
  readonly maxPending: number;
  /** Subscriptions that a client may have. */
  readonly maxSubscriptions: number;
  /** How long a client has to show its token, in milliseconds. */
  readonly authTimeout: number;
  /** Where it logs. */
  readonly log: Omit<Log, "error">;
}

/** A client's connection: what it has sent and what it gets. It owns the socket. */
export class ClientConnection implements FrameSink, Subscriber {
  readonly #socket: ClientSocket;
  readonly #context: ClientContext;
  readonly #id: number;
  readonly #onEnd: () => void;
  readonly #parser: FrameParser;
  readonly #subscriptions: ClientSubscriptions;
  #options = UNSAID;
  #admitted: boolean;
  /** Runs until the client has shown its token. */
  #admission: ReturnType<typeof setTimeout> | undefined;
  #ended = false;
  #active = false;
  #unanswered = 0;

  /**
   * @param options Its number, from 1, and what is called once when it stops being a client; its
   * socket may stay open a little longer.
   */
  constructor(
    conn: Deno.TcpConn,
    context: ClientContext,
    options: { readonly id: number; readonly onEnd: () => void },
  ) {
    this.#context = context;
    this.#id = options.id;
    this.#onEnd = options.onEnd;
    this.#admitted = context.token === undefined;
    this.#subscriptions = new ClientSubscriptions(context.router, context.maxSubscriptions);
    this.#parser = new FrameParser(this, { maxPayload: context.maxPayload });
    this.#socket = new ClientSocket(conn, {
      pool: context.pool,
      maxPending: context.maxPending,
      onOverflow: () => this.end("Slow Consumer", { drop: true }),
    });
  }

  get echo(): boolean {
    return this.#options.echo;
  }

  /** Greets the client and serves it. Resolves when the socket is closed, and never rejects. */
  async run(): Promise<void> {
    this.#greet();
    await this.#socket.read((bytes) => {
      this.#active = true;
      if (!this.#ended) this.#parse(bytes);
    });
    this.#retire();
  }

  /**
   * Ends it, and sends the client the reason.
   *
   * @param options Whether what is queued for the client is dropped.
   */
  end(text: string, options: { readonly drop: boolean } = { drop: false }): void {
    if (this.#ended) return;
    this.#retire();
    const level = text === "Slow Consumer" ? "warn" : "debug";
    this.#context.log[level](`Embedded bus closes a client: ${text}`, { client: this.#id });
    const { outgoing } = this.#socket;
    if (options.drop) outgoing.drop();
    outgoing.add(errorFrame(text));
    this.#socket.finish();
  }

  /** Closes the socket at once; idempotent. */
  close(): void {
    this.#retire();
    this.#socket.close();
  }

  /** Pings a client that was silent since the last call, or ends its connection. */
  checkIdle(): void {
    if (this.#active) this.#unanswered = 0;
    else if (this.#unanswered >= MAX_UNANSWERED) this.end("Stale Connection");
    else if (!this.#ended) {
      this.#unanswered++;
      this.#socket.outgoing.add(PING);
    }
    this.#active = false;
  }

  deliver(subscription: Subscription, publication: Publication): void {
    if (this.#ended || subscription.delivered >= subscription.max) return;
    subscription.delivered++;
    const { outgoing } = this.#socket;
    const { subject, hasHeaders } = publication;
    if (hasHeaders && this.#options.headers) {
      const line = `HMSG ${subject} ${subscription.sid} `;
      outgoing.addMessage(line, publication.tail, () => publication.keep());
    } else {
      const tail = hasHeaders ? publication.plain() : publication.tail;
      const keep = () => hasHeaders ? tail : publication.keep();
      outgoing.addMessage(`MSG ${subject} ${subscription.sid} `, tail, keep);
    }
    if (outgoing.pressed) publication.lagging = outgoing;
    this.#subscriptions.dropIfServed(subscription);
  }

  onConnect(json: string): void {
    const options = readConnectOptions(json);
    const { token } = this.#context;
    if (token !== undefined && !isToken(options.token, token)) throw notAllowed();
    clearTimeout(this.#admission);
    this.#admitted = true;
    this.#options = options;
    this.#ok();
  }

  onPing(): void {
    this.#assertServed();
    this.#socket.outgoing.add(PONG);
  }

  onPong(): void {
    // That something arrived is recorded where it is read.
  }

  onSubscribe(pattern: string, sid: string, queue?: string): void {
    this.#assertServed();
    if (!isPattern(pattern)) return this.#complain("Invalid Subject");
    const progress = { delivered: 0, max: Infinity };
    if (!this.#subscriptions.add({ subscriber: this, pattern, queue, sid, ...progress })) {
      return this.#complain("Maximum Subscriptions Exceeded");
    }
    this.#ok();
  }

  onUnsubscribe(sid: string, max = 0): void {
    this.#assertServed();
    this.#subscriptions.limit(sid, max);
    this.#ok();
  }

  onPublish(publication: Publication): void {
    this.#assertServed();
    if (publication.hasHeaders && !this.#options.headers) {
      throw new ProtocolError("Message Headers Not Supported");
    }
    const count = this.#context.router.publish(publication, this);
    if (count === undefined) return this.#complain("Invalid Publish Subject");
    if (publication.lagging !== undefined) this.#socket.stallFor(publication.lagging);
    this.#ok();
    if (count === 0 && this.#options.noResponders) this.#reportNoResponders(publication);
  }

  #reportNoResponders({ reply, subject }: Publication): void {
    if (reply === "") return;
    for (const subscription of this.#context.router.ownMatches(reply, this)) {
      subscription.delivered++;
      this.#socket.outgoing.add(noRespondersFrame(reply, subscription.sid, subject));
      this.#subscriptions.dropIfServed(subscription);
    }
  }

  #greet(): void {
    const { maxPayload, token, authTimeout, hostname, port, serverId } = this.#context;
    const authRequired = token !== undefined;
    const client = { clientId: this.#id, clientIp: this.#socket.address };
    this.#socket.outgoing.add(
      infoFrame({ serverId, hostname, port, maxPayload, authRequired, ...client }),
    );
    if (authRequired) {
      this.#admission = setTimeout(() => this.end("Authentication Timeout"), authTimeout);
    }
  }

  #parse(bytes: Uint8Array): void {
    try {
      this.#parser.push(bytes);
    } catch (error) {
      // What one client sends must not affect the others.
      this.end(error instanceof ProtocolError ? error.message : "Parser Error");
    }
  }

  /** Ends the parsing of what a client has sent that has ended or is not admitted yet. */
  #assertServed(): void {
    if (!this.#admitted || this.#ended) throw notAllowed();
  }

  #ok(): void {
    if (this.#options.verbose) this.#socket.outgoing.add(OK);
  }

  /** Reports an error to the client that does not end the connection. */
  #complain(text: string): void {
    this.#socket.outgoing.add(errorFrame(text));
  }

  /** Stops being a client; the socket may stay open a little longer. */
  #retire(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#admission);
    this.#subscriptions.clear();
    this.#onEnd();
  }
}

function notAllowed(): ProtocolError {
  return new ProtocolError("Authorization Violation");
}

/** The subscriptions of one client, by the IDs that it gave them; the router has the same ones. */
class ClientSubscriptions {
  readonly #router: Router;
  readonly #limit: number;
  readonly #bySid = new Map<string, Subscription>();

  /** @param limit How many there may be. */
  constructor(router: Router, limit: number) {
    this.#router = router;
    this.#limit = limit;
  }

  /** Adds one, unless its ID is taken. Returns false when there are too many. */
  add(subscription: Subscription): boolean {
    if (this.#bySid.has(subscription.sid)) return true;
    if (this.#bySid.size >= this.#limit) return false;
    this.#bySid.set(subscription.sid, subscription);
    this.#router.add(subscription);
    return true;
  }

  /** Ends one after `max` messages, or at once when it has had them. */
  limit(sid: string, max: number): void {
    const subscription = this.#bySid.get(sid);
    if (subscription === undefined) return;
    subscription.max = max;
    this.dropIfServed(subscription);
  }

  /** Ends one that has had all its messages. */
  dropIfServed(subscription: Subscription): void {
    if (subscription.delivered < subscription.max) return;
    this.#bySid.delete(subscription.sid);
    this.#router.remove(subscription);
  }

  /** Ends all. */
  clear(): void {
    for (const subscription of this.#bySid.values()) this.#router.remove(subscription);
    this.#bySid.clear();
  }
}

const encoder = new TextEncoder();

/** Whether a token is the right one. The time that takes does not depend on where they differ. */
function isToken(shown: string | undefined, right: string): boolean {
  const [a, b] = [encoder.encode(shown ?? ""), encoder.encode(right)];
  let difference = a.length ^ b.length;
  for (let index = 0; index < a.length; index++) difference |= a[index] ^ b[index % b.length];
  return shown !== undefined && difference === 0;
}
