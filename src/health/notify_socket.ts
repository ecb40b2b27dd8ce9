/**
 * The socket on which a service tells systemd how it is. It takes datagrams of lines `NAME=value`.
 *
 * @module
 */
import { errorText } from "../common/error_text.ts";

/** Options of {@linkcode openNotifySocket}. */
export interface NotifySocketOptions {
  /** Called once, when something cannot be sent; nothing more is sent then. */
  readonly onError: (reason: string) => void;
}

/** Something that tells a service manager how the program is. */
export interface Notifier extends AsyncDisposable {
  /**
   * Tells a value, without waiting. Of a name that is told again before the first one has left, only
   * the last value is sent.
   */
  tell(name: string, value: string): void;
}

/** How long closing waits for what has not left yet, in milliseconds. */
const patience = 1_000;

/**
 * Prepares to tell the service manager that listens at an address: a path, or a name behind `@`.
 * It never throws; what goes wrong is told once.
 */
export function openNotifySocket(address: string, options: NotifySocketOptions): Notifier {
  return new NotifySocket(address, options);
}

class NotifySocket implements Notifier {
  readonly #to: Deno.UnixAddr;
  readonly #options: NotifySocketOptions;
  readonly #waiting = new Map<string, string>();
  #socket: Deno.DatagramConn | undefined;
  #sending: Promise<void> | undefined;
  #broken = false;

  constructor(address: string, options: NotifySocketOptions) {
    this.#to = { transport: "unixpacket", path: address.replace(/^@/, "\0") };
    this.#options = options;
  }

  tell(name: string, value: string): void {
    if (this.#broken) return;
    // A line is what ends at a line feed, so that a value cannot hold one.
    this.#waiting.set(name, value.replaceAll(/[\p{Cc}\s]+/gu, " ").trim());
    this.#sending ??= this.#send();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#sending) {
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, patience);
      await Promise.race([this.#sending, late.promise]);
      clearTimeout(timer);
    }
    this.#close();
  }

  async #send(): Promise<void> {
    // What is told in the same turn goes out in one piece.
    await Promise.resolve();
    try {
      this.#socket ??= bind();
      while (this.#waiting.size > 0) {
        const lines = Array.from(this.#waiting, ([name, value]) => `${name}=${value}`);
        this.#waiting.clear();
        await this.#socket.send(new TextEncoder().encode(lines.join("\n")), this.#to);
      }
    } catch (error) {
      if (this.#broken) return;
      this.#close();
      this.#options.onError(errorText(error));
    } finally {
      this.#sending = undefined;
    }
  }

  #close(): void {
    this.#broken = true;
    this.#waiting.clear();
    this.#socket?.close();
    this.#socket = undefined;
  }
}

/** A socket needs an address to send from. One behind a zero byte leaves no file behind. */
function bind(): Deno.DatagramConn {
  if (typeof Deno.listenDatagram !== "function") {
    throw new Error("this needs deno run with --unstable-net");
  }
  return Deno.listenDatagram({
    transport: "unixpacket",
    path: `\0ari-proxy-${crypto.randomUUID()}`,
  });
}
