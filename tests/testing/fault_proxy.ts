/**
 * A network that can be made to fail: a TCP proxy on loopback between two real programs.
 *
 * @module
 */
import { connect, createServer, type Server, type Socket } from "node:net";
import { pause } from "../../src/common/pause.ts";

/** Whom bytes go to: the program that connected, or the server behind the proxy. */
export type Side = "client" | "server";

/** A TCP proxy on loopback with which a network can be made to fail. Disposing it closes all. */
export interface FaultProxy extends AsyncDisposable {
  /** The port it listens on; it stays the same. */
  readonly port: number;
  /** How many connections it has taken so far. */
  readonly accepted: number;
  /** How many of them are open. */
  readonly open: number;
  /** Carries no bytes any more, but keeps all connections open. @param to One direction alone. */
  stall(to?: Side): void;
  /** Carries bytes again, those held back first. */
  resume(): void;
  /** As `stall`, permanently, but only for the open connections, not for new ones. */
  freeze(): void;
  /** Closes all open connections. New ones are accepted. */
  cut(): void;
  /** As `cut`, with a reset (RST) to both sides instead of an end (FIN). */
  reset(): void;
  /** Breaks all connections and listens no more, so that connecting is refused. */
  refuse(): Promise<void>;
  /** Listens again. */
  accept(): Promise<void>;
  /** Inserts bytes into the stream of every connection. */
  inject(to: Side, bytes: Uint8Array): void;
  /** Carries at most so many bytes a second in each direction of a connection; undefined ends that. */
  slow(rate: number | undefined): void;
}

/** Options of {@linkcode startFaultProxy}. */
export interface FaultProxyOptions {
  /**
   * Passes on at most so many bytes at a time, so that messages arrive in pieces.
   *
   * @default no limit
   */
  readonly pieces?: number;
}

/** Starts a proxy in front of a port on loopback. */
export async function startFaultProxy(
  target: number,
  options: FaultProxyOptions = {},
): Promise<FaultProxy> {
  const proxy = new Network(target, options);
  await proxy.accept();
  return proxy;
}

/** How many times a second a slow connection carries something. */
const STEPS = 20;

/** Holds up what goes in one direction. */
class Gate {
  passage = Promise.resolve();
  #open = () => {};

  shut(): void {
    this.#open();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.passage = promise;
    this.#open = resolve;
  }

  open(): void {
    this.#open();
  }
}

interface Connection {
  readonly client: Socket;
  readonly server: Socket;
  frozen: boolean;
}

class Network implements FaultProxy {
  port = 0;
  accepted = 0;
  readonly #target: number;
  readonly #pieces: number;
  readonly #gates: Readonly<Record<Side, Gate>> = { client: new Gate(), server: new Gate() };
  readonly #connections = new Set<Connection>();
  readonly #sockets = new Set<Socket>();
  readonly #over = new AbortController();
  #listener: Server | undefined;
  #rate: number | undefined;

  constructor(target: number, { pieces = Infinity }: FaultProxyOptions) {
    this.#target = target;
    this.#pieces = pieces;
  }

  get open(): number {
    return this.#connections.size;
  }

  stall(to?: Side): void {
    for (const side of sides) if (to === undefined || to === side) this.#gates[side].shut();
  }

  resume(): void {
    for (const side of sides) this.#gates[side].open();
  }

  freeze(): void {
    for (const connection of this.#connections) connection.frozen = true;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  inject(to: Side, bytes: Uint8Array): void {
    for (const connection of this.#connections) connection[to].write(bytes);
  }

  slow(rate: number | undefined): void {
    this.#rate = rate;
  }

  async accept(): Promise<void> {
    if (this.#listener !== undefined) return;
    const listener = createServer({ allowHalfOpen: true }, (client) => this.#serve(client));
    this.#listener = listener;
    await new Promise<void>((resolve, reject) => {
      listener.once("error", reject);
      listener.listen(this.port, "127.0.0.1", resolve);
    });
    const address = listener.address();
    if (address !== null && typeof address === "object") this.port = address.port;
  }

  async refuse(): Promise<void> {
    const listener = this.#listener;
    if (listener === undefined) return;
    this.#listener = undefined;
    const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
    this.cut();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    const all = [...this.#sockets].map((socket) =>
      new Promise<void>((resolve) => socket.once("close", () => resolve()))
    );
    this.cut();
    await this.refuse();
    await Promise.all(all);
  }

  #serve(client: Socket): void {
    this.accepted++;
    const target = { host: "127.0.0.1", port: this.#target, allowHalfOpen: true, noDelay: true };
    const server = connect(target);
    client.setNoDelay(true);
    const connection = { client, server, frozen: false };
    this.#connections.add(connection);
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      // One of the two is gone, and the other goes with it.
      socket.on("error", () => {});
      socket.once("close", () => this.#sockets.delete(socket));
    }
    this.#pump(connection, "server");
    this.#pump(connection, "client");
  }

  #pump(connection: Connection, to: Side): void {
    const from = connection[to === "client" ? "server" : "client"];
    let carried = Promise.resolve();
    const next = (step: () => Promise<void> | void) => {
      carried = carried.then(() => this.#gates[to].passage).then(() => {
        // What was not let through is as lost as on a cable that was pulled out.
        if (!connection.frozen) return step();
      });
    };
    from.on("data", (chunk: Uint8Array) => {
      from.pause();
      next(async () => {
        await this.#carry(chunk, connection[to]);
        from.resume();
      });
    });
    const end = () =>
      next(() => {
        this.#connections.delete(connection);
        connection.client.destroy();
        connection.server.destroy();
      });
    from.once("end", end);
    from.once("close", end);
  }

  async #carry(chunk: Uint8Array, to: Socket): Promise<void> {
    for (let sent = 0; sent < chunk.length && !to.destroyed;) {
      const rate = this.#rate === undefined ? Infinity : Math.max(1, this.#rate / STEPS);
      const end = sent + Math.min(chunk.length - sent, this.#pieces, rate);
      await new Promise<void>((resolve) => to.write(chunk.subarray(sent, end), () => resolve()));
      if (rate < Infinity) await pause(1000 / STEPS, this.#over.signal).catch(() => {});
      sent = end;
    }
  }
}

const sides: readonly Side[] = ["client", "server"];
