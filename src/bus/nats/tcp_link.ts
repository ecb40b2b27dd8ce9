/**
 * Connections that begin unencrypted and may be encrypted later, as those of NATS do.
 *
 * @module
 */

/** A connection, as narrow as the transport needs it. */
export interface Link {
  /** Reads into the buffer; resolves to the count of bytes, or null at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
  /** Writes from the buffer; resolves to the count of bytes that were taken. */
  write(bytes: Uint8Array): Promise<number>;
  /** Closes the connection; pending reads and writes fail or end. Doing it twice is no error. */
  close(): void;
  /**
   * Does the TLS handshake and goes on as another link. This one must not be used any more.
   *
   * @param host Name that the server's certificate must bear.
   */
  encrypt(host: string): Promise<Link>;
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

/** A connection over TCP. */
export class TcpLink extends DenoLink {
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
