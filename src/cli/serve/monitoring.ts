/**
 * What `serve` offers to operators: health and metrics over HTTP, and notices to systemd.
 *
 * @module
 */
import type { Bus, BusStatus } from "../../bus/bus.ts";
import type { MeasuredProxy } from "../../health/metrics.ts";
import type { Metrics } from "../../health/prometheus.ts";
import { keepInformed, openNotifySocket, watchdogTime } from "../../health/systemd.ts";
import { Readiness } from "../../health/readiness.ts";
import type { AsteriskState } from "../../server/proxy.ts";
import type { RequestListener } from "../../server/requests/dispatch.ts";
import type { Io } from "../io.ts";
import type { OutputLog } from "./logging.ts";
import type { Listen } from "../settings/values.ts";

/** Runs beside the proxy, and is notified of what happens. */
export interface Monitoring extends AsyncDisposable {
  /** Counts a response to a request; absent without metrics. */
  readonly onRequest?: RequestListener;
  /** Takes the reason why there is no bus yet. */
  onBusMissing(reason: string): void;
  /** Follows the bus, once it is connected, until the result is disposed of. */
  watch(bus: Bus): Disposable;
  /** Takes the proxy that was started. */
  onProxy(proxy: MeasuredProxy): void;
  /** Takes whether Asterisk is connected. */
  onAsterisk(state: AsteriskState): void;
}

/**
 * Starts what the settings and the environment ask for.
 *
 * @param options.health Where to serve health and metrics. @default nowhere
 * @param options.process Version of the program, and when its process was started.
 * @param options.log The log, whose dropped lines are counted as well.
 * @param options.env Environment variables.
 * @param options.signal Aborts when the program is asked to end.
 * @throws {Error} When it cannot listen at the address.
 */
export async function startMonitoring(
  { health, log, env, signal, process }: {
    readonly health?: Listen;
    readonly process: { readonly version: string; readonly started: Date };
    readonly log: OutputLog;
    readonly env: Io["env"];
    readonly signal: AbortSignal;
  },
): Promise<Monitoring> {
  const readiness = new Readiness();
  let bus: Bus | undefined;
  let proxy: MeasuredProxy | undefined;
  await using stack = new AsyncDisposableStack();

  let metrics: Metrics | undefined;
  if (health) {
    const { createMetrics } = await import("../../health/prometheus.ts");
    metrics = stack.use(createMetrics({
      ...process,
      readiness,
      busPending: () => bus?.pending ?? 0,
      logLinesDropped: () => log.dropped,
      proxy: () => proxy,
    }));
    const { startHealthServer } = await import("../../health/http_server.ts");
    const { address } = stack.use(await startHealthServer({ ...health, readiness, metrics }));
    log.info("Serving /livez, /readyz and /metrics", { address });
  }

  const socket = env("NOTIFY_SOCKET");
  if (socket) {
    const notifier = stack.use(openNotifySocket(socket, {
      onFailure(reason) {
        if (reason === undefined) log.info("Notifying systemd again");
        else log.warn("Cannot notify systemd", { reason });
      },
    }));
    const watchdog = watchdogTime(env, Deno.pid);
    stack.use(keepInformed({ notifier, readiness, watchdog }));
  }

  const stop = () => readiness.stop();
  signal.addEventListener("abort", stop);
  stack.defer(() => signal.removeEventListener("abort", stop));
  const running = stack.move();
  const onStatus = (status: BusStatus) => {
    if (status.type === "connected") readiness.up("bus");
    if (status.type === "disconnected" || status.type === "retrying") {
      readiness.down("bus", status.reason);
    }
  };
  return {
    ...(metrics && { onRequest: metrics.onRequest }),
    onBusMissing: (reason) => readiness.down("bus", reason),
    watch(connected) {
      bus = connected;
      if (connected.connected) readiness.up("bus");
      return { [Symbol.dispose]: connected.onStatus(onStatus) };
    },
    onProxy: (started) => proxy = started,
    onAsterisk(state) {
      if (state.up) readiness.up("asterisk");
      else readiness.down("asterisk", state.reason);
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
