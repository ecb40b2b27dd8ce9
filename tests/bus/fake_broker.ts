/**
 * A broker that speaks AMQP 0-9-1 with real clients and fails on demand: for refusals, cancelled
 * consumers and closed channels in an order that a real one cannot be made to produce.
 *
 * It confirms every declaration, routes through the default exchange and by complete binding keys, and
 * delivers to the first consumer of a queue.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createServer, type Socket } from "node:net";
import { Received } from "../testing/received.ts";

/** A method that a client has called. */
export interface Call {
  /** Its name, as `queue.bind`. */
  readonly method: string;
  /** Its texts, in order: names of exchanges, queues, keys and consumers. */
  readonly texts: readonly string[];
  /** The flags that follow the texts. */
  readonly bits: number;
  /** Number of the connection, from 1. */
  readonly connection: number;
  /** Number of the channel. */
  readonly channel: number;
}

/** A message that a client has published. */
export interface Published {
  readonly exchange: string;
  readonly key: string;
  readonly mandatory: boolean;
  readonly text: string;
  readonly replyTo: string | undefined;
  readonly correlationId: string | undefined;
  readonly expiration: string | undefined;
  readonly connection: number;
  readonly channel: number;
}

/**
 * What is done about a call: its channel is closed with a code, it is confirmed when a promise
 * resolves, or (undefined) at once.
 */
export type Verdict =
  | { readonly code: number; readonly text: string }
  | Promise<void>
  | undefined;

/** A fake broker. Disposing it breaks all connections. */
export interface FakeBroker extends AsyncDisposable {
  readonly url: string;
  /** All calls so far, but for `basic.publish`. */
  readonly calls: Received<Call>;
  /** All messages so far. */
  readonly published: Received<Published>;
  /** Decides about a call; may be replaced at any time. */
  judge: (call: Call) => Verdict;
  /** What a declared queue is said to have. */
  queue: (name: string) => { readonly messages: number; readonly consumers: number };
  /** How many channels are open. */
  readonly channels: number;
  /** Cancels the consumers of a queue, as when it is deleted; returns how many those were. */
  cancel(queue: string | RegExp): number;
  /** Closes a channel with a code. */
  closeChannel(where: Pick<Call, "connection" | "channel">, code: number, text: string): void;
  /** Delivers a message to the consumers of a queue. */
  deliver(queue: string | RegExp, key: string, text: string): void;
  /** Answers a request on the channel that it came from. */
  answer(to: Published, text: string, correlationId?: string): void;
  /** Returns a message that no queue takes. */
  giveBack(message: Published): void;
  /** Notifies all clients that the broker accepts no messages, or accepts them again. */
  block(reason: string | undefined): void;
  /** Breaks all connections. */
  cut(): void;
}

const NAMES: Readonly<Record<number, string>> = {
  0x000a000b: "connection.start-ok",
  0x000a001f: "connection.tune-ok",
  0x000a0028: "connection.open",
  0x000a0032: "connection.close",
  0x000a0033: "connection.close-ok",
  0x0014000a: "channel.open",
  0x00140028: "channel.close",
  0x00140029: "channel.close-ok",
  0x0028000a: "exchange.declare",
  0x0028001e: "exchange.bind",
  0x0032000a: "queue.declare",
  0x00320014: "queue.bind",
  0x00320032: "queue.unbind",
  0x0032001e: "queue.purge",
  0x00320028: "queue.delete",
  0x003c000a: "basic.qos",
  0x003c0014: "basic.consume",
  0x003c001e: "basic.cancel",
  0x003c001f: "basic.cancel-ok",
  0x003c0028: "basic.publish",
};
/** How many texts precede the flags, and the octets before them. */
const TEXTS: Readonly<Record<string, readonly [skip: number, count: number]>> = {
  "exchange.declare": [2, 2],
  "exchange.bind": [2, 3],
  "queue.declare": [2, 1],
  "queue.bind": [2, 3],
  "queue.unbind": [2, 3],
  "queue.purge": [2, 1],
  "queue.delete": [2, 1],
  "basic.consume": [2, 2],
  "basic.cancel": [0, 1],
  "basic.publish": [2, 2],
};
const FRAME_MAX = 131_072;

