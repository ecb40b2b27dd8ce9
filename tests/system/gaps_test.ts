/** That a gap in the events of a real Asterisk is reported on real buses, and its subscriptions restored. */
import assert from "node:assert/strict";
import type { Bus } from "../../src/bus/bus.ts";
import { connectBus } from "../../src/bus/connect.ts";
import { readGap } from "../../src/protocol/notice.ts";
import { readEventMarks } from "../../src/protocol/headers.ts";
import { decodeJson, isObject } from "../../src/protocol/json.ts";
import { startProxy } from "../../src/server/proxy.ts";
import { startFaultProxy } from "../testing/fault_proxy.ts";
import { MemoryLog } from "../testing/proxy_fixture.ts";
import { bytes, Received, text } from "../testing/received.ts";
import { startAsterisk } from "../testing/servers/asterisk.ts";
import { type BusName, busNames, busServers } from "../testing/servers/bus_server.ts";

type GapNotice = NonNullable<ReturnType<typeof readGap>>;

const lamp = "Stasis:lamp";

interface Heard {
  readonly seq: number | undefined;
  readonly epoch: string | undefined;
  /** State of the lamp that an event reports. */
  readonly state: unknown;
  readonly gap: GapNotice | undefined;
}

/** A bus with its own proxy, for its own application. */
class Side {
  readonly heard = new Received<Heard>();
  readonly log = new MemoryLog();

  constructor(readonly app: string, readonly bus: Bus) {
    bus.subscribe(`ari.event.${app}.>`, ({ data, headers }) => {
      const marks = readEventMarks(headers);
      const event = decodeJson(data);
      if (!isObject(event)) return;
      const gap = readGap(event);
      const state = isObject(event.device_state) ? event.device_state.state : undefined;
      if (gap || state) this.heard.add({ seq: marks?.seq, epoch: marks?.epoch, state, gap });
    });
  }

  /** Makes Asterisk send the proxy what the lamp does. */
  async subscribe(): Promise<void> {
    const request = {
      kind: "ApplicationSubscribe",
      key: { id: this.app, app: this.app },
      application_subscribe: { event_source: `deviceState:${lamp}` },
    };
    const subject = `ari.command.${this.app}`;
    const data = bytes(JSON.stringify(request));
    const answer = await this.bus.request(subject, data, { timeout: 10_000 });
    assert.equal(text(answer), '{"error":""}');
  }

  /** What was received, in short: states, and the reasons of notices. */
  get story(): unknown[] {
    return this.heard.items.map(({ state, gap }) => gap?.reason ?? state);
  }
}

Deno.test("events of a real Asterisk while its WebSocket is cut are reported as missing, and its subscriptions survive a restart", async () => {
  await using stack = new AsyncDisposableStack();
  const asterisk = stack.use(await startAsterisk());
  const network = stack.use(await startFaultProxy(Number(new URL(asterisk.httpUrl).port)));
  const through = (url: string) => url.replace(/:\d+\//, `:${network.port}/`);
  const join = async (on: BusName): Promise<Side> => {
    const server = stack.use(await busServers[on]());
    const side = new Side(`on-${on}`, stack.use(await connectBus(server.url)));
    await side.bus.flush();
    stack.use(startProxy({
      apps: [side.app],
      process: { id: crypto.randomUUID(), version: "0.0.0", started: new Date() },
      asterisk: {
        ...asterisk,
        httpUrl: through(asterisk.httpUrl),
        websocketUrl: through(asterisk.websocketUrl),
      },
      bus: stack.use(await connectBus(server.url)),
      log: side.log,
    }));
    await side.heard.count(1);
    // From now on the bus knows of the proxy's subscriptions.
    await side.log.line("Asterisk is connected");
    await side.subscribe();
    return side;
  };
  const sides = await Promise.all(busNames.map(join));
  const turn = async (state: string): Promise<void> => {
    const url = `${asterisk.httpUrl}/deviceStates/${lamp}?deviceState=${state}`;
    const authorization = `Basic ${btoa(`${asterisk.username}:${asterisk.password}`)}`;
    const response = await fetch(url, { method: "PUT", headers: { authorization } });
    await response.body?.cancel();
    assert.equal(response.status, 204);
  };
  const all = (story: unknown) =>
    Promise.all(sides.map(({ heard }) => heard.until((items) => items.at(-1)?.state === story)));

  await turn("INUSE");
  await all("INUSE");
  await network.refuse();
  await Promise.all(sides.map(({ log }) => log.line("Asterisk is disconnected")));
  const cut = Date.now();
  await turn("RINGING");
  await network.accept();
  await Promise.all(sides.map(({ heard }) => heard.count(3)));
  await turn("NOT_INUSE");
  await all("NOT_INUSE");
  await asterisk.kill();
  await asterisk.restart();
  await Promise.all(sides.map(({ log }) => log.line("Asterisk subscriptions restored")));
  await turn("BUSY");
  await all("BUSY");

  for (const side of sides) {
    const [started, before, gap] = side.heard.items;
    assert.deepEqual(side.story.slice(0, 4), ["started", "INUSE", "asterisk", "NOT_INUSE"]);
    // The last of them reports what was missing until the subscription was restored; an Asterisk
    // that is starting may close its first sockets again.
    const [, ...later] = side.story.slice(4).reverse();
    assert.equal(side.story.at(-1), "BUSY");
    assert.ok(later.length >= 2 && later.every((it) => it === "asterisk"), `${side.story}`);
    const { items } = side.heard;
    assert.deepEqual(items.map(({ seq }) => seq), items.map((_, i) => (started.seq ?? 0) + i));
    assert.deepEqual(new Set(items.map(({ epoch }) => epoch)), new Set([before.epoch]));
    const time = (wire = "") => Date.parse(wire.replace("+0000", "Z"));
    assert.ok(time(gap.gap?.from) <= cut && cut <= time(gap.gap?.to), JSON.stringify(gap.gap));
    assert.equal(gap.gap?.certain, true);
  }
});
