import assert from "node:assert/strict";

// The tests of the subcommands that speak to a bus, once more, on the other bus.
for (const name of ["call_test.ts", "call_rest_test.ts", "nodes_test.ts", "tail_test.ts"]) {
  Deno.test(`RabbitMQ: all of ${name} holds as on NATS`, async () => {
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "--quiet", "--no-check", "-A", new URL(name, import.meta.url).pathname],
      env: { ARI_PROXY_TEST_BUS: "RabbitMQ", NO_COLOR: "1" },
      stderr: "inherit",
    }).output();
    assert.equal(code, 0, new TextDecoder().decode(stdout));
  });
}
