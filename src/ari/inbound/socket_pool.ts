/**
 * Distributes requests among the WebSockets of one Asterisk.
 *
 * Asterisk carries out the requests of one WebSocket one after the other, and some take very long: a
 * channel that plays something is added to a bridge when the playback has ended. A request that was
 * sent after such a one is carried out nevertheless, perhaps minutes after its caller has aborted it.
 * So a request goes to the WebSocket with the fewest pending ones, none is sent to a WebSocket that is
 * stuck, and a request that finds all of them stuck for too long fails.
 *
 * @module
 */
import { aborted, AriError, BY_CALLER } from "../errors.ts";
import type { AriRequest, AriResponse, SendOptions } from "../rest.ts";
import type { SocketRest } from "./socket_rest.ts";

/** Options of {@linkcode SocketPool}. */
export interface SocketPoolOptions {
  /** Asterisk's entity ID. */
  readonly node: string;
  /** The WebSockets that can be used, the preferred one first. */
  readonly sockets: () => readonly SocketRest[];
  /** Time that a request waits for a free WebSocket, in milliseconds. @default 1_000 */
  readonly queueTimeout?: number;
  /** Called with the reason when a request is refused. @default ignored */
  readonly onBusy?: (reason: string) => void;
}

interface Waiting {
  readonly go: (socket: SocketRest) => void;
  readonly fail: (error: AriError) => void;
}

/** REST over the WebSockets of an Asterisk. */
export class SocketPool {
  readonly #options: SocketPoolOptions;
  readonly #waiting = new Set<Waiting>();

  constructor(options: SocketPoolOptions) {
    this.#options = options;
  }

  /** Number of requests that wait for a WebSocket. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Sends a request as soon as a WebSocket is free.
   *
   * @throws {AriError} As {@linkcode SocketRest.send}; with the code `unreachable` when there is no
   * WebSocket, and `busy` when none is free in time. In both cases it was not sent.
   */
  send(request: AriRequest, options: SendOptions = {}): Promise<AriResponse> {
    const socket = this.#waiting.size === 0 ? this.#free() : undefined;
    if (socket) return socket.send(request, options);
    if (this.#options.sockets().length === 0) return Promise.reject(this.#noSocket());
    return this.#wait(request, options);
  }

  /** Sends waiting requests; to be called when a WebSocket may be free, or is gone. */
  dispatch(): void {
    const none = this.#options.sockets().length === 0;
    for (const waiting of this.#waiting) {
      const socket = this.#free();
      if (socket) waiting.go(socket);
      else if (none) waiting.fail(this.#noSocket());
      else return;
    }
  }

  /** Fails the waiting requests. */
  fail(error: AriError): void {
    for (const waiting of this.#waiting) waiting.fail(error);
  }

  #wait(request: AriRequest, options: SendOptions): Promise<AriResponse> {
    const { queueTimeout = 1_000 } = this.#options;
    const { signal, timeout = Infinity } = options;
    const began = performance.now();
    const what = `${request.method} ${request.path}`;
    const { promise, resolve, reject } = Promise.withResolvers<AriResponse>();
    if (signal?.aborted) return Promise.reject(aborted(what, BY_CALLER, signal.reason));
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
    const onAbort = () => waiting.fail(aborted(what, BY_CALLER, signal?.reason));
    const timer = setTimeout(() => {
      const error = this.#stuck(what);
      this.#options.onBusy?.(error.message);
      waiting.fail(error);
    }, Math.min(queueTimeout, timeout));
    signal?.addEventListener("abort", onAbort);
    this.#waiting.add(waiting);
    return promise;
  }

  /** Of the WebSockets that are ready for a request, the one with the fewest unanswered requests. */
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
      ? "has too many requests in flight"
      : `has been at ${head} for ${
        Math.round(since)
      } ms and carries out one request after the other`;
    return new AriError("busy", `Asterisk ${node} ${why}: ${what} was not sent`);
  }

  #noSocket(): AriError {
    const { node } = this.#options;
    return new AriError("unreachable", `Cannot reach Asterisk ${node}: it has no WebSocket open`);
  }
}
