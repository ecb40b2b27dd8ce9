import assert from "node:assert/strict";
import { gapText, gapType, readGap } from "../../src/protocol/notice.ts";

const notice = {
  timestamp: "2026-11-28T09:00:00.000+0000",
  reason: "bus",
  detail: "the connection broke",
  to: "2026-11-28T09:00:01.000+0000",
  epoch: "e1",
  certain: false,
  asterisk_id: "n1",
  application: "calls",
} as const;

Deno.test("a gap notice is read as it was written, with numbers and count where they are known", () => {
  for (
    const more of [{}, { first_seq: 0, last_seq: 0, count: 0 }, {
      count: 3,
      from: notice.timestamp,
    }]
  ) {
    const gap = { ...notice, ...more };
    assert.deepEqual(readGap(JSON.parse(gapText(gap))), { type: gapType, ...gap });
  }
});

Deno.test("a gap notice that lacks what it has to have, and any other event, is not read as one", () => {
  const read = (changes: object) => readGap({ type: gapType, ...notice, ...changes });
  assert.equal(readGap({ ...notice, type: "StasisStart" }), undefined);
  for (const name of ["timestamp", "epoch", "asterisk_id", "application"]) {
    assert.equal(read({ [name]: undefined }), undefined, name);
    assert.equal(read({ [name]: 5 }), undefined, name);
  }
  assert.equal(read({ reason: "of the future" })?.reason, "asterisk");
  assert.equal(read({ certain: "yes" })?.certain, false);
  assert.equal(read({ to: undefined })?.to, notice.timestamp);
  for (const count of [-1, 1.5, "3"]) assert.equal(read({ count })?.count, undefined);
  assert.deepEqual(read({ first_seq: 1 }), { type: gapType, ...notice });
});
