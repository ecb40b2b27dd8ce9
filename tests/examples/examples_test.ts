import assert from "node:assert/strict";
import * as bridgeExample from "../../examples/bridge.ts";
import * as ivr from "../../examples/ivr.ts";
import * as listExample from "../../examples/list.ts";
import * as queueAgent from "../../examples/queue_agent.ts";
import * as recorder from "../../examples/recorder.ts";
import type { AriClient } from "../../src/client/client.ts";
import type { EventStream } from "../../src/client/event_stream.ts";
import type { AriEvent } from "../../src/client/events/model.ts";
import { withDeadline } from "../testing/deadline.ts";
import { startNats } from "../testing/servers/nats.ts";
import { LibraryCluster } from "../system/library_cluster.ts";

const nodeA = "02:00:00:00:00:0a";
const nodeB = "02:00:00:00:00:0b";

/** What an example prints, while something runs. */
async function printed(run: () => Promise<void>): Promise<string[]> {
  const lines: string[] = [];
  const { log } = console;
  console.log = (line: unknown) => lines.push(`${line}`);
  try {
    await run();
  } finally {
    console.log = log;
  }
  return lines;
}

/** The first event that passes. */
async function until<E extends AriEvent>(
  events: EventStream<E>,
  test: (event: E) => boolean,
): Promise<E> {
  const search = async () => {
    while (true) {
      const { value } = await events.next();
      if (!value) throw new Error("The stream has ended");
      if (test(value)) return value;
    }
  };
  return await withDeadline(search(), { what: `an event passes ${test}` });
}

Deno.test("examples do what they say on a real cluster", async (t) => {
  await using cluster = await LibraryCluster.start([nodeA, nodeB], {
    app: "demo",
    startBus: startNats,
  });
  const { client: caller } = cluster;

  /** Runs an example on a client of its own, during a test. */
  const example = async (
    main: (client: AriClient, signal: AbortSignal) => Promise<void>,
    test: () => Promise<void>,
  ) => {
    await using client = await cluster.connect();
    const stop = new AbortController();
    const running = main(client, stop.signal);
    // Subscriptions are made at once, and are active when a request has been answered.
    await client.asterisk.info();
    await test();
    stop.abort();
    await withDeadline(running, { what: "the example ends" });
  };

  await t.step("ivr plays what the caller presses", async () => {
    await example(ivr.main, async () => {
      await using events = caller.events({ types: ["PlaybackFinished", "ChannelDestroyed"] });
      await events.ready;
      await caller.channels.originate({
        endpoint: "Local/dtmf-129@demo",
        id: "menu",
        callerId: '"Anna" <17>',
      });
      const heard: string[] = [];
      await until(events, (event) => {
        if (event.type !== "PlaybackFinished") return event.channel.id === "menu";
        heard.push(event.playback.media_uri);
        return false;
      });
      assert.equal(heard.length, 4);
      assert.deepEqual([heard[0], heard[1], heard[3]], [
        "sound:hello-world",
        "sound:hello-world",
        "sound:vm-goodbye",
      ]);
      assert.match(heard[2], /^digits:/);
    });
  });

  await t.step("bridge connects two parties and hangs up the one that is left", async () => {
    await example(bridgeExample.main, async () => {
      await using events = caller.events({ types: ["ChannelEnteredBridge", "ChannelDestroyed"] });
      await events.ready;
      const { node } = await caller.channels.originate({
        endpoint: "Local/play@demo",
        id: "party",
        appArgs: "Local/echo@demo",
      });
      const entered = new Set<string>();
      await until(events, (event) => {
        if (event.type !== "ChannelEnteredBridge") return false;
        assert.equal(event.asterisk_id, node);
        entered.add(event.channel?.id ?? "");
        return entered.size === 2;
      });
      assert.ok(entered.delete("party"));
      const [callee] = entered;
      await caller.channels.handle(callee).hangup();
      await until(
        events,
        (event) => event.type === "ChannelDestroyed" && event.channel.id === "party",
      );
    });
  });

  await t.step("recorder records what is said and plays it back", async () => {
    await example(recorder.main, async () => {
      const lines = await printed(async () => {
        await using events = caller.events({ types: ["PlaybackStarted", "ChannelDestroyed"] });
        await events.ready;
        await caller.channels.originate({
          endpoint: "Local/play@demo",
          id: "speaker",
          appArgs: "1",
        });
        const playback = await until(events, ({ type }) => type === "PlaybackStarted");
        assert.ok(playback.type === "PlaybackStarted");
        assert.equal(playback.playback.media_uri, "recording:call-speaker");
        await until(events, ({ type }) => type === "ChannelDestroyed");
      });
      assert.match(lines.join("\n"), /^call-speaker: [12] s on 02:00:00:00:00:0[ab]$/);
      await caller.recordings.stored.handle("call-speaker").delete();
    });
  });

  await t.step("queue agents share the calls", async () => {
    await example(queueAgent.main, async () => {
      await using events = caller.events({ types: ["ChannelVarset", "ChannelDestroyed"] });
      await events.ready;
      const agents = new Map<string, string[]>();
      const ids = ["caller-1", "caller-2", "caller-3", "caller-4"];
      for (const id of ids) {
        await caller.channels.originate({ endpoint: "Local/echo@demo", id });
      }
      const open = new Set(ids);
      await until(events, (event) => {
        const id = event.channel?.id ?? "";
        if (event.type === "ChannelDestroyed") open.delete(id);
        else if (event.variable === "AGENT" && ids.includes(id)) {
          agents.set(id, [...agents.get(id) ?? [], event.value]);
        }
        return open.size === 0;
      });
      assert.deepEqual([...agents.keys()].sort(), ids);
      assert.ok([...agents.values()].every((names) => names.length === 1));
    });
  });

  await t.step("list shows every node with its calls", async () => {
    const channel = await caller.channels.originate({
      endpoint: "Local/echo@demo",
      id: "shown",
      node: nodeB,
    });
    const lines = await printed(() => listExample.main(caller, new AbortController().signal));
    await channel.hangup();
    const heads = lines.filter((line) => !line.startsWith(" "));
    assert.deepEqual(heads.map((line) => line.slice(0, nodeA.length)), [nodeA, nodeB]);
    const after = lines.slice(lines.indexOf(heads[1]));
    assert.ok(
      after.some((line) => line.startsWith("  channel shown: Local/echo@demo")),
      `${lines}`,
    );
  });
});

Deno.test("the README's library section is the example that is checked", async () => {
  const example = await Deno.readTextFile(new URL("../../examples/readme.ts", import.meta.url));
  const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
  const section = /^## The library\n\n```ts\n([^]*?)```/m.exec(readme)?.[1];
  assert.equal(section, example);
});
