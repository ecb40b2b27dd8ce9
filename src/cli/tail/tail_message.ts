import type { BusHeaders } from "../../bus/bus.ts";

/** A message as `tail` shows and records it. */
export interface TailMessage {
  /** Subject that it was published on. */
  readonly subject: string;
  /** Its text. */
  readonly text: string;
  /** Its headers. */
  readonly headers: BusHeaders;
  /** When it came, in milliseconds since 1970; of one that a proxy has kept when it was published. */
  readonly at: number;
}
