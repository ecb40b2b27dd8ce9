import assert from "node:assert/strict";
import * as bridgeExample from "../../examples/bridge.ts";
import * as ivr from "../../examples/ivr.ts";
import * as queueAgent from "../../examples/queue_agent.ts";
import type { Example } from "../../examples/run.ts";
import type { AriClient } from "../../src/client/client.ts";
import type { EventsOptions } from "../../src/client/event_stream.ts";
import type { AriEventType } from "../../src/client/events/model.ts";
import { pause } from "../../src/common/pause.ts";
import { withDeadline } from "../testing/deadline.ts";
import { type Program, startCli } from "../testing/run_cli.ts";
import { startNats } from "../testing/servers/nats.ts";
import { until } from "../testing/until.ts";
import { LibraryCluster } from "../system/library_cluster.ts";

const node = "02:00:00:00:00:0a";

/** Counts the streams of events of a client that are open. */
function countStreams(client: AriClient): () => number {
  const open = new Set<unknown>();
  const twin = client.derive();
  client.events = <T extends AriEventType = AriEventType>(options?: EventsOptions<T>) => {
    const stream = twin.events<T>(options);
    open.add(stream);
    const close = stream.close.bind(stream);
    stream.close = () => {
      open.delete(stream);
      close();
    };
    return stream;
  };
  return () => open.size;
}

Deno.test("examples serve callers from the dialplan, who hang up when they like", async (t) => {
  await using cluster = await LibraryCluster.start([node], { app: "demo", startBus: startNats });
  const { client, nodes: [{ asterisk }] } = cluster;
  const { cli } = asterisk;
  for (const endpoint of ["answer", "ring"]) {
    await cli(
      `dialplan add extension to-${endpoint},1,Stasis,"demo,Local/${endpoint}@demo" into demo`,
    );
  }
  await using events = client.events();
  await events.ready;

  /** The next event of a type. */
  const next = async (type: AriEventType) => {
    const search = async () => {
      for (;;) {
        const { value } = await events.next();
        if (!value) throw new Error("The stream has ended");
        if (value.type === type) return;
      }
    };
    await withDeadline(search(), { what: `an event ${type}` });
  };
  const call = (extension: string) =>
    cli(`channel originate PJSIP/${extension}@loop application Wait 60`);
  const originate = () => client.channels.originate({ endpoint: "Local/answer@demo" });
  const hangUpAll = () => cli("channel request hangup all");
  const nothingLeft = async () =>
    (await client.channels.list()).length + (await client.bridges.list()).length === 0;

  /** Runs an example on a client of its own, during a test. */
  const example = async (main: Example, test: (streams: () => number) => Promise<void>) => {
    await using own = await cluster.connect();
    const streams = countStreams(own);
    const stop = new AbortController();
    const running = main(own, stop.signal);
    await own.asterisk.info();
    await test(streams);
    stop.abort();
    await withDeadline(running, { what: "the example ends" });
  };

  await t.step("ivr ends with a caller who hangs up", async () => {
    await example(ivr.main, async (streams) => {
      for (let caller = 0; caller < 2; caller++) {
        await call("app-demo");
        await next("PlaybackStarted");
        assert.ok(streams() > 0);
        await hangUpAll();
        await until(() => streams() === 0, "the menu is over");
      }
    });
  });

  await t.step("bridge hangs up the callee when the caller goes, talking or waiting", async () => {
    await example(bridgeExample.main, async () => {
      const moments = [["to-answer", "ChannelEnteredBridge"], ["to-ring", "Dial"]] as const;
      for (const [extension, type] of moments) {
        await call(extension);
        await next(type);
        // Of the two halves of a call over SIP that of the caller is not in the application.
        const channels = (await cli("core show channels concise")).split("\n");
        const caller = channels.find((line) => /^PJSIP/.test(line) && !line.includes("!Stasis!"));
        await cli(`channel request hangup ${caller?.split("!")[0]}`);
        await until(nothingLeft, "nothing is left of the call");
      }
    });
  });

  await t.step("queue agents continue after callers who hang up", async () => {
    await example(queueAgent.main, async () => {
      for (let caller = 0; caller < 4; caller++) {
        await call("app-demo");
        await next("PlaybackStarted");
        await hangUpAll();
        await until(nothingLeft, "the caller is gone");
      }
    });
  });

  await t.step("the README's program continues after callers who hang up", async () => {
    const program: Program = [
      Deno.execPath(),
      ...["run", "--quiet", "--allow-all", "examples/readme.ts"],
    ];
    await using readme = startCli([], { program, env: { MESSAGEBUS_URL: cluster.url } });
    let played = 0;
    await using starts = client.events({ type: "PlaybackStarted" });
    const count = async () => {
      for await (const _start of starts) played++;
    };
    const counting = count();
    // There is no sign that it listens: calls are made until it takes one.
    await until(async () => {
      await call("app-demo");
      await pause(200);
      await hangUpAll();
      await until(nothingLeft, "the caller is gone");
      return played > 0;
    }, "it takes a call");
    for (const place of [() => call("app-demo"), () => originate(), () => call("app-demo")]) {
      const before = played;
      await place();
      await until(() => played > before, "it plays");
      await hangUpAll();
      await until(nothingLeft, "the caller is gone");
    }
    await starts.return();
    await counting;
    assert.equal(readme.err, "");
  });
});