const u16 = (value: number) => [value >>> 8 & 0xff, value & 0xff];
const u32 = (value: number) => [...u16(value >>> 16), ...u16(value & 0xffff)];
const short = (text: string) => [Buffer.byteLength(text), ...Buffer.from(text)];
const long = (text: string) => [...u32(Buffer.byteLength(text)), ...Buffer.from(text)];
/** A table of flags that are all set. */
const flags = (names: readonly string[]) => {
  const entries = names.flatMap((name) => [...short(name), 0x74, 1]);
  return [...u32(entries.length), ...entries];
};
const capabilities = () => {
  const inner = flags([
    "basic.nack",
    "consumer_cancel_notify",
    "connection.blocked",
    "exchange_exchange_bindings",
  ]);
  const entries = [...short("capabilities"), 0x46, ...inner];
  return [...u32(entries.length), ...entries];
};

interface Unfinished {
  readonly call: Call;
  size: number;
  properties: ReturnType<typeof propertiesOf>;
  readonly body: Buffer[];
}

class Broker implements FakeBroker {
  readonly calls = new Received<Call>();
  readonly published = new Received<Published>();
  judge: (call: Call) => Verdict = () => undefined;
  queue = (_: string) => ({ messages: 0, consumers: 0 });
  readonly sockets = new Map<number, Socket>();
  readonly consumers: { connection: number; channel: number; queue: string; tag: string }[] = [];
  readonly bindings: { queue: string; exchange: string; key: string }[] = [];
  readonly #open = new Set<string>();
  /** Channels that the broker has closed, until the client confirms it. */
  readonly #closing = new Set<string>();
  readonly #unfinished = new Map<string, Unfinished>();
  #count = 0;

  constructor(readonly url: string, readonly stop: () => Promise<void>) {}

  get channels(): number {
    return this.#open.size;
  }

  serve(socket: Socket): void {
    const connection = ++this.#count;
    this.sockets.set(connection, socket);
    let held = Buffer.alloc(0);
    let greeted = false;
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.on("close", () => {
      this.sockets.delete(connection);
      const gone = this.consumers.filter((it) => it.connection !== connection);
      this.consumers.splice(0, Infinity, ...gone);
      for (const id of [...this.#open]) {
        if (id.startsWith(`${connection}.`)) this.#open.delete(id);
      }
    });
    socket.on("data", (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      if (!greeted && held.length >= 8) {
        held = held.subarray(8);
        greeted = true;
        const versions = [0, 9, ...capabilities(), ...long("PLAIN"), ...long("en_US")];
        this.#send(connection, 0, [10, 10], versions);
      }
      while (greeted && held.length >= 8 && held.length >= 8 + held.readUInt32BE(3)) {
        const end = 8 + held.readUInt32BE(3);
        this.#take(connection, held[0], held.readUInt16BE(1), held.subarray(7, end - 1));
        held = held.subarray(end);
      }
    });
  }

  cancel(queue: string | RegExp): number {
    const found = this.#consumersOf(queue);
    for (const consumer of found) {
      this.consumers.splice(this.consumers.indexOf(consumer), 1);
      const { connection, channel, tag } = consumer;
      this.#send(connection, channel, [60, 30], [...short(tag), 1]);
    }
    return found.length;
  }

  closeChannel(
    { connection, channel }: Pick<Call, "connection" | "channel">,
    code: number,
    text: string,
  ): void {
    this.#forget(connection, channel);
    this.#closing.add(`${connection}.${channel}`);
    this.#send(connection, channel, [20, 40], [...u16(code), ...short(text), ...u16(0), ...u16(0)]);
  }

  deliver(queue: string | RegExp, key: string, text: string): void {
    for (const { connection, channel, tag } of this.#consumersOf(queue)) {
      const to = [...short(tag), ...u32(0), ...u32(1), 0, ...short("ari.event"), ...short(key)];
      this.#content(connection, channel, { method: [60, 60], args: to, text });
    }
  }

  answer(to: Published, text: string, correlationId = to.correlationId): void {
    const consumer = this.consumers.find((it) =>
      it.connection === to.connection && it.channel === to.channel
    );
    if (consumer === undefined) return;
    const args = [...short(consumer.tag), ...u32(0), ...u32(1), 0, ...short(""), ...short("reply")];
    this.#content(to.connection, to.channel, { method: [60, 60], args, text, correlationId });
  }

  giveBack(message: Published): void {
    const { connection, channel, exchange, key, text, correlationId } = message;
    const args = [...u16(312), ...short("NO_ROUTE"), ...short(exchange), ...short(key)];
    this.#content(connection, channel, { method: [60, 50], args, text, correlationId });
  }

  block(reason: string | undefined): void {
    for (const connection of this.sockets.keys()) {
      this.#send(
        connection,
        0,
        [10, reason === undefined ? 61 : 60],
        short(reason ?? "").slice(
          reason === undefined ? 1 : 0,
        ),
      );
    }
  }

