/**
 * A fake Asterisk as its own process, as fast as it can be: it sends frames that were made
 * beforehand, and answers requests without looking at more than their first line.
 *
 * Standard input takes a command a line, standard output is JSON, a line each: first the port,
 * then what became of each sending. The end of the input ends the process.
 *
 *     send APP COUNT RATE WINDOW CHANNELS   RATE in events a second or 0, WINDOW in events or 0
 *     ack APP COUNT                         as many events have been received
 *
 * @module
 */
import { createHash } from "node:crypto";
import { tell } from "./helper.ts";
import { TextLineStream } from "./lines.ts";
import { EventFrames, nowMicros } from "./event_stream.ts";
import { restAnswer } from "./rest_answer.ts";
import type { Sending, Sent } from "./fake_asterisk.ts";

/** Time between the writes of a paced sending, in milliseconds. */
const TICK = 2;

/** First byte of a WebSocket ping, and a pong without payload. */
const PING = 0x89;
const PONG = Uint8Array.of(0x8a, 0);

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The event socket of an application. */
class Sender {
  readonly #connection: Deno.TcpConn;
  readonly #app: string;
  /** Frames by the number of channels that they are of. */
  readonly #frames = new Map<number, EventFrames>();
  #acknowledged = 0;
  #wake = () => {};
  #stall = 0;
  #sending = false;
  #pongDue = false;

  constructor(connection: Deno.TcpConn, app: string) {
    this.#connection = connection;
    this.#app = app;
  }

  acknowledge(count: number): void {
    this.#acknowledged = count;
    this.#wake();
  }

  /** Answers a ping, between two writes of events. */
  async pong(): Promise<void> {
    if (this.#sending) this.#pongDue = true;
    else await this.#connection.write(PONG);
  }

  async send({ count, rate, window, channels }: Required<Sending>): Promise<Sent> {
    const frames = this.#frames.get(channels) ?? new EventFrames(this.#app, channels);
    this.#frames.set(channels, frames);
    this.#acknowledged = 0;
    this.#stall = 0;
    this.#sending = true;
    const begun = nowMicros();
    for (let sent = 0; sent < count;) {
      const allowed = rate > 0
        ? Math.floor((nowMicros() - begun) * rate / 1e6) - sent
        : window > 0
        ? this.#acknowledged + window - sent
        : Infinity;
      const size = Math.min(frames.room(sent), count - sent, allowed);
      if (size > 0) {
        await this.#write(frames.stamp(sent, size));
        sent += size;
      } else if (rate > 0) await new Promise((resolve) => setTimeout(resolve, TICK));
      else await new Promise<void>((resolve) => this.#wake = resolve);
    }
    const ended = nowMicros();
    this.#sending = false;
    await this.#writePong();
    return { begun, ended, longestWrite: this.#stall };
  }

  async #writePong(): Promise<void> {
    if (!this.#pongDue) return;
    this.#pongDue = false;
    await this.#connection.write(PONG);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    await this.#writePong();
    const begun = performance.now();
    for (let sent = 0; sent < bytes.length;) {
      sent += await this.#connection.write(bytes.subarray(sent));
    }
    this.#stall = Math.max(this.#stall, performance.now() - begun);
  }
}

const senders = new Map<string, Sender>();

/** Serves requests one after the other, until one of them makes an event socket of the connection. */
async function serve(connection: Deno.TcpConn): Promise<void> {
  connection.setNoDelay(true);
  const buffer = new Uint8Array(64 * 1024);
  let text = "";
  while (true) {
    const length = await connection.read(buffer);
    if (length === null) break;
    text += decoder.decode(buffer.subarray(0, length));
    for (let end = text.indexOf("\r\n\r\n"); end >= 0; end = text.indexOf("\r\n\r\n")) {
      const head = text.slice(0, end);
      const body = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
      if (text.length < end + 4 + body) break;
      text = text.slice(end + 4 + body);
      const key = /^sec-websocket-key: *(\S+)/im.exec(head)?.[1];
      const answer = encoder.encode(key === undefined ? restAnswer(head) : acceptance(key));
      await connection.write(answer);
      if (key !== undefined) return await answerPings(connection, register(connection, head));
    }
  }
  connection.close();
}

function acceptance(key: string): string {
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest("base64");
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
    `Sec-WebSocket-Accept: ${accept}\r\n\r\n`;
}

function register(connection: Deno.TcpConn, head: string): Sender {
  const app = /[?&]app=([^& ]+)/.exec(head)?.[1] ?? "";
  const sender = new Sender(connection, app);
  senders.set(app, sender);
  return sender;
}

/** A connection that no ping is answered on counts as broken after a while. */
async function answerPings(connection: Deno.TcpConn, sender: Sender): Promise<void> {
  const buffer = new Uint8Array(1024);
  for (let length; (length = await connection.read(buffer)) !== null;) {
    if (length > 0 && buffer[0] === PING) await sender.pong();
  }
  connection.close();
}

const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
tell({ port: listener.addr.port });
(async () => {
  for await (const connection of listener) {
    // A client that ends, ends its connections in any way it likes.
    serve(connection).catch(() => {});
  }
})();

for await (const line of Deno.stdin.readable.pipeThrough(new TextLineStream())) {
  const [command, app, ...numbers] = line.split(" ");
  const [count = 0, rate = 0, window = 0, channels = 1] = numbers.map(Number);
  const sender = senders.get(app);
  if (command === "ack") sender?.acknowledge(count);
  else if (sender === undefined) tell({ error: `nobody serves ${app}` });
  else {
    sender.send({ count, rate, window, channels })
      .then(tell, (error) => tell({ error: String(error) }));
  }
}
Deno.exit(0);
