import { createSocket } from "node:dgram";

/** Options of {@linkcode freePort}. */
export interface FreePortOptions {
  /** The protocol that the port is for. @default "tcp" */
  readonly transport?: "tcp" | "udp";
  /** The ports to choose from. @default 15000 to 31999 */
  readonly candidates?: readonly number[];
}

/**
 * Finds a port on 127.0.0.1 that nothing listens on at this moment; another program may take it
 * before the caller does.
 *
 * The ports lie below those that the system gives to outgoing connections. From there, a server
 * that is down for a moment could lose its port to a client, and a client that dials a port without
 * a server can even end up connected to itself.
 *
 * @throws {Error} When fifty candidates, or all there are, are taken.
 */
export async function freePort(options: FreePortOptions = {}): Promise<number> {
  const isFree = options.transport === "udp" ? isFreeUdp : isFreeTcp;
  const left = [...options.candidates ?? Array.from({ length: 17_000 }, (_, i) => 15_000 + i)];
  for (let tries = 0; tries < 50 && left.length > 0; tries++) {
    const [port = 0] = left.splice(Math.floor(Math.random() * left.length), 1);
    if (await isFree(port)) return port;
  }
  throw new Error("Cannot find a free port: all that were tried are taken");
}

function isFreeTcp(port: number): boolean {
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return false;
    throw error;
  }
}

function isFreeUdp(port: number): Promise<boolean> {
  const socket = createSocket("udp4");
  return new Promise((resolve) => {
    socket.once("error", () => resolve(false));
    socket.bind(port, "127.0.0.1", () => socket.close(() => resolve(true)));
  });
}
