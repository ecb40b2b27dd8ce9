/**
 * The ARI WebSocket that this program opens, on which Asterisk sends its events.
 *
 * @module
 */
import { aborted, AriError, type AriErrorCode, BY_CALLER, toAriError } from "../errors.ts";
import { parseAddress } from "../address.ts";
import { closeConnection } from "../connection.ts";
import { type RawEvent, readEvent } from "../read_event.ts";
import { closedByAsterisk, OpenWebSocket } from "./messages.ts";
import { type Handshake, performHandshake } from "./handshake.ts";
import { errorText } from "../../common/error_text.ts";

interface AriWebSocketOptions {
  /** URL without query, such as `ws://127.0.0.1:8088/ari/events`; may hold user name and password. */
  readonly url: string;
  /** ARI user. @default the one in the URL */
  readonly username?: string;
  /** Its password. @default the one in the URL */
  readonly password?: string;
  /** The Stasis applications to serve: one at least, without commas. */
  readonly applications: readonly string[];
  /**
   * Called with each message, in order. It must return at once, since Asterisk closes the connection of a
   * reader that stalls for 100 ms. What it throws breaks the WebSocket.
   */
  readonly onEvent: (event: RawEvent) => void;
  /** Called when anything has been received, a pong for instance. @default ignored */
  readonly onSign?: () => void;
  /** Called between two reads; the next one waits for the promise it returns. @default never */
  readonly pauseReading?: () => Promise<void> | undefined;
  /** `Origin` header. @default "http://localhost/" */
  readonly origin?: string;
  /** Aborts the opening, or closes the open WebSocket. */
  readonly signal?: AbortSignal;
  /** Time for opening, in milliseconds. @default 10_000 */
  readonly timeout?: number;
  /** Time for the closing handshake, in milliseconds. @default 1_000 */
  readonly closeTimeout?: number;
  /** Certificates to trust besides the system's, as PEM. @default none */
  readonly ca?: readonly string[];
}

/** An open ARI WebSocket. */
export interface AriWebSocket extends Disposable {
  /** Resolves with the reason, for people, when either side has closed it; never rejects. */
  readonly closed: Promise<string>;
  ping(): void;
  /** Begins to close; no event is delivered after it. Idempotent. */
  close(): void;
}

/**
 * Opens an ARI WebSocket. Asterisk registers the applications, and takes them from the WebSocket that
 * served them before.
 *
 * @returns The WebSocket, as soon as it is open; `onEvent` may have been called before the caller sees it.
 * @throws {AriError} With the code `unreachable`, `interrupted`, `timeout`, `aborted`, `tls`,
 * `denied`, `not_found`, `bad_response` or `invalid`.
 */
export async function openAriWebSocket(options: AriWebSocketOptions): Promise<AriWebSocket> {
  const { signal, closeTimeout = 1_000 } = options;
  const { connection, received } = await open(options);
  const socket = new OpenWebSocket(connection, {
    side: "client",
    received,
    onSign: options.onSign,
    pauseReading: options.pauseReading,
  });
  const over = Promise.withResolvers<string>();
  let reason: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const close = (why: string) => {
    if (reason !== undefined) return;
    reason = why;
    // A peer that has vanished never completes the closing handshake.
    timer = setTimeout(() => {
      over.resolve(why);
      socket.destroy();
    }, closeTimeout);
    socket.close();
  };
  const onAbort = () => close(abortedError(signal).message);
  const end = (why: string) => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
    over.resolve(reason ??= why);
  };
  signal?.addEventListener("abort", onAbort);
  socket.read((text, bytes) => {
    if (reason === undefined) options.onEvent(readEvent(text, bytes));
  }).then(
    (frame) => end(closedByAsterisk("the ARI WebSocket", frame)),
    (error) => end(`ARI WebSocket broken: ${errorText(error)}`),
  );
  return {
    closed: over.promise,
    ping: () => socket.ping(),
    close: () => close("Closed by this side"),
    [Symbol.dispose]: () => close("Closed by this side"),
  };
}

async function open(options: AriWebSocketOptions): Promise<Handshake> {
  const { signal, timeout = 10_000, ca } = options;
  const { url, host, authorization } = parseAddress(options, ["ws:", "wss:"]);
  url.search = eventQuery(options.applications);
  if (signal?.aborted) throw abortedError(signal);
  // Asterisk checks the origin when `allowed_origins` is set; the Go original sends this one.
  const headers = { Authorization: authorization, Origin: options.origin ?? "http://localhost/" };
  const stop = new AbortController();
  const onAbort = () => stop.abort(abortedError(signal));
  const timer = setTimeout(() => {
    const text = `Cannot open the ARI WebSocket: ${host} took over ${timeout} ms`;
    stop.abort(new AriError("timeout", text));
  }, timeout);
  signal?.addEventListener("abort", onAbort);
  try {
    const handshake = await performHandshake(url, { headers, ca, signal: stop.signal });
    if (handshake.status === 101) return handshake;
    closeConnection(handshake.connection);
    throw refusal(handshake.status, host);
  } catch (error) {
    throw toAriError(error, { host, what: "the ARI WebSocket" });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}

/**
 * The query for the events of applications.
 *
 * @throws {AriError} With the code `invalid` when there is none, or one without a valid name.
 */
export function eventQuery(applications: readonly string[]): string {
  if (applications.length === 0 || applications.some((name) => name === "" || name.includes(","))) {
    const text = "Cannot subscribe to events: an application has no name, or one with a comma";
    throw new AriError("invalid", text);
  }
  const names = applications.map(encodeURIComponent).join(",");
  return `app=${names}`;
}

function abortedError(signal: AbortSignal | undefined): AriError {
  return aborted("ARI WebSocket", BY_CALLER, signal?.reason);
}

const REFUSALS: Readonly<Record<number, AriErrorCode>> = {
  401: "denied",
  403: "denied",
  404: "not_found",
};

function refusal(status: number, host: string): AriError {
  const what = status === 0 ? "it does not speak WebSocket" : `it answered ${status}`;
  const text = `Cannot open the ARI WebSocket at ${host}: ${what}`;
  return new AriError(REFUSALS[status] ?? "bad_response", text);
}
