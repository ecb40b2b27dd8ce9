import { connectBus, type ConnectBusOptions } from "../bus/connect.ts";
import { busFailure } from "./bus_failure.ts";
import { AriClient } from "./client.ts";
import type { AriClientOptions } from "./cluster.ts";
import { clientEnvironment } from "./environment.ts";

/** Options of {@linkcode connect}. */
export interface ConnectOptions extends AriClientOptions {
  /**
   * URL of the bus, or several, to fail over between: `nats://`, `tls://` or `amqp://`.
   *
   * @default `MESSAGEBUS_URL` or `NATS_URI` of the environment, else `nats://127.0.0.1:4222`
   */
  readonly url?: string | readonly string[];
  /**
   * Stasis application, for requests, events and calls.
   *
   * @default `ARI_APPLICATION` of the environment, else none: requests then go to all applications
   */
  readonly app?: string;
  /**
   * How to connect: credentials, certificates, timeouts.
   *
   * @default none
   */
  readonly bus?: ConnectBusOptions;
}

/**
 * Connects to the bus and makes a client of the cluster on it. Closing the client closes the
 * connection.
 *
 * ```ts no-run
 * import { connect } from "@ari-proxy/ari-proxy";
 *
 * const client = await connect({ app: "demo", url: "nats://127.0.0.1:4222" });
 * for (const channel of await client.channels.list()) console.log(channel.id, channel.node);
 * await client.close();
 * ```
 *
 * @throws {AriProxyError} With the code `unreachable` when the bus cannot be reached, `denied` when it
 * refuses the credentials, or `invalid`. A signal that aborts rejects with its reason.
 */
export async function connect(options: ConnectOptions = {}): Promise<AriClient> {
  const environment = clientEnvironment();
  const url = options.url ?? environment.url ?? "nats://127.0.0.1:4222";
  const { signal } = options;
  try {
    const bus = await connectBus(url, { ...options.bus, ...(signal && { signal }) });
    return AriClient.fromBus(bus, {
      ...options,
      app: options.app ?? environment.app,
      ownsBus: true,
    });
  } catch (error) {
    throw busFailure(error);
  }
}
