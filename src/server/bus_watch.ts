import type { Bus } from "../bus/bus.ts";
import type { Log } from "../common/log.ts";
import type { Outbox } from "./events/outbox.ts";
import type { ThrottledLog } from "../common/throttle.ts";

/** Options of {@linkcode watchBus}. */
interface BusWatchOptions {
  /** What waits for the bus. */
  readonly outbox: Outbox;
  /** Says when the bus goes and comes. */
  readonly log: Log;
  /** Says what is wrong meanwhile. */
  readonly warnings: ThrottledLog;
  /** Called when the bus is back. */
  readonly onBack: () => void;
}

/** Follows the connection to the bus. Returns a function that stops it. */
export function watchBus(
  bus: Bus,
  { outbox, log, warnings, onBack }: BusWatchOptions,
): () => void {
  return bus.onStatus((status) => {
    switch (status.type) {
      case "connected":
        log.info("The bus is back", { server: status.server, waiting: outbox.waiting });
        outbox.retry();
        onBack();
        break;
      case "disconnected":
        log.warn("The bus is gone, keeping events until it is back", { reason: status.reason });
        outbox.doubt(status.reason);
        break;
      case "retrying":
        // Each reason is said, and not only the first one: it may be that the user has to act.
        warnings.warn(`Still no connection to the bus: ${status.reason}`);
        break;
      case "error":
        warnings.warn("The bus reports an error", { reason: status.reason });
        if (status.lossy) outbox.doubt(status.reason);
    }
  });
}
