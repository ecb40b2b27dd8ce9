import assert from "node:assert/strict";
import { startEmbeddedBus } from "../../src/embedded/server.ts";

/**
 * Runs the program of the Go client. It needs Go, and at first the module proxy.
 *
 * @throws {Error} When there is no Go; the text tells how to do without.
 */
async function runGoClient(url: string): Promise<string> {
  const command = new Deno.Command("go", {
    args: ["run", ".", url],
    cwd: new URL("./go_client/", import.meta.url),
    stdout: "piped",
    stderr: "piped",
  });
  const run = async () => await command.output();
  const output = await run().catch((error: unknown) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error(
      "Cannot run the Go client of NATS: Go is not installed. Install it, or set " +
        "ARI_PROXY_TEST_WITHOUT_GO=1 to leave this test out",
    );
  });
  const decoder = new TextDecoder();
  return decoder.decode(output.stdout) + decoder.decode(output.stderr);
}

Deno.test({
  name: "embedded bus serves the Go client of NATS",
  ignore: Boolean(Deno.env.get("ARI_PROXY_TEST_WITHOUT_GO")),
  async fn() {
    await using server = await startEmbeddedBus({ port: 0, token: "s3cret" });
    const { host } = new URL(server.url);
    // What Go says of its downloads comes after what the program says.
    assert.match(await runGoClient(`nats://s3cret@${host}`), /^ok\n/);
  },
});
