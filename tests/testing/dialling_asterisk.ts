/**
 * An Asterisk that dials, played over the runtime's own WebSocket.
 *
 * @module
 */
import { Received } from "./received.ts";

/** What a request over the WebSocket asks. */
export interface SocketRequest {
  readonly type: string;
  readonly transaction_id: string;
  readonly method: string;
  readonly uri: string;
  readonly message_body?: string;
}

/** What it is answered. */
export interface SocketAnswer {
  readonly status: number;
  readonly reason?: string;
  readonly body?: string;
}

/** Options of {@linkcode dialIn}. */
export interface DiallingOptions {
  /** Entity id. */
  readonly node: string;
  /** Applications that it registers. @default ["calls"] */
  readonly applications?: readonly string[];
  /** User name and password to show. @default none */
  readonly credentials?: string;
  /** Answers requests other than `asterisk/info`; undefined for no answer. @default 200 without a body */
  readonly answer?: (request: SocketRequest) => SocketAnswer | undefined;
  /** Whether it is ready. @default it is */
  readonly ready?: () => boolean;
  /** Answers `asterisk/info` once it is ready. @default with the node and a version */
  readonly info?: () => SocketAnswer;
  /** The certificate's authority, for wss. @default plain */
  readonly ca?: string;
}

/** One WebSocket of an Asterisk that dials. */
export interface DiallingAsterisk extends AsyncDisposable {
  /** The requests that came, those for `asterisk/info` left out. */
  readonly requests: Received<SocketRequest>;
  /** Resolves with how it ended. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  /** Sends an event with the node and application in their places. */
  event(type: string, members?: Readonly<Record<string, unknown>>): void;
  /** Sends a text. */
  send(text: string): void;
  /** Closes it in an orderly way. */
  close(): void;
}

/** Its version. */
export const version = "22.10.1-fake";

/** Dials, and registers the applications. Rejects when it is refused. */
export async function dialIn(port: number, options: DiallingOptions): Promise<DiallingAsterisk> {
  const { node, applications = ["calls"], credentials, ca, ready = () => true } = options;
  const { answer = () => ({ status: 200 }) } = options;
  const client = ca === undefined ? undefined : Deno.createHttpClient({ caCerts: [ca] });
  const socket = new WebSocket(`${ca === undefined ? "ws" : "wss"}://localhost:${port}/`, {
    protocols: ["ari"],
    headers: credentials === undefined ? {} : { Authorization: `Basic ${btoa(credentials)}` },
    client,
  });
  const requests = new Received<SocketRequest>();
  const closed = Promise.withResolvers<{ code: number; reason: string }>();
  const opened = Promise.withResolvers<void>();
  socket.onopen = () => opened.resolve();
  socket.onerror = () => opened.reject(new Error("The WebSocket was refused"));
  socket.onclose = ({ code, reason }) => {
    client?.close();
    closed.resolve({ code, reason });
  };
  const send = (value: unknown) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(value));
  };
  const respond = ({ transaction_id, uri }: SocketRequest, result: SocketAnswer) => {
    const { status: status_code, reason: reason_phrase = "OK", body: message_body } = result;
    const about = { status_code, reason_phrase, uri, message_body };
    send({ type: "RESTResponse", transaction_id, request_id: "", ...about, asterisk_id: node });
  };
  const own = { status: 200, body: JSON.stringify({ system: { entity_id: node, version } }) };
  const { info = () => own } = options;
  socket.onmessage = ({ data }) => {
    const request: SocketRequest = JSON.parse(data);
    if (request.uri === "asterisk/info") {
      return respond(request, ready() ? info() : { status: 503 });
    }
    requests.add(request);
    const result = answer(request);
    if (result) respond(request, result);
  };
  await opened.promise;
  const event = (type: string, members: Readonly<Record<string, unknown>> = {}) =>
    send({ type, application: applications[0], ...members, asterisk_id: node });
  for (const application of applications) event("ApplicationRegistered", { application });
  return {
    requests,
    closed: closed.promise,
    event,
    send: (text) => socket.send(text),
    close: () => socket.close(1000),
    async [Symbol.asyncDispose]() {
      socket.close();
      await closed.promise;
    },
  };
}
