import type { Bus } from "../../bus/bus.ts";
import { pause } from "../../common/pause.ts";

/** Options of {@linkcode createBackpressure}. */
export interface BackpressureOptions {
  /**
   * Bytes on their way to the bus from which on reading gives way.
   *
   * @default {2_097_152}
   */
  readonly limit?: number;
  /**
   * How long it gives way, in milliseconds. Asterisk cuts off a reader that stalls for 100 ms, and
   * the kernel wakes a writer only when a third of its buffer is free: 20 ms are too many.
   *
   * @default {1}
   */
  readonly time?: number;
}

/**
 * Makes the function that is asked between two reads of events: it gives the bus a moment to catch
 * up. What is not read stays in the socket, where the kernel keeps it; what is read has to be kept
 * by us. With a bus that stands still reading goes on, slightly slower.
 *
 * @returns a function that returns what to wait for; undefined when there is nothing.
 */
export function createBackpressure(
  bus: Pick<Bus, "pending">,
  { limit = 2 * 1024 * 1024, time = 1 }: BackpressureOptions = {},
): () => Promise<void> | undefined {
  return () => bus.pending > limit ? pause(time) : undefined;
}
