import type { Bus } from "../../bus/bus.ts";
import type { History } from "./history.ts";
import type { NumberedStreams } from "./stream.ts";
import type { DueNotice } from "./pending_gaps.ts";

/** What the outbox needs of a bus. */
export type OutboxBus = Pick<Bus, "connected" | "maxPayload" | "publish" | "flush">;

/** Options of {@linkcode Outbox}. */
export interface OutboxOptions {
  /** Where the numbers come from. */
  readonly streams: NumberedStreams;
  /** The dialogs that are bound at this moment. */
  readonly dialogs: () => Iterable<string>;
  /** Keeps what was published. @default nothing is kept */
  readonly history?: Pick<History, "keep">;
  /**
   * How many bytes may wait, payloads counted.
   *
   * @default {33_554_432}
   */
  readonly limit?: number;
  /** Tells the time, in milliseconds since 1970. */
  readonly now?: () => number;
  /** Called with the number of messages with events that were accepted by the bus. */
  readonly onSent: (count: number) => void;
  /** Called with the number of messages with events that had to be given up, and why. */
  readonly onLost: (count: number, why: WhyLost) => void;
  /** Called with the number of events that were under way when the connection to the bus broke. */
  readonly onDoubt: (count: number) => void;
  /** Called when listeners were told that events are missing. */
  readonly onTold: (notice: DueNotice) => void;
}

/**
 * Why messages with events were given up: too many waited, or the bus never takes one of that size or
 * of that subject.
 */
export type WhyLost = "overflow" | "too_large" | "impossible";
