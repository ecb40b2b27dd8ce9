/**
 * One connection to RabbitMQ, from its beginning to its end, and then the next one.
 *
 * @module
 */

import { nextTick } from "node:process";
import { Duplex } from "node:stream";
import { type Channel, type ChannelModel, connect } from "amqplib";
import { BusError } from "../bus.ts";
import { FrameWriter } from "./frame_writer.ts";
import { type RabbitmqSettings, type RabbitmqTarget, socketOptions } from "./options.ts";
import { EXCHANGES } from "./topology.ts";
import { backoff } from "../../common/backoff.ts";
import { pause } from "../../common/pause.ts";
import { errorText } from "../../common/error_text.ts";
import { inTime } from "../../common/in_time.ts";

/** Time for the peer to close a connection, in milliseconds. */
const CLOSE_TIMEOUT = 1_000;

/** The size of a frame that every broker accepts, in bytes. */
const MIN_FRAME = 4_096;

/** Pauses between attempts to reconnect, in milliseconds. */
const PAUSES = { first: 100, max: 5_000 };

const NOT_FOUND = 404;
const REFUSED = 403;

/** Why the broker closed a channel. */
export interface ChannelError extends Error {
  /** The code of AMQP: 403 not allowed, 404 nothing of that name, 406 not as it is declared … */
  readonly code?: number;
}

/** A connection that is open, or was. Its exchanges are declared. */
export class Session {
  /** Host and port. */
  readonly server: string;
  /** Resolves when the connection has ended, with the reason. */
  readonly ended: Promise<string>;
  /** Resolves when its socket is closed, too. */
  readonly gone: Promise<void>;
  #blocked: string | undefined;
  #onBlocked: () => void = () => {};
  readonly #model: ChannelModel;
  readonly #end = new AbortController();

  constructor(model: ChannelModel, server: string) {
    this.#model = model;
    this.server = server;
    let reason = "the connection was closed";
    model.on("error", (error) => reason = error.message);
    model.on("blocked", (why) => this.#setBlocked(why));
    model.on("unblocked", () => this.#setBlocked(undefined));
    this.ended = new Promise((resolve) => {
      model.on("close", (error) => {
        reason = error?.message ?? reason;
        this.#end.abort(new BusError("disconnected", `The bus is disconnected: ${reason}`));
        resolve(reason);
      });
    });
    const socket = socketOf(model);
    if (socket !== undefined) gatherWrites(socket);
    const socketClosed = new Promise<void>((resolve) => socket?.once("close", () => resolve()));
    this.gone = this.ended.then(() => closed(model, socketClosed));
  }

  /** Why the broker accepts no messages at the moment; undefined when it does. */
  get blocked(): string | undefined {
    return this.#blocked;
  }

  /** Sets what is called when {@linkcode Session.blocked} changes. */
  watchBlocked(onBlocked: () => void): void {
    this.#onBlocked = onBlocked;
  }

  /** Aborts when the connection ends. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  /** Whether the connection is open. */
  get open(): boolean {
    return !this.#end.signal.aborted;
  }

  /**
   * Opens a channel.
   *
   * @param onClose Called when it is closed, with the reason if the broker closed it alone.
   */
  async channel(onClose: (error: ChannelError | undefined) => void): Promise<Channel> {
    const channel = await this.#model.createChannel();
    let cause: ChannelError | undefined;
    channel.on("error", (error) => cause = error);
    channel.on("close", () => onClose(cause));
    return channel;
  }

  /** Writes messages on a channel, bypassing the library; undefined when the library hides its socket. */
  frameWriter(channel: Channel): FrameWriter | undefined {
    const socket = socketOf(this.#model);
    const { connection } = this.#model;
    const number = "ch" in channel && typeof channel.ch === "number" ? channel.ch : undefined;
    if (socket === undefined || number === undefined) return undefined;
    const negotiated = "frameMax" in connection ? connection.frameMax : undefined;
    const frameMax = typeof negotiated === "number" && negotiated > 0 ? negotiated : MIN_FRAME;
    return new FrameWriter({
      channel: number,
      frameMax,
      write: (bytes) => socket.write(bytes),
    });
  }

  /**
   * Declares all exchanges. One that exists with other properties, or that this user may not declare, is
   * used as it is. Those that this user has no access to are ignored, unless that is all of them.
   */
  async declareExchanges(): Promise<void> {
    // An error closes the channel, so each exchange has its own.
    const outcomes = await Promise.allSettled(EXCHANGES.map(async ({ name, kind }) => {
      try {
        await this.#aside((channel) => channel.assertExchange(name, kind, { durable: true }));
      } catch (error) {
        await this.#aside((channel) => channel.checkExchange(name)).catch((second) => {
          throw hasCode(second, REFUSED) ? second : error;
        });
      }
    }));
    const failures = outcomes.flatMap((outcome) =>
      outcome.status === "rejected" ? [outcome.reason] : []
    );
    const all = failures.length === EXCHANGES.length;
    const failure = failures.find((reason) => all || !hasCode(reason, REFUSED));
    if (failure !== undefined) throw failure;
  }

  /**
   * Returns whether a queue has consumers; a queue that does not exist has none.
   *
   * @throws When the broker refuses, or the session ends.
   */
  async isConsumed(queue: string): Promise<boolean> {
    try {
      return await this.#aside(async (channel) =>
        (await channel.checkQueue(queue)).consumerCount > 0
      );
    } catch (error) {
      if (hasCode(error, NOT_FOUND)) return false;
      throw error;
    }
  }

