/**
 * A TCP server that answers each connection's first bytes with given ones, and closes it.
 *
 * @module
 */
import { createHash } from "node:crypto";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** A server on a free port of the loopback. Disposing it closes everything. */
export interface ScriptedServer extends AsyncDisposable {
  /** The port it listens on. */
  readonly port: number;
  /** Sets what is sent next, in pieces; with `upgrade` behind a handshake that agrees. */
  answer(pieces: readonly Uint8Array[], options?: { readonly upgrade?: boolean }): void;
}

/** Starts a server. */
export function startScriptedServer(): ScriptedServer {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let script: readonly Uint8Array[] = [];
  let upgrades = false;
  const work = new Set<Promise<void>>();

  const serve = async (connection: Deno.TcpConn) => {
    try {
      const buffer = new Uint8Array(8_192);
      const count = await connection.read(buffer);
      if (count === null) return;
      const pieces = upgrades ? [agreement(buffer.subarray(0, count)), ...script] : script;
      for (const piece of pieces) {
        for (let sent = 0; sent < piece.length;) {
          sent += await connection.write(piece.subarray(sent));
        }
      }
      await connection.closeWrite();
      while (await connection.read(buffer) !== null);
    } catch {
      // The other side has hung up.
    } finally {
      connection.close();
    }
  };
  const accepting = (async () => {
    for await (const connection of listener) {
      connection.setNoDelay(true);
      const task = serve(connection).finally(() => work.delete(task));
      work.add(task);
    }
  })();
  return {
    port: listener.addr.port,
    answer(pieces, { upgrade = false } = {}) {
      script = pieces;
      upgrades = upgrade;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      await Promise.all(work);
    },
  };
}

function agreement(request: Uint8Array): Uint8Array {
  const [, key = ""] = /Sec-WebSocket-Key: (\S+)/.exec(new TextDecoder().decode(request)) ?? [];
  const proof = createHash("sha1").update(key + GUID).digest("base64");
  return new TextEncoder().encode(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Accept: ${proof}\r\n\r\n`,
  );
}
