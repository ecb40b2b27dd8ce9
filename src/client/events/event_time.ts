import { utcTime } from "../../protocol/time.ts";

/** A time as it stands in events, in UTC. @param time The present when it is left out. */
export function eventTime(time: Date = new Date()): string {
  return utcTime(time.toISOString()) ?? "";
}