  /** Closes the connection. */
  async close(): Promise<void> {
    if (this.open) {
      const timer = setTimeout(() => destroy(this.#model), CLOSE_TIMEOUT);
      // It fails when the connection ends by itself meanwhile.
      await Promise.race([this.#model.close().catch(() => {}), this.ended]);
      clearTimeout(timer);
    }
    await this.gone;
  }

  async #aside<T>(work: (channel: Channel) => Promise<T>): Promise<T> {
    const channel = await this.channel(() => {});
    try {
      return await work(channel);
    } finally {
      await closeChannel(channel);
    }
  }

  #setBlocked(reason: string | undefined): void {
    this.#blocked = reason;
    this.#onBlocked();
  }
}

/**
 * Connects to one server and declares the exchanges.
 *
 * @throws {BusError} With the code `unreachable` or `denied`. A signal that aborts rejects with its
 * reason.
 */
export async function openSession(
  target: RabbitmqTarget,
  { name, timeout = 5_000, signal, tls }: RabbitmqSettings,
): Promise<Session> {
  signal?.throwIfAborted();
  // The signal must not reach the socket once the connection is open.
  const dialling = new AbortController();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    dialling.abort();
  }, timeout);
  const abort = () => dialling.abort();
  signal?.addEventListener("abort", abort);
  let session: Session | undefined;
  try {
    const model = await connect(target.connect, {
      ...socketOptions(tls),
      ...{ signal: dialling.signal },
      noDelay: true,
      clientProperties: {
        product: "ari-proxy",
        ...(name === undefined ? {} : { connection_name: name }),
      },
    });
    session = new Session(model, target.address);
    await session.declareExchanges();
    signal?.throwIfAborted();
    return session;
  } catch (error) {
    await session?.close();
    signal?.throwIfAborted();
    throw dialError(target, late ? new Error(`no reply within ${timeout} ms`) : error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

function dialError({ address, connect }: RabbitmqTarget, error: unknown): BusError {
  const reason = errorText(error);
  if (/\b403\b|ACCESS.REFUSED/.test(reason)) {
    return new BusError("denied", `RabbitMQ at ${address} refused the credentials: ${reason}`);
  }
  // The library does not pass on the broker's error about a virtual host.
  if (/ConnectionOpenOk/.test(reason)) {
    const host = connect.vhost || "/";
    return new BusError("denied", `RabbitMQ at ${address} refused the virtual host ${host}`);
  }
  return new BusError("unreachable", `Cannot reach RabbitMQ at ${address}: ${reason}`);
}

/** Connects to one server. It rejects with a `BusError`, or when the signal aborts. */
export type Dial = (signal: AbortSignal) => Promise<Session>;

interface RunOptions {
  /** Connect again, one for each server. */
  readonly dials: readonly Dial[];
  /** Ends it; what aborts it also closes a session that has been entered. */
  readonly signal: AbortSignal;
  /** Puts a session into use. The next step follows when it resolves. */
  readonly enter: (session: Session) => Promise<void>;
  /** Takes the session out of use, because it has ended. */
  readonly leave: (reason: string) => void;
  /** Called with the reason for which an attempt to reconnect failed; the next follows. */
  readonly onRetry: (reason: string) => void;
}

/**
 * Uses a session until it ends, then the next one, until the signal aborts.
 *
 * @returns A promise that resolves when the last session is gone.
 */
export async function runSessions(first: Session, options: RunOptions): Promise<void> {
  for (let session: Session | undefined = first; session !== undefined;) {
    await options.enter(session);
    if (options.signal.aborted) await session.close();
    options.leave(await session.ended);
    await session.gone;
    session = await reconnect(options);
  }
}

async function reconnect(
  { dials, signal, onRetry }: RunOptions,
): Promise<Session | undefined> {
  for (let round = 0; !signal.aborted; round++) {
    await pause(backoff(round, PAUSES), signal).catch(() => {});
    for (const dial of dials) {
      if (signal.aborted) break;
      try {
        return await dial(signal);
      } catch (error) {
        if (signal.aborted) break;
        onRetry(errorText(error));
      }
    }
  }
}

/** Whether the broker closed a channel with a code. */
function hasCode(error: unknown, code: number): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

/** Closes a channel, if it is not closed already. */
export async function closeChannel(channel: Channel): Promise<void> {
  try {
    await channel.close();
  } catch {
    // It was closed by the broker, or with its connection.
  }
}

/** Waits until the socket is closed, by force if the peer does not respond. */
async function closed(model: ChannelModel, socketClosed: Promise<void>): Promise<void> {
  if (!await inTime(socketClosed, CLOSE_TIMEOUT)) destroy(model);
}

/** The library does not notice the end of a socket without an error or a close by the peer. */
function destroy(model: ChannelModel): void {
  socketOf(model)?.destroy(new Error("the broker does not respond"));
}

/** The library ends its socket, but never destroys it. */
function socketOf({ connection }: ChannelModel): Duplex | undefined {
  const socket = "stream" in connection ? connection.stream : undefined;
  return socket instanceof Duplex ? socket : undefined;
}

/**
 * Makes a socket combine the writes of one event-loop turn into one. The library writes each message by
 * itself, and for small ones the system call costs more than everything else.
 */
function gatherWrites(socket: Duplex): void {
  const write = socket.write;
  Object.defineProperty(socket, "write", {
    // The socket puts another one in its place when the peer has ended.
    writable: true,
    configurable: true,
    value(...args: readonly unknown[]): boolean {
      if (socket.writableCorked === 0) {
        socket.cork();
        nextTick(() => socket.uncork());
      }
      return Reflect.apply(write, socket, args);
    },
  });
}