  cut(): void {
    for (const socket of this.sockets.values()) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #consumersOf(queue: string | RegExp) {
    return this.consumers.filter((it) =>
      typeof queue === "string" ? it.queue === queue : queue.test(it.queue)
    );
  }

  #take(connection: number, kind: number, channel: number, payload: Buffer): void {
    const id = `${connection}.${channel}`;
    if (kind === 1) this.#method(connection, channel, payload);
    const unfinished = this.#unfinished.get(id);
    if (unfinished === undefined) return;
    if (kind === 2) {
      unfinished.size = Number(payload.readBigUInt64BE(4));
      unfinished.properties = propertiesOf(payload);
    } else if (kind === 3) {
      unfinished.body.push(Buffer.from(payload));
      unfinished.size -= payload.length;
    } else return;
    if (unfinished.size > 0) return;
    this.#unfinished.delete(id);
    this.#publish(unfinished);
  }

  #method(connection: number, channel: number, payload: Buffer): void {
    const method = NAMES[payload.readUInt32BE(0)] ?? `${payload.readUInt32BE(0).toString(16)}`;
    const id = `${connection}.${channel}`;
    if (method === "channel.close-ok") this.#closing.delete(id);
    // What was in flight when the channel was closed is discarded.
    else if (this.#closing.has(id) && method !== "channel.close") return;
    // As a real broker, it ends the connection over a channel that is not open.
    else if (channel > 0 && method !== "channel.open" && !this.#open.has(id)) {
      this.sockets.get(connection)?.destroy();
      return;
    }
    const [skip, count] = TEXTS[method] ?? [0, 0];
    let at = 4 + skip;
    const texts: string[] = [];
    for (let index = 0; index < count; index++) {
      texts.push(payload.toString("utf8", at + 1, at + 1 + payload[at]));
      at += 1 + payload[at];
    }
    const call = { method, texts, bits: payload[at] ?? 0, connection, channel };
    if (method === "basic.publish") {
      const unfinished = { call, size: 0, properties: NOTHING, body: [] };
      return void this.#unfinished.set(`${connection}.${channel}`, unfinished);
    }
    this.calls.add(call);
    const verdict = this.judge(call);
    if (verdict instanceof Promise) return void verdict.then(() => this.#confirm(call));
    if (verdict !== undefined) return this.closeChannel(call, verdict.code, verdict.text);
    this.#confirm(call);
  }

  #confirm({ method, texts, bits, connection, channel }: Call): void {
    const say = (id: readonly [number, number], args: readonly number[] = []) =>
      this.#send(connection, channel, id, args);
    const [first = "", second = "", third = ""] = texts;
    switch (method) {
      case "connection.start-ok":
        return say([10, 30], [...u16(2_047), ...u32(FRAME_MAX), ...u16(0)]);
      case "connection.open":
        return say([10, 41], short(""));
      case "connection.close":
        return say([10, 51]);
      case "channel.open":
        this.#open.add(`${connection}.${channel}`);
        return say([20, 11], long(""));
      case "channel.close":
        this.#forget(connection, channel);
        return say([20, 41]);
      case "exchange.declare":
        return say([40, 11]);
      case "exchange.bind":
        return say([40, 31]);
      case "queue.declare": {
        const { messages, consumers } = this.queue(first);
        return say([50, 11], [...short(first), ...u32(messages), ...u32(consumers)]);
      }
      case "queue.bind":
        this.bindings.push({ queue: first, exchange: second, key: third });
        return say([50, 21]);
      case "queue.unbind": {
        const index = this.bindings.findIndex((it) =>
          it.queue === first && it.exchange === second && it.key === third
        );
        if (index >= 0) this.bindings.splice(index, 1);
        return say([50, 51]);
      }
      case "queue.purge":
        return say([50, 31], u32(0));
      case "queue.delete":
        return say([50, 41], u32(0));
      case "basic.qos":
        return say([60, 11]);
      case "basic.consume": {
        const tag = second || `tag-${channel}-${this.consumers.length}`;
        this.consumers.push({ connection, channel, queue: first, tag });
        if ((bits & 8) === 0) say([60, 21], short(tag));
        return;
      }
      case "basic.cancel": {
        const index = this.consumers.findIndex((it) =>
          it.connection === connection && it.channel === channel && it.tag === first
        );
        if (index >= 0) this.consumers.splice(index, 1);
        return say([60, 31], short(first));
      }
    }
  }

  #publish({ call, properties, body }: Unfinished): void {
    const [exchange = "", key = ""] = call.texts;
    const { connection, channel, bits } = call;
    const data = Buffer.concat(body);
    const message: Published = {
      exchange,
      key,
      mandatory: (bits & 1) !== 0,
      text: data.toString(),
      ...properties,
      connection,
      channel,
    };
    this.published.add(message);
    const queues = exchange === ""
      ? [key]
      : this.bindings.filter((it) => it.exchange === exchange && it.key === key).map((it) =>
        it.queue
      );
    for (const queue of new Set(queues)) {
      const [consumer] = this.#consumersOf(queue);
      if (consumer === undefined) continue;
      const args = [...short(consumer.tag), ...u32(0), ...u32(1), 0];
      this.#content(consumer.connection, consumer.channel, {
        method: [60, 60],
        args: [...args, ...short(exchange), ...short(key)],
        text: message.text,
        messageId: properties.messageId,
      });
    }
  }

  #forget(connection: number, channel: number): void {
    this.#open.delete(`${connection}.${channel}`);
    this.#unfinished.delete(`${connection}.${channel}`);
    const left = this.consumers.filter((it) =>
      it.connection !== connection || it.channel !== channel
    );
    this.consumers.splice(0, Infinity, ...left);
  }

  #send(
    connection: number,
    channel: number,
    [group, method]: readonly [number, number],
    args: readonly number[],
  ): void {
    this.#frame(connection, 1, channel, [...u16(group), ...u16(method), ...args]);
  }

  #content(
    connection: number,
    channel: number,
    { method, args, text, correlationId, messageId }: {
      readonly method: readonly [number, number];
      readonly args: readonly number[];
      readonly text: string;
      readonly correlationId?: string;
      readonly messageId?: string;
    },
  ): void {
    this.#send(connection, channel, method, args);
    const body = [...Buffer.from(text)];
    const bits = (correlationId === undefined ? 0 : 0x0400) | (messageId === undefined ? 0 : 0x80);
    this.#frame(connection, 2, channel, [
      ...u16(60),
      ...u16(0),
      ...u32(0),
      ...u32(body.length),
      ...u16(bits),
      ...(correlationId === undefined ? [] : short(correlationId)),
      ...(messageId === undefined ? [] : short(messageId)),
    ]);
    if (body.length > 0) this.#frame(connection, 3, channel, body);
  }

  #frame(connection: number, kind: number, channel: number, payload: readonly number[]): void {
    this.sockets.get(connection)?.write(
      Buffer.from([kind, ...u16(channel), ...u32(payload.length), ...payload, 0xce]),
    );
  }
}

const NOTHING = {
  replyTo: undefined,
  correlationId: undefined,
  expiration: undefined,
  messageId: undefined,
};

/** The properties in the frame that precedes a body. */
function propertiesOf(payload: Buffer) {
  const bits = payload.readUInt16BE(12);
  let at = 14;
  const shortText = (bit: number) => {
    if ((bits & bit) === 0) return undefined;
    const text = payload.toString("utf8", at + 1, at + 1 + payload[at]);
    at += 1 + payload[at];
    return text;
  };
  shortText(0x8000);
  shortText(0x4000);
  if (bits & 0x2000) at += 4 + payload.readUInt32BE(at);
  if (bits & 0x1000) at++;
  if (bits & 0x0800) at++;
  const correlationId = shortText(0x0400);
  const replyTo = shortText(0x0200);
  const expiration = shortText(0x0100);
  const messageId = shortText(0x0080);
  return { correlationId, replyTo, expiration, messageId };
}

/** Starts a fake broker on loopback. */
export async function startFakeBroker(): Promise<FakeBroker> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    broker.serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  const broker = new Broker(`amqp://127.0.0.1:${port}`, async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  return broker;
}
