/**
 * What systemd wants to know of a service: that it has begun, how it is, that it still lives, that it
 * is about to end.
 *
 * @module
 */
import type { Notifier } from "./notify_socket.ts";
import { parts, type Readiness } from "./readiness.ts";

/** Options of {@linkcode keepInformed}. */
export interface KeepInformedOptions {
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
