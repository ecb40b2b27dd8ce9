/**
 * Real Asterisks with a proxy beside each, on any bus, and clients of the library.
 *
 * @module
 */
import { connectBus } from "../../src/bus/connect.ts";
import type { AriClient } from "../../src/client/client.ts";
import { connect } from "../../src/client/connect.ts";
import { type Proxy, startProxy } from "../../src/server/proxy.ts";
import { MemoryLog } from "../testing/proxy_fixture.ts";
import { type AsteriskServer, startAsterisk } from "../testing/servers/asterisk.ts";

/** Starts the server of a bus. */
export type StartBus = () => Promise<AsyncDisposable & { readonly url: string }>;

/** A cluster in the hands of a test. */
export class LibraryCluster implements AsyncDisposable {
  private constructor(
    readonly url: string,
    readonly app: string,
    readonly nodes: readonly { readonly asterisk: AsteriskServer; readonly proxy: Proxy }[],
    readonly client: AriClient,
    private readonly stack: AsyncDisposableStack,
  ) {}

  /** Starts everything, and waits until every node serves. */
  static async start(
    entityIds: readonly string[],
    { app, startBus }: { readonly app: string; readonly startBus: StartBus },
  ): Promise<LibraryCluster> {
    await using stack = new AsyncDisposableStack();
    const { url } = stack.use(await startBus());
    const nodes = await Promise.all(entityIds.map(async (entityId) => {
      const asterisk = stack.use(await startAsterisk({ entityId }));
      const bus = stack.use(await connectBus(url, { name: `proxy ${entityId}` }));
      const log = new MemoryLog();
      const process = { id: crypto.randomUUID(), version: "0.0.0", started: new Date() };
      const proxy = stack.use(startProxy({ apps: [app], process, asterisk, bus, log }));
      await log.line("Asterisk is connected");
      await bus.flush();
      return { asterisk, proxy };
    }));
    const client = stack.use(await connect({ url, app }));
    await client.settled;
    return new LibraryCluster(url, app, nodes, client, stack.move());
  }

  /** Another client, with its own connection. */
  connect(): Promise<AriClient> {
    return connect({ url: this.url, app: this.app });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stack.disposeAsync();
  }
}
