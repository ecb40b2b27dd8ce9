import assert from "node:assert/strict";
import { CallFollower } from "../../src/cli/events/call_follower.ts";

const channel = (id: string, name = `PJSIP/${id}`) => ({ id, name, state: "Up" });
const bridge = (id: string, channels: readonly string[] = [], bridge_type = "mixing") => ({
  id,
  bridge_type,
  channels,
});

/** Which of the events, each by its number, belong to the call of an ID. */
function follow(id: string, events: readonly Record<string, unknown>[]): number[] {
  const follower = new CallFollower(id);
  return events.flatMap((event, i) => follower.see(event) ? [i] : []);
}

Deno.test("a call is followed to dialled channels, through bridges, and to the halves of Local channels", () => {
  const events = [
    { type: "StasisStart", channel: channel("a") },
    { type: "StasisStart", channel: channel("x") },
    { type: "Dial", caller: channel("a"), peer: channel("l1", "Local/b@demo-00000001;1") },
    { type: "ChannelVarset", channel: channel("l2", "Local/b@demo-00000001;2") },
    { type: "ChannelVarset", channel: channel("o2", "Local/b@demo-00000002;2") },
    { type: "ChannelEnteredBridge", channel: channel("l2"), bridge: bridge("B", ["l2", "c"]) },
    { type: "ChannelStateChange", channel: channel("c") },
    { type: "ChannelCreated", channel: channel("s", "Snoop/c-00000001") },
    { type: "ChannelCreated", channel: channel("t", "Snoop/x-00000001") },
    { type: "PlaybackStarted", playback: { id: "p", target_uri: "bridge:B" } },
    { type: "PlaybackStarted", playback: { id: "q", target_uri: "channel:x" } },
    { type: "RecordingStarted", recording: { name: "r", target_uri: "channel:a" } },
    { type: "BridgeMerged", bridge: bridge("D"), bridge_from: bridge("B") },
    { type: "BridgeDestroyed", bridge: bridge("D") },
    { type: "StasisEnd", channel: channel("x") },
  ];
  assert.deepEqual(follow("a", events), [0, 2, 3, 5, 6, 7, 9, 11, 12, 13]);
  assert.deepEqual(follow("B", events), [5, 6, 7, 9, 12, 13]);
  // The name of a Local channel stands for both halves.
  assert.deepEqual(follow("Local/b@demo-00000001;2", events), [2, 3, 5, 6, 7, 9, 11, 12, 13]);
  assert.deepEqual(follow("nobody", events), []);
});

Deno.test("a call is followed through transfers, but not to others that are on hold", () => {
  const events = [
    { type: "StasisStart", channel: channel("a") },
    { type: "ChannelEnteredBridge", channel: channel("a"), bridge: bridge("H", ["y"], "holding") },
    { type: "ChannelEnteredBridge", channel: channel("z"), bridge: bridge("H", ["a"], "holding") },
    { type: "ChannelHold", channel: channel("y") },
    { type: "BridgeBlindTransfer", channel: channel("a"), transferee: channel("b") },
    {
      type: "BridgeAttendedTransfer",
      transferer_first_leg: channel("b"),
      transfer_target: channel("c"),
      destination_threeway_bridge: bridge("T"),
    },
    { type: "ChannelHold", channel: channel("c") },
    { type: "ChannelEnteredBridge", channel: channel("d"), bridge: bridge("T") },
    { type: "StasisStart", channel: channel("e"), replace_channel: channel("d") },
    { type: "ChannelHold", channel: channel("e") },
  ];
  assert.deepEqual(follow("a", events), [0, 1, 2, 4, 5, 6, 7, 8, 9]);
});

Deno.test("a call is over when all of its channels have ended or left the application", () => {
  const follower = new CallFollower("a");
  const over = (event: Record<string, unknown>) => {
    follower.see(event);
    return follower.over;
  };
  assert.equal(follower.over, false);
  assert.equal(over({ type: "StasisStart", channel: channel("a") }), false);
  assert.equal(over({ type: "Dial", caller: channel("a"), peer: channel("b") }), false);
  assert.equal(over({ type: "StasisEnd", channel: channel("a") }), false);
  assert.equal(over({ type: "ChannelDestroyed", channel: channel("b") }), true);
  assert.equal(over({ type: "Dial", dialstatus: "CANCEL", peer: channel("b") }), true);
  assert.equal(over({ type: "StasisStart", channel: channel("a") }), false);
  assert.equal(over({ type: "ChannelDestroyed", channel: channel("a") }), true);
  assert.equal(over({ type: "ChannelHangupRequest", channel: channel("a") }), true);
});
