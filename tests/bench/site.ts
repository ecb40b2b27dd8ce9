import type { Bus } from "../../src/bus/bus.ts";
import { connectBus } from "../../src/bus/connect.ts";
import { brokers } from "./brokers.ts";
import { FakeAsterisk } from "./fake_asterisk.ts";
import type { BusName } from "./options.ts";
import type { Addresses } from "./programs.ts";

/** Where programs are measured: a fake Asterisk and a real broker. */
export interface Site extends AsyncDisposable {
  /** The fake Asterisk. */
  readonly asterisk: FakeAsterisk;
  /** The bench's own connection to the broker. */
  readonly bus: Bus;
  /** The settings of programs. */
  readonly addresses: Addresses;
}

/** Starts a broker and a fake Asterisk. */
export async function openSite(name: BusName): Promise<Site> {
  await using parts = new AsyncDisposableStack();
  const server = parts.use(await brokers[name].start());
  const asterisk = parts.use(await FakeAsterisk.start());
  const bus = parts.use(await connectBus(server.url));
  const { httpUrl, websocketUrl } = asterisk;
  const kept = parts.move();
  return {
    asterisk,
    bus,
    addresses: { httpUrl, websocketUrl, busUrl: server.url },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
