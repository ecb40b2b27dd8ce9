/**
 * A WebSocket that Asterisk has opened, after the handshake.
 *
 * @module
 */
import { answersPing, awaitSilence, Pulse } from "../websocket/silence.ts";
import { type RawEvent, readEvent } from "../read_event.ts";
import { SocketRest } from "./socket_rest.ts";
import { closedByAsterisk, type CloseFrame, NORMAL, OpenWebSocket } from "../websocket/messages.ts";
import { errorText } from "../../common/error_text.ts";

/** Options of an {@linkcode InboundSocket}. */
export interface InboundSocketOptions {
  /** The peer: host and port, for messages. */
  readonly host: string;
  /** Bytes that were received together with the handshake. @default none */
  readonly received?: Uint8Array;
  /**
   * Called with each event, in order; must not wait. What it throws breaks the WebSocket.
   */
  readonly onEvent: (event: RawEvent) => void;
  /** Time for a REST request, in milliseconds. @default 10_000 */
  readonly requestTimeout?: number;
  /** Time without any message after which it is pinged, in milliseconds. @default 15_000 */
  readonly silence?: number;
  /** Time for the pong, in milliseconds. @default 5_000 */
  readonly probeTimeout?: number;
  /**
   * Time without any message after which it is closed even while a request on it is unanswered, in
   * milliseconds. Asterisk answers no ping before it has completed the request, which may take as long
   * as a call.
   *
   * @default 300_000
   */
  readonly longSilence?: number;
  /** Time for the closing handshake, in milliseconds. @default 1_000 */
  readonly closeTimeout?: number;
}

/** An open WebSocket that Asterisk has opened. It delivers events until its end, also while it closes. */
export class InboundSocket {
  /** Host and port of the peer. */
  readonly host: string;
  /** REST over this WebSocket. */
  readonly rest: SocketRest;
  /** Resolves with the reason, for people, when it is closed; never rejects. */
  readonly closed: Promise<string>;
  readonly #socket: OpenWebSocket;
  readonly #options: InboundSocketOptions;
  readonly #pulse = new Pulse();
  /** For each ping without a pong, the number of the last request before it. */
  readonly #marks: number[] = [];
  readonly #over = new AbortController();
  #complete = false;
  #reason: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Takes ownership of a connection on which the handshake has succeeded, and begins to read. */
  constructor(connection: Deno.Conn, options: InboundSocketOptions) {
    const { host, received, onEvent, requestTimeout } = options;
    this.host = host;
    this.#options = options;
    this.#socket = new OpenWebSocket(connection, {
      side: "server",
      received,
      onSign: () => this.#pulse.beat(),
      onPong: () => this.#onPong(),
    });
    this.rest = new SocketRest({
      send: (text) => this.#socket.send(text),
      ping: () => this.#ping(),
      host,
      timeout: requestTimeout,
    });
    const read = () =>
      this.#socket.read((text, bytes) => {
        const event = readEvent(text, bytes);
        if (event.response) this.rest.take(event.response);
        else onEvent(event);
      });
    // The caller has the object before its first event is delivered.
    const reading = Promise.resolve().then(read);
    this.closed = reading.then(
      (frame) => {
        this.#complete = frame.code === NORMAL;
        return this.#end(closedByAsterisk("the WebSocket", frame));
      },
      (error) => this.#end(`WebSocket broken: ${errorText(error)}`),
    );
    this.#watch().catch(() => {
      // The WebSocket is closed.
    });
  }

  /** Whether Asterisk has closed it because it is no longer needed. */
  get complete(): boolean {
    return this.#complete;
  }

  /** Resolves with whether the peer answers a ping within some milliseconds. */
  probe(timeout: number): Promise<boolean> {
    const options = { ...this.#watching, probeTimeout: timeout };
    // The signal aborts when the WebSocket is closed.
    return answersPing(this.#pulse, options).catch(() => false);
  }

  /** Begins the closing handshake; what Asterisk has sent before is still delivered. Idempotent. */
  close(reason: string, frame?: CloseFrame): void {
    if (this.#over.signal.aborted || this.#timer !== undefined) return;
    this.#reason ??= reason;
    // A peer that has vanished never completes the closing handshake.
    this.#timer = setTimeout(() => this.#socket.destroy(), this.#options.closeTimeout ?? 1_000);
    this.#socket.close(frame);
  }

  /** Closes the connection without a closing handshake. */
  destroy(reason: string): void {
    this.#reason ??= reason;
    this.#socket.destroy();
  }

  #ping(): void {
    this.#marks.push(this.rest.mark);
    this.#socket.ping();
  }

  #onPong(): void {
    const mark = this.#marks.shift();
    if (mark !== undefined) this.rest.handled(mark);
  }

  #end(why: string): string {
    clearTimeout(this.#timer);
    const reason = this.#reason ??= why;
    this.#over.abort();
    this.rest.fail(reason);
    return reason;
  }

  get #watching() {
    return { ping: () => this.#ping(), signal: this.#over.signal };
  }

  async #watch(): Promise<void> {
    const { silence = 15_000, probeTimeout = 5_000, longSilence = 300_000 } = this.#options;
    const watching = { ...this.#watching, silence, probeTimeout };
    // The pings continue: TCP detects by them that the peer is gone.
    do {
      await awaitSilence(this.#pulse, watching);
    } while (this.rest.unanswered > 0 && this.#pulse.silence < longSilence);
    this.destroy("WebSocket dead: it looks open, but Asterisk does not respond to a ping");
  }
}
