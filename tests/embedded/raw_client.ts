import { Buffer } from "node:buffer";
import { withDeadline } from "../testing/deadline.ts";

/** A client that speaks the protocol by hand. Texts have a character for each byte. */
export class RawClient implements Disposable {
  readonly #conn: Deno.TcpConn;
  /** What has come and was not taken yet. */
  #received = "";

  private constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
  }

  /** Connects, and takes the server's greeting. */
  static async connect(port: number): Promise<RawClient> {
    const client = new RawClient(await Deno.connect({ hostname: "127.0.0.1", port }));
    await client.line();
    return client;
  }

  /** Sends a text, or bytes as they are. */
  async send(text: string | Uint8Array): Promise<void> {
    const bytes = typeof text === "string"
      ? Uint8Array.from(text, (character) => character.charCodeAt(0))
      : text;
    for (let sent = 0; sent < bytes.length;) sent += await this.#conn.write(bytes.subarray(sent));
  }

  /** Takes what comes up to and with a text. */
  async until(text: string): Promise<string> {
    while (!this.#received.includes(text)) {
      if (!await this.#read()) throw new Error(`Got the end, not ${JSON.stringify(text)}`);
    }
    const end = this.#received.indexOf(text) + text.length;
    const taken = this.#received.slice(0, end);
    this.#received = this.#received.slice(end);
    return taken;
  }

  /** Takes a line, without its end. */
  async line(): Promise<string> {
    return (await this.until("\r\n")).slice(0, -2);
  }

  /** Takes all that comes until the server closes. */
  async rest(): Promise<string> {
    while (await this.#read());
    return this.#received;
  }

  [Symbol.dispose](): void {
    this.#conn.close();
  }

  async #read(): Promise<boolean> {
    const buffer = new Uint8Array(256 * 1024);
    const reading = this.#conn.read(buffer);
    const length = await withDeadline(reading, {
      what: `something after ${JSON.stringify(this.#received.slice(-200))}`,
    });
    if (length === null) return false;
    this.#received += Buffer.from(buffer.buffer, 0, length).toString("latin1");
    return true;
  }
}
