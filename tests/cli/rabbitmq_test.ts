import assert from "node:assert/strict";
import { CliFixture } from "../testing/cli_fixture.ts";
import { startRabbitmq } from "../testing/servers/rabbitmq.ts";

Deno.test("nodes, call and tail work on RabbitMQ as on NATS", async () => {
  await using fixture = await CliFixture.start(startRabbitmq);
  const { asterisk } = await fixture.node("demo", { entityId: "n1" });
  await fixture.node("demo", { entityId: "n2" });

  const nodes = await fixture.run(["nodes"]);
  assert.deepEqual(JSON.parse(nodes.out).map(({ node }: { node: string }) => node), ["n1", "n2"]);

  asterisk.answer([{ status: 404, body: '{"message":"Channel not found"}' }]);
  const answer = ["call", "ChannelAnswer", "c1", "--app", "demo", "--node", "n1"];
  assert.deepEqual(await fixture.run(answer), {
    code: 3,
    out: "",
    err: "ari-proxy: Non-2XX response: 404 Not Found: Channel not found\n",
  });
  const gone = await fixture.run(["call", "ChannelAnswer", "c1", "--app", "demo", "--node", "x"]);
  assert.equal(gone.code, 6);

  // Two listeners get every event each, with the wildcard of NATS.
  const tails = [1, 2].map(() => fixture.begin(["tail", "ari.event.demo.>", "--count", "3"]));
  await Promise.all(tails.map(({ io }) => io.stderr.until(/Listening/)));
  for (let n = 1; n <= 3; n++) {
    asterisk.sendEvent(`{"type":"X","n":${n},"asterisk_id":"n1","application":"demo"}`);
  }
  for (const { code, io } of tails) {
    assert.equal(await code, 0);
    assert.deepEqual(io.stdout.lines.map((line) => JSON.parse(line).n), [1, 2, 3]);
  }
});
