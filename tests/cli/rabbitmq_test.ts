import assert from "node:assert/strict";
import { startRabbitmq } from "../testing/servers/rabbitmq.ts";

// The tests of the subcommands that speak to a bus, once more, on the other bus; they share a broker.
Deno.test("the subcommands do on RabbitMQ what they do on NATS", async (t) => {
  await using broker = await startRabbitmq();
  for (const name of ["call_test.ts", "call_rest_test.ts", "nodes_test.ts", "tail_test.ts"]) {
    await t.step(`all of ${name} holds`, async () => {
      const { code, stdout } = await new Deno.Command(Deno.execPath(), {
        args: ["test", "--quiet", "--no-check", "-A", new URL(name, import.meta.url).pathname],
        env: {
          ARI_PROXY_TEST_BUS: "RabbitMQ",
          ARI_PROXY_TEST_BUS_URL: broker.url,
          NO_COLOR: "1",
        },
        stderr: "inherit",
      }).output();
      assert.equal(code, 0, new TextDecoder().decode(stdout));
    });
  }
});
