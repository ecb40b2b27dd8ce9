/**
 * What the library says of playbacks, recordings and variables, on a real Asterisk.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { AriClient } from "../../src/client/client.ts";
import type { Channel } from "../../src/client/handles/channel.ts";
import { AriProxyError } from "../../src/protocol/errors.ts";
import { withDeadline } from "../testing/deadline.ts";
import { startNats } from "../testing/servers/nats.ts";
import { LibraryCluster } from "./library_cluster.ts";

const nodeA = "02:00:00:00:00:0a";

/** Whether an error has the code. */
const coded = (code: string) => (error: unknown) =>
  error instanceof AriProxyError && error.code === code;

/** Passes on what does not take long. */
const soon = <T>(promise: Promise<T>) => withDeadline(promise, { what: "it goes on" });

/** A new channel in the application. */
async function placed(client: AriClient, endpoint = "Local/answer@demo"): Promise<Channel> {
  const staged = client.channels.prepare({ endpoint });
  await using events = staged.events({ type: "StasisStart" });
  const channel = await staged.execute();
  await soon(events.next());
  return channel;
}

Deno.test("library reports media and variables of a real Asterisk", async (t) => {
  await using cluster = await LibraryCluster.start([nodeA], { app: "demo", startBus: startNats });
  const { client } = cluster;

  await t.step("variables that are not set are left out", async () => {
    const channel = await placed(client);
    const bridge = await client.bridges.create();
    for (const owner of [channel, bridge]) {
      await owner.setVariables({ ONE: "1", TWO: "2" });
      assert.deepEqual(await owner.variables(["ONE", "TWO"]), { ONE: "1", TWO: "2" });
      assert.deepEqual(await owner.variables(["ONE", "NONE", "TWO"]), { ONE: "1", TWO: "2" });
      assert.deepEqual(await owner.variables(["NONE"]), {});
    }
    await channel.hangup();
    await bridge.destroy();
    await assert.rejects(client.channels.handle("nobody").variables(["ONE"]), coded("not_found"));
    await assert.rejects(client.bridges.handle("nothing").variables(["ONE"]), coded("not_found"));
  });

  await t.step("recording of less than a second has a limit", async () => {
    const channel = await placed(client, "Local/play@demo");
    const recording = channel.record("", { maxDuration: 500 });
    await soon(recording.finished);
    await recording.stored.delete();
    await channel.hangup();
  });

  await t.step("call to an endpoint that does not exist fails", async () => {
    const { channels } = client;
    await assert.rejects(channels.originate({ endpoint: "PJSIP/nobody" }), coded("failed"));
    await assert.rejects(channels.originate({ endpoint: "PJSIP" }), coded("invalid"));
  });
});
