/**
 * Notifies systemd of the state of the service: started, status, alive, stopping. systemd takes datagrams
 * of lines `NAME=value` on a socket.
 *
 * @module
 */
import { errorText } from "../common/error_text.ts";
import { connections, type Readiness } from "./readiness.ts";

/** The environment variables that systemd sets for a service. */
export const systemdEnvironment = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] as const;

/**
 * Notifies systemd that the program has started, of each change of its readiness, and, while the event
 * loop runs, that it is alive, until it is disposed of.
 *
 * @param options.watchdog Time without a notice after which systemd takes the program for dead, in
 * milliseconds; it gets two in this time. @default no such time
 */
export function keepInformed({ notifier, readiness, watchdog }: {
  readonly notifier: Notifier;
  readonly readiness: Readiness;
  readonly watchdog?: number;
}): Disposable {
  const notify = () => {
    if (readiness.report().stopping) notifier.send("STOPPING", "1");
    notifier.send("STATUS", statusText(readiness));
  };
  notifier.send("READY", "1");
  notify();
  const stop = readiness.onChange(notify);
  const timer = watchdog === undefined
    ? undefined
    : setInterval(() => notifier.send("WATCHDOG", "1"), watchdog / 2);
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
  if (report.stopping) return "Stopping: finishing requests in flight";
  if (report.ready) return "Bus and Asterisk are connected";
  const missing = connections.filter((name) => !report[name].ready);
  return `Waiting for ${
    missing.map((name) => `${names[name]}: ${report[name].reason}`).join("; for ")
  }`;
}

/**
 * Reads the watchdog time of the service, in milliseconds.
 *
 * @param env Returns an environment variable.
 * @param pid Number of this process; a time for another one does not count.
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

/** Sends notices to a service manager. */
interface Notifier extends AsyncDisposable {
  /**
   * Sends a value, without waiting. Of several values of a name that are not sent yet, only the last one is
   * sent. What cannot be sent is tried again with the next value.
   */
  send(name: string, value: string): void;
}

/** How long closing waits for what is not sent yet, in milliseconds. */
const closeTimeout = 1_000;

/**
 * Prepares notices to the service manager that listens at an address: a path, or a name behind `@`. It
 * never throws.
 *
 * @param options.onFailure Called with the reason when sending fails for the first time, and with
 * undefined when it succeeds again.
 */
export function openNotifySocket(
  address: string,
  { onFailure }: { readonly onFailure: (reason: string | undefined) => void },
): Notifier {
  return new NotifySocket(address, onFailure);
}

class NotifySocket implements Notifier {
  readonly #to: Deno.UnixAddr;
  readonly #onFailure: (reason: string | undefined) => void;
  readonly #unsent = new Map<string, string>();
  #socket: Deno.DatagramConn | undefined;
  #sending: Promise<void> | undefined;
  #failing = false;
  #closed = false;

  constructor(address: string, onFailure: (reason: string | undefined) => void) {
    this.#to = { transport: "unixpacket", path: address.replace(/^@/, "\0") };
    this.#onFailure = onFailure;
  }

  send(name: string, value: string): void {
    if (this.#closed) return;
    // A line ends at a line feed, so a value cannot contain one.
    this.#unsent.set(name, value.replaceAll(/[\p{Cc}\s]+/gu, " ").trim());
    this.#sending ??= this.#send();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#sending) {
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, closeTimeout);
      await Promise.race([this.#sending, late.promise]);
      clearTimeout(timer);
    }
    this.#closed = true;
    this.#unsent.clear();
    this.#socket?.close();
  }

  async #send(): Promise<void> {
    // The values of one turn of the event loop are sent together.
    await Promise.resolve();
    let values: [string, string][] = [];
    try {
      this.#socket ??= bind();
      while (this.#unsent.size > 0) {
        values = [...this.#unsent];
        this.#unsent.clear();
        const lines = values.map(([name, value]) => `${name}=${value}`);
        await this.#socket.send(new TextEncoder().encode(lines.join("\n")), this.#to);
        this.#report(undefined);
      }
    } catch (error) {
      // After a restart the service manager has to learn that the program is ready, for instance.
      for (const [name, value] of values) {
        if (!this.#unsent.has(name)) this.#unsent.set(name, value);
      }
      this.#report(errorText(error));
    } finally {
      this.#sending = undefined;
    }
  }

  /** Reports the first failure, and the success after it. */
  #report(reason: string | undefined): void {
    if (this.#closed || this.#failing === (reason !== undefined)) return;
    this.#failing = reason !== undefined;
    this.#onFailure(reason);
  }
}

/** A socket needs an address to send from. One behind a zero byte is not in the file system. */
function bind(): Deno.DatagramConn {
  if (typeof Deno.listenDatagram !== "function") {
    throw new Error("this needs deno run with --unstable-net");
  }
  return Deno.listenDatagram({
    transport: "unixpacket",
    path: `\0ari-proxy-${crypto.randomUUID()}`,
  });
}
