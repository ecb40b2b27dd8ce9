/**
 * A WebSocket that Asterisk has dialled, from the handshake to its end.
 *
 * @module
 */
import { answersPing, awaitSilence, Pulse } from "../websocket/silence.ts";
import { type AriEvent, readEvent } from "../read_event.ts";
import { SocketRest } from "./socket_rest.ts";
import { closedByAsterisk, type CloseFrame, NORMAL, OpenWebSocket } from "../websocket/messages.ts";
import { errorText } from "../../common/error_text.ts";

/** Options of {@linkcode InboundSocket}. */
export interface InboundSocketOptions {
  /** Where it comes from: host and port, for messages to people. */
  readonly host: string;
  /** Bytes that came behind the handshake. @default none */
  readonly rest?: Uint8Array;
  /**
   * Called with each message that is no answer to a request, in order; must not wait. What it throws
   * breaks the socket.
   */
  readonly onEvent: (event: AriEvent) => void;
  /** Time for a REST request, in milliseconds. @default 10_000 */
  readonly requestTimeout?: number;
  /** Silence after which the socket is pinged, in milliseconds. @default 15_000 */
  readonly silence?: number;
  /** Time for the pong, in milliseconds. @default 5_000 */
  readonly probeTimeout?: number;
  /**
   * Silence after which the socket is given up though a request on it is unanswered, in milliseconds.
   * Asterisk answers no ping before it has carried the request out, which may take as long as a call.
   *
   * @default 300_000
   */
  readonly longSilence?: number;
  /** How long the closing handshake may take, in milliseconds. @default 1_000 */
  readonly closeTimeout?: number;
}

/** An open WebSocket that Asterisk has dialled. It brings messages until its end, also while it closes. */
export class InboundSocket {
  /** Host and port of the other side. */
  readonly host: string;
  /** REST over this socket. */
  readonly rest: SocketRest;
  /** Resolves with the reason, for people, when the socket has ended; never rejects. */
  readonly closed: Promise<string>;
  readonly #socket: OpenWebSocket;
  readonly #options: InboundSocketOptions;
  readonly #pulse = new Pulse();
  /** For each ping that is not answered, how many requests were sent before it. */
  readonly #marks: number[] = [];
  readonly #over = new AbortController();
  #complete = false;
  #reason: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Takes over a connection on which the handshake has succeeded, and begins to read. */
  constructor(connection: Deno.Conn, options: InboundSocketOptions) {
    const { host, rest, onEvent, requestTimeout } = options;
    this.host = host;
    this.#options = options;
    this.#socket = new OpenWebSocket(connection, {
      end: "server",
      rest,
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
    // Whoever makes the socket has it before its first message comes.
    const reading = Promise.resolve().then(read);
    this.closed = reading.then(
      (frame) => {
        this.#complete = frame.code === NORMAL;
        return this.#end(closedByAsterisk("the WebSocket", frame));
      },
      (error) => this.#end(`WebSocket broken: ${errorText(error)}`),
    );
    this.#watch().catch(() => {
      // The socket has ended.
    });
  }

  /** Whether Asterisk has closed it because it needs it no more. */
  get complete(): boolean {
    return this.#complete;
  }

  /** Resolves with whether the other side answers a ping within some milliseconds. */
  probe(timeout: number): Promise<boolean> {
    const options = { ...this.#watching, probeTimeout: timeout };
    // The signal aborts when the socket has ended.
    return answersPing(this.#pulse, options).catch(() => false);
  }

  /** Begins the closing handshake; what Asterisk has sent until then still comes. Idempotent. */
  close(reason: string, frame?: CloseFrame): void {
    if (this.#over.signal.aborted || this.#timer !== undefined) return;
    this.#reason ??= reason;
    // A peer that has vanished never answers the closing handshake.
    this.#timer = setTimeout(() => this.#socket.destroy(), this.#options.closeTimeout ?? 1_000);
    this.#socket.close(frame);
  }

  /** Breaks the connection. */
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
    // The pings go on: where nobody is there any more, TCP notices by them.
    do {
      await awaitSilence(this.#pulse, watching);
    } while (this.rest.unanswered > 0 && this.#pulse.silence < longSilence);
    this.destroy("WebSocket dead: it looks open, but Asterisk does not answer a ping");
  }
}
