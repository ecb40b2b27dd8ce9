/**
 * The WebSocket on which Asterisk sends its events.
 *
 * @module
 */
import { AriError, type AriErrorCode } from "./ari_error.ts";
import { parseAddress } from "./address.ts";

/** Options of {@linkcode openEventSocket}. */
export interface EventSocketOptions {
  /** URL without query, such as `ws://127.0.0.1:8088/ari/events`; may hold user name and password. */
  readonly url: string;
  /** ARI user. @default the one in the URL */
  readonly username?: string;
  /** Its password. @default the one in the URL */
  readonly password?: string;
  /** The Stasis applications to serve: one at least, without commas. */
  readonly applications: readonly string[];
  /** Whether to get the events of everything, not only of what is in the applications. @default false */
  readonly subscribeAll?: boolean;
  /**
   * Called with each message, in order. Asterisk cuts off a reader that stalls for 100 ms, so it
   * returns at once and leaves everything slow to others. It must not throw: that would end the
   * process.
   */
  readonly onText: (text: string) => void;
  /** Gives the opening up, or closes the open socket. */
  readonly signal?: AbortSignal;
  /** Time for opening, in milliseconds. @default 10_000 */
  readonly timeout?: number;
  /** How long the closing handshake may take, in milliseconds. @default 1_000 */
  readonly closeTimeout?: number;
  /** Certificates to trust besides the system's, as PEM. @default none */
  readonly ca?: readonly string[];
}

/** An open event socket. */
export interface EventSocket extends Disposable {
  /** Resolves with the reason, for people, when the socket is closed by either side; never rejects. */
  readonly closed: Promise<string>;
  /** Closes the socket; no text is delivered after it. Idempotent. */
  close(): void;
}

/**
 * Opens an event socket. Asterisk registers the applications and takes them from whoever serves
 * them at that moment.
 *
 * @returns The socket, as soon as it is open; `onText` may have been called before the caller sees it.
 * @throws {AriError} With the code `unreachable`, `timeout`, `aborted`, `tls`, `denied`,
 * `not_found`, `bad_answer` or `invalid`.
 */
export async function openEventSocket(options: EventSocketOptions): Promise<EventSocket> {
  const { signal, timeout = 10_000 } = options;
  const { url, host, authorization } = parseAddress(options, ["ws:", "wss:"]);
  url.search = eventQuery(options.applications, options.subscribeAll);
  if (signal?.aborted) throw givenUp(signal);

  const client = options.ca === undefined
    ? undefined
    : Deno.createHttpClient({ caCerts: [...options.ca] });
  // Asterisk looks at the origin when `allowed_origins` is set; the Go original sends this one.
  const headers = { Authorization: authorization, Origin: "http://localhost/" };
  const socket = new WebSocket(url, { headers, client });
  const open = Promise.withResolvers<void>();
  const over = Promise.withResolvers<string>();
  let opened = false;
  let reason: string | undefined;
  let closeTimer: ReturnType<typeof setTimeout> | undefined;

  const close = (why: string) => {
    if (reason !== undefined) return;
    reason = why;
    // A peer that has vanished never answers the closing handshake.
    closeTimer = setTimeout(() => over.resolve(why), options.closeTimeout ?? 1_000);
    if (socket.readyState < WebSocket.CLOSING) socket.close();
  };
  const fail = (error: AriError) => {
    open.reject(error);
    close(error.message);
  };
  const onAbort = () => {
    fail(givenUp(signal));
  };
  const openTimer = setTimeout(() => {
    fail(
      new AriError("timeout", `Cannot open the event socket: ${host} took over ${timeout} ms`),
    );
  }, timeout);
  signal?.addEventListener("abort", onAbort);

  socket.onopen = () => {
    opened = true;
    clearTimeout(openTimer);
    open.resolve();
  };
  socket.onmessage = (message: MessageEvent<unknown>) => {
    if (reason === undefined && typeof message.data === "string") options.onText(message.data);
  };
  let trouble = "";
  socket.onerror = (event) => {
    trouble = event instanceof ErrorEvent ? event.message : "";
    if (!opened) open.reject(refusal(trouble, host));
  };
  socket.onclose = (event) => {
    clearTimeout(openTimer);
    clearTimeout(closeTimer);
    signal?.removeEventListener("abort", onAbort);
    client?.close();
    reason ??= ending(event, trouble);
    open.reject(new AriError("unreachable", `Cannot open the event socket: ${reason}`));
    over.resolve(reason);
  };

  await open.promise;
  return {
    closed: over.promise,
    close: () => close("Closed by this side"),
    [Symbol.dispose]: () => close("Closed by this side"),
  };
}

/**
 * The query that asks for the events of applications.
 *
 * @throws {AriError} With the code `invalid` when there is none, or one that cannot be named.
 */
export function eventQuery(applications: readonly string[], subscribeAll = false): string {
  if (applications.length === 0 || applications.some((name) => name === "" || name.includes(","))) {
    const text = "Cannot ask for events: an application has no name, or one with a comma";
    throw new AriError("invalid", text);
  }
  const names = applications.map(encodeURIComponent).join(",");
  return `app=${names}${subscribeAll ? "&subscribeAll=true" : ""}`;
}

function givenUp(signal: AbortSignal | undefined): AriError {
  const text = "Event socket given up: the caller wants it no more";
  return new AriError("aborted", text, { cause: signal?.reason });
}

/** Deno tells a refused handshake only in words; words it does not know mean `unreachable`. */
function refusal(trouble: string, host: string): AriError {
  const text = (what: string) => `Cannot open the event socket at ${host}: ${what}`;
  const status = /status code:? (\d{3})/i.exec(trouble)?.[1];
  if (status !== undefined) {
    const codes: Readonly<Record<string, AriErrorCode>> = {
      401: "denied",
      403: "denied",
      404: "not_found",
    };
    return new AriError(codes[status] ?? "bad_answer", text(`it answered ${status}`));
  }
  const what = trouble.replace(/^NetworkError: failed to connect to WebSocket: /, "");
  // When TLS fails, Deno tries once more with HTTP/2 and tells only what became of that.
  if (/alert|NoApplicationProtocol/.test(what)) {
    return new AriError("tls", text("TLS failed, mostly for a certificate that is not trusted"));
  }
  if (/tls|certificate|corrupt message/i.test(what)) return new AriError("tls", text(what));
  const code = /invalid|upgrade|missing/i.test(what) ? "bad_answer" : "unreachable";
  return new AriError(code, text(what === "" ? "connection failed" : what));
}

function ending({ code, reason }: CloseEvent, trouble: string): string {
  if (reason !== "") return `Asterisk closed the event socket: ${reason}`;
  if (trouble !== "") return `Event socket broken: ${trouble}`;
  return code === 0 || code === 1005
    ? "Asterisk closed the event socket"
    : `Asterisk closed the event socket: code ${code}`;
}
