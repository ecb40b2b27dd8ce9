/**
 * Connections over TCP or TLS.
 *
 * @module
 */

/** Options of {@linkcode dial}. */
export interface DialOptions {
  /** Certificates to trust besides the system's, as PEM. @default none */
  readonly ca?: readonly string[];
  /** Gives up. */
  readonly signal: AbortSignal;
}

/**
 * Connects to the host of a URL: over TLS for `https:` and `wss:`, else over TCP.
 *
 * @throws What the runtime throws when no connection comes about, or the reason of the signal.
 */
export async function dial(url: URL, { ca = [], signal }: DialOptions): Promise<Deno.Conn> {
  signal.throwIfAborted();
  const secure = url.protocol === "https:" || url.protocol === "wss:";
  const hostname = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const port = url.port !== "" ? Number(url.port) : secure ? 443 : 80;
  let connection: Deno.Conn | undefined;
  const abort = () => connection && closeConnection(connection);
  signal.addEventListener("abort", abort);
  try {
    const tcp = await Deno.connect({ hostname, port, signal });
    connection = tcp;
    if (!secure) return tcp;
    const tls = await Deno.startTls(tcp, { hostname, caCerts: [...ca] });
    connection = tls;
    signal.throwIfAborted();
    await tls.handshake();
    return tls;
  } catch (error) {
    abort();
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** Writes all the bytes. */
export async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

/** Closes a connection; one that is closed already is no error. */
export function closeConnection(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It is closed already.
  }
}
