/**
 * Shares the requests to one Asterisk out among its WebSockets.
 *
 * Asterisk carries out the requests of one WebSocket one after the other, and some take as long as
 * it pleases: a channel that plays something is added to a bridge when that has ended. What was sent
 * behind such a request is carried out all the same, perhaps minutes after its caller has given up.
 * So a request goes where the fewest wait, to a WebSocket that is stuck none is sent, and who finds
 * all of them stuck for too long is told so.
 *
 * @module
 */
import { aborted, AriError, GIVEN_UP } from "../errors.ts";
import type { AriRequest, AriResponse, SendOptions } from "../rest.ts";
import type { SocketRest } from "./socket_rest.ts";

/** Options of {@linkcode SocketPool}. */
export interface SocketPoolOptions {
  /** Asterisk's entity id. */
  readonly node: string;
  /** The sockets that can be used, the preferred one first. */
  readonly sockets: () => readonly SocketRest[];
  /** How long a request waits for its turn, in milliseconds. @default 1_000 */
  readonly patience?: number;
  /** Told when a request was refused, and why. @default ignored */
  readonly onBusy?: (reason: string) => void;
}

interface Waiting {
  /** Sends it; undefined when it is over. */
  readonly go: (socket: SocketRest) => void;
  readonly fail: (error: AriError) => void;
}

/** REST over whichever WebSocket of an Asterisk is free. */
export class SocketPool {
  readonly #options: SocketPoolOptions;
  readonly #waiting = new Set<Waiting>();

  /** Makes the object; nothing is sent. */
  constructor(options: SocketPoolOptions) {
    this.#options = options;
  }

  /** How many requests wait for their turn. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Sends a request when its turn comes.
   *
   * @throws {AriError} As {@linkcode SocketRest.send}; with the code `unreachable` when there is no
   * socket, and `busy` when no socket took it in time. In both cases it was not sent.
   */
  send(request: AriRequest, options: SendOptions = {}): Promise<AriResponse> {
    const socket = this.#waiting.size === 0 ? this.#free() : undefined;
    if (socket) return socket.send(request, options);
    if (this.#options.sockets().length === 0) return Promise.reject(this.#nobody());
    return this.#wait(request, options);
  }

  /** Something has changed: a socket may be free, or gone. */
  turn(): void {
    const none = this.#options.sockets().length === 0;
    for (const waiting of this.#waiting) {
      const socket = this.#free();
      if (socket) waiting.go(socket);
      else if (none) waiting.fail(this.#nobody());
      else return;
    }
  }

  /** Gives up those that wait. */
  fail(error: AriError): void {
    for (const waiting of this.#waiting) waiting.fail(error);
  }

  #wait(request: AriRequest, options: SendOptions): Promise<AriResponse> {
    const { patience: most = 1_000 } = this.#options;
    const { signal, timeout = Infinity } = options;
    const patience = Math.min(most, timeout);
    const began = performance.now();
    const what = `${request.method} ${request.path}`;
    const { promise, resolve, reject } = Promise.withResolvers<AriResponse>();
    if (signal?.aborted) return Promise.reject(aborted(what, GIVEN_UP, signal.reason));
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      this.#waiting.delete(waiting);
    };
    const waiting: Waiting = {
      go: (socket) => {
        finish();
        const left = timeout - (performance.now() - began);
        resolve(
          socket.send(request, timeout === Infinity ? options : { ...options, timeout: left }),
        );
      },
      fail: (error) => {
        finish();
        reject(error);
      },
    };
    const onAbort = () => waiting.fail(aborted(what, GIVEN_UP, signal?.reason));
    const timer = setTimeout(() => {
      const error = this.#stuck(what);
      this.#options.onBusy?.(error.message);
      waiting.fail(error);
    }, patience);
    signal?.addEventListener("abort", onAbort);
    this.#waiting.add(waiting);
    return promise;
  }

  /** The socket on which the fewest requests are unanswered, of those that take one more. */
  #free(): SocketRest | undefined {
    let best: SocketRest | undefined;
    for (const socket of this.#options.sockets()) {
      if (best && socket.unanswered >= best.unanswered) continue;
      if (socket.ready()) best = socket;
    }
    return best;
  }

  #stuck(what: string): AriError {
    const { node } = this.#options;
    const [socket] = this.#options.sockets();
    const { what: head, since = 0 } = socket?.oldest ?? {};
    const why = head === undefined
      ? "has too many requests under way"
      : `has been at ${head} for ${
        Math.round(since)
      } ms and carries out one request after the other`;
    return new AriError("busy", `Asterisk ${node} ${why}: ${what} was not sent`);
  }

  #nobody(): AriError {
    const { node } = this.#options;
    return new AriError("unreachable", `Cannot reach Asterisk ${node}: it has no WebSocket open`);
  }
}
