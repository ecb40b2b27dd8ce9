import assert from "node:assert/strict";
import { startEmbeddedBus } from "../../src/embedded/server.ts";

/** Runs the program of the Go client. At first it needs the module proxy. */
async function runGoClient(url: string): Promise<string> {
  const command = new Deno.Command("go", {
    args: ["run", ".", url],
    cwd: new URL("./go_client/", import.meta.url),
    stdout: "piped",
    stderr: "piped",
  });
  const output = await command.output();
  const decoder = new TextDecoder();
  return decoder.decode(output.stdout) + decoder.decode(output.stderr);
}

async function isInstalled(program: string): Promise<boolean> {
  try {
    await new Deno.Command(program, { args: ["version"], stdout: "null" }).output();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

// Go is optional: where it is installed, one more client is tested.
if (await isInstalled("go")) {
  Deno.test("embedded bus serves the Go client of NATS", async () => {
    await using server = await startEmbeddedBus({ port: 0, token: "s3cret" });
    const { host } = new URL(server.url);
    // What Go says of its downloads comes after what the program says.
    assert.match(await runGoClient(`nats://s3cret@${host}`), /^ok\n/);
  });
}
