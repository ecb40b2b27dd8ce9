/** A TCP proxy on loopback with which a network can be made to fail. Disposing it closes all. */
export interface FaultProxy extends AsyncDisposable {
  /** The port it listens on. */
  readonly port: number;
  /** How many connections it has taken so far. */
  readonly accepted: number;
  /** Carries no bytes any more, in either direction, but keeps all connections open. */
  stall(): void;
  /** Carries bytes again, those held back first. */
  resume(): void;
  /** Breaks all connections that stand. New ones are taken. */
  cut(): void;
}

/** Options of {@linkcode startFaultProxy}. */
export interface FaultProxyOptions {
  /**
   * Passes on so many bytes at a time at the most, so that messages arrive in pieces.
   *
   * @default no limit
   */
  readonly pieces?: number;
}

/** Starts a proxy in front of a port on loopback. */
export function startFaultProxy(target: number, options: FaultProxyOptions = {}): FaultProxy {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections = new Set<Deno.TcpConn>();
  const work = new Set<Promise<void>>();
  let gate = Promise.resolve();
  let open = () => {};
  let accepted = 0;

  const drop = (connection: Deno.TcpConn) => {
    if (connections.delete(connection)) connection.close();
  };
  const pump = async (from: Deno.TcpConn, to: Deno.TcpConn) => {
    const buffer = new Uint8Array(64 * 1024);
    try {
      for (let length; (length = await from.read(buffer)) !== null;) {
        for (let sent = 0; sent < length;) {
          await gate;
          const end = Math.min(length, sent + (options.pieces ?? length));
          sent += await to.write(buffer.subarray(sent, end));
        }
      }
    } catch {
      // One of the two is gone, and the other goes with it.
    }
    drop(from);
    drop(to);
  };
  const serve = async (client: Deno.TcpConn) => {
    connections.add(client);
    client.setNoDelay(true);
    try {
      const server = await Deno.connect({ hostname: "127.0.0.1", port: target });
      connections.add(server);
      server.setNoDelay(true);
      await Promise.all([pump(client, server), pump(server, client)]);
    } catch {
      drop(client);
    }
  };
  const accepting = (async () => {
    for await (const client of listener) {
      accepted++;
      const task = serve(client).finally(() => work.delete(task));
      work.add(task);
    }
  })();

  const resume = () => open();
  const cut = () => [...connections].forEach(drop);
  return {
    port: listener.addr.port,
    get accepted() {
      return accepted;
    },
    stall() {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      open = resolve;
    },
    resume,
    cut,
    async [Symbol.asyncDispose]() {
      listener.close();
      resume();
      cut();
      await accepting;
      await Promise.all(work);
    },
  };
}
