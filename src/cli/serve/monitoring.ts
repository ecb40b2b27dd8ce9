/**
 * What `serve` has for those who run it: its health over HTTP, metrics, and a word to systemd.
 *
 * @module
 */
import type { Bus, BusStatus } from "../../bus/bus.ts";
import type { Figures, ProxyFigures } from "../../health/metrics.ts";
import type { Metrics } from "../../health/prometheus.ts";
import { keepInformed, openNotifySocket, watchdogTime } from "../../health/systemd.ts";
import { Readiness } from "../../health/readiness.ts";
import type { AsteriskState, RequestListener } from "../../server/proxy_options.ts";
import type { Io } from "../io.ts";
import type { OutputLog } from "./logging.ts";
import type { Listen } from "../settings/values.ts";

/** Options of {@linkcode startOperations}. */
export interface OperationsOptions {
  /** Where to answer those who ask for the health. @default nowhere */
  readonly health?: Listen;
  /** Which version of the program this is, and when its process began. */
  readonly process: { readonly version: string; readonly started: Date };
  /** The log, whose lost lines are counted as well. */
  readonly log: OutputLog;
  /** Environment variables. */
  readonly env: Io["env"];
  /** Aborts when the program is asked to end. */
  readonly signal: AbortSignal;
}

/** What runs beside the proxy, and is told what happens. */
export interface Operations extends AsyncDisposable {
  /** To be told of each request that was answered; absent when nobody wants to know. */
  readonly onRequest?: RequestListener;
  /** To be told why there is no bus yet. */
  onBusMissing(reason: string): void;
  /** To be told of the bus, once it is connected, for as long as the result is not disposed of. */
  watch(bus: Bus): Disposable;
  /** To be told of the proxy, once it runs. */
  onProxy(proxy: ProxyFigures): void;
  /** To be told whether Asterisk is there. */
  onAsterisk(state: AsteriskState): void;
}

/**
 * Starts it.
 *
 * @throws {Error} When it cannot listen where it is told to.
 */
export async function startOperations(options: OperationsOptions): Promise<Operations> {
  const { health, log, env, signal, process } = options;
  const readiness = new Readiness();
  let bus: Bus | undefined;
  let proxy: ProxyFigures | undefined;
  await using stack = new AsyncDisposableStack();

  let metrics: Metrics | undefined;
  if (health) {
    metrics = stack.use(
      await loadMetrics({
        ...process,
        readiness,
        busPending: () => bus?.pending ?? 0,
        logLinesDropped: () => log.dropped,
        proxy: () => proxy,
      }),
    );
    const { startHealthServer } = await import("../../health/http_server.ts");
    const { address } = stack.use(await startHealthServer({ ...health, readiness, metrics }));
    log.info("Answering /livez, /readyz and /metrics", { address });
  }

  const socket = env("NOTIFY_SOCKET");
  if (socket) {
    const notifier = stack.use(openNotifySocket(socket, {
      onTrouble(reason) {
        if (reason === undefined) log.info("Systemd is told again how the program is");
        else log.warn("Cannot tell systemd how the program is", { reason });
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

async function loadMetrics(figures: Figures): Promise<Metrics> {
  const { createMetrics } = await import("../../health/prometheus.ts");
  return createMetrics(figures);
}
