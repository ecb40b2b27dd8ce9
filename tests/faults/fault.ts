import { type BusName, busNames } from "../testing/servers/bus_server.ts";

/** Options of {@linkcode fault}. */
export interface FaultOptions {
  /** The buses that it concerns. @default all */
  readonly on?: readonly BusName[];
}

/**
 * Tests one fault on every bus that it concerns. The guarantees in `docs/guarantees.md` name the test
 * by its name here.
 */
export function fault(
  name: string,
  body: (on: BusName) => Promise<void>,
  { on = busNames }: FaultOptions = {},
): void {
  for (const bus of on) Deno.test(`${bus}: ${name}`, () => body(bus));
}
