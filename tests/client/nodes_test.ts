import assert from "node:assert/strict";
import { InProcessBroker } from "../../src/bus/memory.ts";
import { NodeDirectory } from "../../src/client/nodes.ts";
import { encodeAnnouncement } from "../../src/protocol/announcement.ts";

async function cluster() {
  const broker = new InProcessBroker();
  const bus = broker.connect();
  const others = broker.connect();
  const clock = { now: 1_000_000 };
  const members = new NodeDirectory(bus, { settleTime: 1, now: () => clock.now });
  const announce = async (app: string, node: string, id?: string, state?: string) => {
    others.publish("ari.announce", encodeAnnouncement({ app, node, id, state }));
    await others.flush();
    await bus.flush();
  };
  await members.settled;
  return {
    members,
    clock,
    announce,
    async [Symbol.asyncDispose]() {
      members[Symbol.dispose]();
      await bus.close();
      await others.close();
    },
  };
}

Deno.test("members are listed for five minutes and narrowed by coordinates", async () => {
  await using fixture = await cluster();
  const { members, clock, announce } = fixture;
  await announce("b", "n1");
  await announce("a", "n2");
  await announce("a", "n1");
  const shown = (key = {}) => members.members(key).map(({ app, node }) => `${app}/${node}`);
  assert.deepEqual(shown(), ["a/n1", "a/n2", "b/n1"]);
  assert.deepEqual(shown({ app: "a" }), ["a/n1", "a/n2"]);
  assert.deepEqual(shown({ app: "a", node: "n2" }), ["a/n2"]);
  clock.now += 300_000;
  await announce("b", "n1");
  clock.now += 1;
  assert.deepEqual(shown(), ["b/n1"]);
});

Deno.test("a proxy that was restarted replaces the former one", async () => {
  await using fixture = await cluster();
  const { members, clock, announce } = fixture;
  await announce("a", "n1", "first");
  clock.now += 10_000;
  await announce("a", "n1", "second");
  assert.deepEqual(members.members().map(({ id }) => id), ["second"]);
  assert.deepEqual(members.doubles(), []);
});

Deno.test("two proxies under the same coordinates that reply to the same ping are doubles", async () => {
  await using fixture = await cluster();
  const { members, clock, announce } = fixture;
  await announce("a", "n1", "first");
  clock.now += 5;
  await announce("a", "n1", "second");
  clock.now += 60_000;
  await announce("a", "n1", "first");
  await announce("a", "n1", "second");
  assert.deepEqual(members.doubles().map(({ id }) => id).sort(), ["first", "second"]);
});

Deno.test("a proxy that announces that it stops is removed at once", async () => {
  await using fixture = await cluster();
  const { members, announce } = fixture;
  await announce("a", "n1", "first");
  await announce("a", "n1", "first", "stopping");
  assert.deepEqual(members.members(), []);
});

Deno.test("members that are too old are removed", async () => {
  await using fixture = await cluster();
  const { members, clock, announce } = fixture;
  await announce("a", "n1");
  clock.now += 300_001;
  await announce("a", "n2");
  clock.now -= 300_001;
  assert.deepEqual(members.members().map(({ node }) => node), ["n2"]);
});
