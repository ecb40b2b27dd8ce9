/**
 * What systemd wants to know of a service: that it has begun, how it is, that it still lives, that it
 * is about to end.
 *
 * @module
 */
import { errorText } from "../common/error_text.ts";
import { parts, type Readiness } from "./readiness.ts";

/** Options of {@linkcode keepInformed}. */
interface KeepInformedOptions {
  /** Whom to tell. */
  readonly notifier: Notifier;
  /** How the program is. */
  readonly readiness: Readiness;
  /**
   * Time without a sign of life after which the program is taken for dead, in milliseconds.
   *
   * @default no such time
   */
  readonly watchdog?: number;
}

/**
 * Says that the program has begun, then each change of how it is, and, as long as the event loop
 * turns, that it lives, twice in the time that is allowed. It goes on until it is disposed of.
 */
export function keepInformed({ notifier, readiness, watchdog }: KeepInformedOptions): Disposable {
  const tell = () => {
    if (readiness.report().stopping) notifier.tell("STOPPING", "1");
    notifier.tell("STATUS", statusText(readiness));
  };
  notifier.tell("READY", "1");
  tell();
  const stop = readiness.onChange(tell);
  const timer = watchdog === undefined
    ? undefined
    : setInterval(() => notifier.tell("WATCHDOG", "1"), watchdog / 2);
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      stop();
    },
  };
}

const names = { bus: "the bus", asterisk: "Asterisk" } as const;

function statusText(readiness: Readiness): string {
  const report = readiness.report();
  if (report.stopping) return "Stopping: finishing what is under way";
  if (report.ready) return "Bus and Asterisk are connected";
  const missing = parts.filter((part) => !report[part].ready);
  return `Waiting for ${
    missing.map((part) => `${names[part]}: ${report[part].reason}`).join("; for ")
  }`;
}

/**
 * Reads the time that is allowed between signs of life, in milliseconds.
 *
 * @param env Tells an environment variable.
 * @param pid Number of this process; a time for another one is not for it.
 * @returns undefined when there is none.
 */
export function watchdogTime(
  env: (name: string) => string | undefined,
  pid: number,
): number | undefined {
  const microseconds = Number(env("WATCHDOG_USEC"));
  const other = env("WATCHDOG_PID");
  if (!(microseconds > 0) || (other && other !== String(pid))) return undefined;
  return microseconds / 1_000;
}

/** Options of {@linkcode openNotifySocket}. */
interface NotifySocketOptions {
  /**
   * Called with the reason when something cannot be sent, and with undefined when something could be
   * sent again; not in between.
   */
  readonly onTrouble: (reason: string | undefined) => void;
}

/** Something that tells a service manager how the program is. */
interface Notifier extends AsyncDisposable {
  /**
   * Tells a value, without waiting. Of a name that is told again before the first one has left, only
   * the last value is sent. What cannot be sent is tried again with the next value.
   */
  tell(name: string, value: string): void;
}

/** How long closing waits for what has not left yet, in milliseconds. */
const patience = 1_000;

/**
 * Prepares to tell the service manager that listens at an address: a path, or a name behind `@`.
 * It never throws.
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
  #troubled = false;
  #closed = false;

  constructor(address: string, options: NotifySocketOptions) {
    this.#to = { transport: "unixpacket", path: address.replace(/^@/, "\0") };
    this.#options = options;
  }

  tell(name: string, value: string): void {
    if (this.#closed) return;
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
    this.#closed = true;
    this.#waiting.clear();
    this.#socket?.close();
  }

  async #send(): Promise<void> {
    // What is told in the same turn goes out in one piece.
    await Promise.resolve();
    let values: [string, string][] = [];
    try {
      this.#socket ??= bind();
      while (this.#waiting.size > 0) {
        values = [...this.#waiting];
        this.#waiting.clear();
        const lines = values.map(([name, value]) => `${name}=${value}`);
        await this.#socket.send(new TextEncoder().encode(lines.join("\n")), this.#to);
        this.#note(undefined);
      }
    } catch (error) {
      // Who is back has to learn that the program is ready, for instance.
      for (const [name, value] of values) {
        if (!this.#waiting.has(name)) this.#waiting.set(name, value);
      }
      this.#note(errorText(error));
    } finally {
      this.#sending = undefined;
    }
  }

  /** Tells of trouble when it begins and when it is over. */
  #note(reason: string | undefined): void {
    if (this.#closed || this.#troubled === (reason !== undefined)) return;
    this.#troubled = reason !== undefined;
    this.#options.onTrouble(reason);
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

/** Every environment variable by which systemd tells what it wants. */
export const systemdEnvironment = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] as const;
