/**
 * A program that uses the library, to be killed: takes calls and listens to events until then.
 *
 *     deno run -A tests/soak/client_process.ts URL APPLICATION
 */
import { connect } from "../../src/client/connect.ts";
import { Tally, work } from "./call_traffic.ts";

const [url, app] = Deno.args;
const client = await connect({ url, app });
const signal = new AbortController().signal;
const listening = (async () => {
  for await (const _ of client.events({ signal }));
})();
console.log("ready");
await Promise.all([listening, work(client, new Tally(), signal)]);
