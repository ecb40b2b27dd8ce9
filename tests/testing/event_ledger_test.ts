import assert from "node:assert/strict";
import { InProcessBroker } from "../../src/bus/memory.ts";
import { gapText } from "../../src/protocol/notice.ts";
import { type CheckOptions, EventLedger } from "./event_ledger.ts";
import { bytes } from "./received.ts";

const time = (ms: number) => new Date(ms).toISOString().replace("Z", "+0000");

/** An event of a mark, as the ledger receives it, or a notice; both with a number. */
type Heard =
  | { readonly seq: number; readonly mark: number }
  | {
    readonly seq: number;
    readonly reason: "started" | "asterisk" | "bus";
    readonly from?: number;
    readonly to: number;
    readonly numbers?: readonly [number, number];
  };

/** Passes the given entries to a ledger, of events of marks 1 to 5 that were sent at these times. */
async function check(heard: readonly Heard[], options?: CheckOptions): Promise<void> {
  const broker = new InProcessBroker();
  await using bus = broker.connect();
  const ledger = new EventLedger(bus, "a");
  for (let mark = 1; mark <= 5; mark++) ledger.sent(mark, { begun: mark, over: mark });
  for (const one of heard) {
    const { seq } = one;
    const text = "mark" in one ? JSON.stringify({ userevent: { mark: `${one.mark}` } }) : gapText({
      timestamp: time(one.to),
      reason: one.reason,
      detail: "",
      ...(one.from !== undefined && { from: time(one.from) }),
      to: time(one.to),
      epoch: "e",
      ...(one.numbers && { first_seq: one.numbers[0], last_seq: one.numbers[1] }),
      certain: false,
      asterisk_id: "n",
      application: "a",
    });
    const headers = { "Ari-Node": "n", "Ari-Epoch": "e", "Ari-Seq": `${seq}` };
    bus.publish("ari.event.a.n", bytes(text), { headers });
  }
  await bus.flush();
  ledger.check(options);
}

const events = (...marks: number[]) => marks.map((mark) => ({ seq: mark, mark }));

Deno.test("a ledger accepts events that are complete and in order", async () => {
  await check(events(1, 2, 3, 4, 5));
});

Deno.test("a ledger finds events that are out of order or repeated", async () => {
  await assert.rejects(check(events(1, 3, 2, 4, 5)), /Event 2 came after event 3/);
  await assert.rejects(check(events(1, 2, 2, 3)), /Event 2 came after event 2/);
});

Deno.test("a ledger finds missing events without a notice", async () => {
  const silent = [1, 2, 4, 5].map((mark, at) => ({ seq: at + 1, mark }));
  await assert.rejects(check(silent), /Lost without a word: events 3 to 3/);
  await assert.rejects(check(events(1, 2, 3)), /Nothing came after events 4 to 5/);
});

Deno.test("a ledger requires a notice that names the missing numbers", async () => {
  const told = { seq: 6, reason: "bus", from: 1, to: 9, numbers: [2, 3] } as const;
  await assert.rejects(check(events(1, 4, 5)), /Number 2 is missing, and no notice names it/);
  await check([...events(1, 4, 5), told]);
  await assert.rejects(check([...events(1, 4, 5), { ...told, numbers: [2, 2] }]), /Number 3/);
  await check(events(1, 4, 5), { deafened: true });
});

Deno.test("a ledger accepts an outage of Asterisk as a reason only at its time", async () => {
  const away = { seq: 2, reason: "asterisk", from: 1, to: 3 } as const;
  const before = { seq: 1, mark: 1 };
  const after = [{ seq: 3, mark: 4 }, { seq: 4, mark: 5 }];
  await check([before, away, ...after]);
  await assert.rejects(check([before, { ...away, to: 2 }, ...after]), /Lost without a word/);
});
