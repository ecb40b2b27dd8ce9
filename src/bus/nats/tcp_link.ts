/**
 * A connection that begins in the clear and may be encrypted later, as NATS's do.
 *
 * @module
 */

import type { TlsOptions } from "@nats-io/nats-core";

/** A connection, as narrow as the transport needs it. */
export interface Link {
  /** Reads into the buffer; resolves to the count of bytes, or null at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
  /** Writes from the buffer; resolves to the count of bytes that were taken. */
  write(bytes: Uint8Array): Promise<number>;
  /** Closes the connection; reads and writes under way fail or end. Doing it twice is no error. */
  close(): void;
  /**
   * Shakes hands and goes on encrypted, as another link. This one is not used any more.
   *
   * @param host Name that the server's certificate must bear.
   */
  encrypt(host: string): Promise<Link>;
}

/** Options of {@linkcode dial}. */
export interface DialOptions {
  /** Gives up. */
  readonly signal: AbortSignal;
  /** What {@linkcode Link.encrypt} uses. @default the authorities that Deno trusts */
  readonly tls?: TlsOptions | null;
}

/** Connects over TCP. */
export async function dial(
  address: { readonly hostname: string; readonly port: number },
  options: DialOptions,
): Promise<Link> {
  const { hostname, port } = address;
  const { signal, tls } = options;
  const [ca, cert, key] = await Promise.all([
    tls?.ca ?? contents(tls?.caFile),
    tls?.cert ?? contents(tls?.certFile),
    tls?.key ?? contents(tls?.keyFile),
  ]);
  if (cert !== undefined || key !== undefined) {
    // Deno encrypts a connection that stands without showing a certificate; node:tls shows it.
    const { dialWithCertificate } = await import("./certificate_link.ts");
    return await dialWithCertificate({ hostname, port }, { signal, ca, cert, key });
  }
  const connection = await Deno.connect({ hostname, port, signal });
  connection.setNoDelay(true);
  return new TcpLink(connection, ca);
}

async function contents(path: string | undefined): Promise<string | undefined> {
  return path === undefined ? undefined : await Deno.readTextFile(path);
}

class DenoLink implements Link {
  readonly #connection: Deno.Conn;

  constructor(connection: Deno.Conn) {
    this.#connection = connection;
  }

  read(buffer: Uint8Array): Promise<number | null> {
    return this.#connection.read(buffer);
  }

  write(bytes: Uint8Array): Promise<number> {
    return this.#connection.write(bytes);
  }

  close(): void {
    try {
      this.#connection.close();
    } catch {
      // It has closed itself.
    }
  }

  encrypt(_host: string): Promise<Link> {
    return Promise.reject(new Error("the connection is encrypted already"));
  }
}

class TcpLink extends DenoLink {
  readonly #tcp: Deno.TcpConn;
  readonly #ca: string | undefined;

  constructor(tcp: Deno.TcpConn, ca: string | undefined) {
    super(tcp);
    this.#tcp = tcp;
    this.#ca = ca;
  }

  override async encrypt(hostname: string): Promise<Link> {
    const caCerts = this.#ca === undefined ? [] : [this.#ca];
    const tls = await Deno.startTls(this.#tcp, { hostname, caCerts });
    try {
      await tls.handshake();
    } catch (error) {
      tls.close();
      throw error;
    }
    return new DenoLink(tls);
  }
}
