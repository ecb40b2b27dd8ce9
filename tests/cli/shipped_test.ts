/**
 * What an executable can do with its permissions, from end to end: certificates and secrets from files,
 * Asterisks that dial in, health, recordings, contexts, completion. `encrypted_test.ts` has TLS.
 *
 * @module
 */
import assert from "node:assert/strict";
import { dialIn } from "../testing/dialling_asterisk.ts";
import { type CliProcess, shippedCli, startCli } from "../testing/run_cli.ts";
import { freePort } from "../testing/servers/free_port.ts";
import { type BusName, busNames, busServers } from "../testing/servers/bus_server.ts";
import { cert, key } from "../testing/tls_certificate.ts";

const shipped = await shippedCli();
const folder = await Deno.makeTempDir({ prefix: "ari-proxy-test-shipped-" });
Deno.test.afterAll(async () => {
  await shipped[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
});

function write(name: string, text: string): string {
  Deno.writeTextFileSync(`${folder}/${name}`, text);
  return `${folder}/${name}`;
}

async function startServe(on: BusName, stack: AsyncDisposableStack) {
  const server = stack.use(await busServers[on]());
  const [port, healthPort] = [await freePort(), await freePort()];
  const config = write(
    `${on}.yaml`,
    [
      `messagebus: { url: "${server.url}" }`,
      `health: 127.0.0.1:${healthPort}`,
      "listen:",
      `  address: 127.0.0.1:${port}`,
      "  username: pbx",
      `  password_file: ${write("password", "listen-geheim\n")}`,
      `  cert_file: ${write("cert.pem", cert)}`,
      `  key_file: ${write("key.pem", key)}`,
    ].join("\n"),
  );
  const env = { HOME: folder, ARI_PROXY_CONFIG: config };
  const begin = (args: readonly string[]): CliProcess =>
    stack.use(startCli(args, { env, program: shipped.program }));
  /** Runs the program to its end and returns its standard output. */
  const run = async (...args: readonly string[]) => {
    const process = begin(args);
    assert.equal(await process.ended(), 0, process.err);
    return process.out;
  };
  const serve = begin(["serve"]);
  await serve.until(/Waiting for Asterisks to dial/);
  return { port, begin, run, serve };
}

for (const on of busNames) {
  Deno.test(`the program as it is shipped listens, answers, records and replays on ${on}`, async () => {
    await using stack = new AsyncDisposableStack();
    const { port, begin, run, serve } = await startServe(on, stack);
    const node = "02:00:00:00:00:0a";
    const asterisk = stack.use(
      await dialIn(port, {
        node,
        applications: ["demo"],
        credentials: "pbx:listen-geheim",
        ca: cert,
      }),
    );
    await serve.until(/Serving an application/);
    assert.match(await run("health"), /"ready": ?true/);
    assert.match(await run("nodes"), new RegExp(node));
    assert.match(
      await run("__complete", "--", "call", "ChannelList", "--node", ""),
      new RegExp(node),
    );
    await run("call", "ChannelHangup", "1.1", "--app", "demo", "--node", node);
    assert.equal(asterisk.requests.items.at(-1)?.uri, "channels/1.1?reason=normal");

    const file = `${folder}/${on}.jsonl`;
    const record = begin(["tail", "--type", "Marker", "--record", file, "--count", "1"]);
    await record.until(/Listening on/);
    asterisk.event("Marker", { n: 1 });
    assert.equal(await record.ended(), 0, record.err);
    assert.match(await run("tail", "--since", "1m", "--type", "Marker", "--count", "1"), /"n":1/);
    const tail = begin(["tail", "--type", "Marker", "--count", "1"]);
    await tail.until(/Listening on/);
    await run("replay", file, "--node", "replayed");
    assert.equal(await tail.ended(), 0, tail.err);
    assert.match(tail.out, /"n":1/);

    await run("context", "add", on, "--url", "nats://bus:4222");
    assert.match(await run("context", "list"), new RegExp(`"${on}"`));
    serve.kill("SIGTERM");
    assert.equal(await serve.ended(), 0);
    assert.doesNotMatch(serve.out + serve.err, /listen-geheim|permission|--allow-/i);
  });
}
