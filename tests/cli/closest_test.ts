import assert from "node:assert/strict";
import { closest, didYouMean } from "../../src/cli/closest.ts";

const names = ["ChannelHangup", "ChannelHold", "ChannelStopHold", "BridgeMOH", "name"];

Deno.test("closest finds names that are a slip away, letter case aside", () => {
  assert.deepEqual(closest("ChanelHangup", names), ["ChannelHangup"]);
  assert.deepEqual(closest("channelhold", names), ["ChannelHold"]);
  assert.deepEqual(closest("nmae", names), ["name"]);
});

Deno.test("closest finds names that contain what was typed", () => {
  assert.deepEqual(closest("Hold", names), ["ChannelHold", "ChannelStopHold"]);
});

Deno.test("closest finds nothing for what is far from everything", () => {
  assert.deepEqual(closest("Zebra", names), []);
  assert.deepEqual(closest("x", []), []);
});

Deno.test("didYouMean asks for one of several", () => {
  assert.equal(didYouMean("Hold", names), "; did you mean ChannelHold or ChannelStopHold?");
  assert.equal(didYouMean("Zebra", names), "");
});
