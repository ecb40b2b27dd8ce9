/** What the examples share: they run until Ctrl-C. */
import { type AriClient, connect } from "@ari-proxy/ari-proxy";

/** An example: it runs on a client until the signal aborts. */
export type Example = (client: AriClient, signal: AbortSignal) => Promise<void>;

/** Connects with the settings of the environment, and runs an example until Ctrl-C. */
export async function run(main: Example): Promise<void> {
  const stop = new AbortController();
  Deno.addSignalListener("SIGINT", () => stop.abort());
  await using client = await connect();
  await main(client, stop.signal);
}
