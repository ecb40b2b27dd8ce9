import assert from "node:assert/strict";
import type { Scenario } from "../bench.ts";

/** Bridges and the channels in them. */
export const bridges: Scenario = {
  name: "bridges: channels, variables, music, video",
  async run(bench) {
    const { id: bridgeId } = await bench.rest("POST /bridges", { type: "mixing", name: "first" });
    await bench.event("BridgeCreated", { bridge: { id: bridgeId } });
    const on = { bridgeId };
    const other = { bridgeId: "second" };
    await bench.rest("POST /bridges/{bridgeId}", {
      ...other,
      type: "holding",
      variables: { SHAPE: { value: "round", report_events: true } },
    });
    const ids = (await bench.rest("GET /bridges")).map(({ id }) => id);
    assert.deepEqual(ids.sort(), [bridgeId, other.bridgeId].sort());

    const channels = [
      await bench.call("left", "Local/answer@demo"),
      await bench.call("right", "Local/answer@demo"),
    ];
    await bench.rest("POST /bridges/{bridgeId}/addChannel", { ...on, channel: channels });
    await bench.event("ChannelEnteredBridge", { channel: { id: "right" } });
    const inside = (await bench.rest("GET /bridges/{bridgeId}", on)).channels;
    assert.deepEqual([...inside].sort(), channels);
    await bench.rest("POST /bridges/{bridgeId}/videoSource/{channelId}", {
      ...on,
      channelId: "left",
    });
    await bench.event("BridgeVideoSourceChanged", { bridge: { id: bridgeId } });
    await bench.rest("DELETE /bridges/{bridgeId}/videoSource", on);
    await bench.rest("POST /bridges/{bridgeId}/moh", on);
    await bench.rest("DELETE /bridges/{bridgeId}/moh", on);

    const set = { variable: "COLOUR", value: "blue" };
    await bench.rest("POST /bridges/{bridgeId}/variable", { ...on, ...set });
    const variable = await bench.rest("GET /bridges/{bridgeId}/variable", {
      ...on,
      variable: "COLOUR",
    });
    assert.equal(variable.value, "blue");
    const size = { SIZE: { value: "large", report_events: true } };
    await bench.rest("POST /bridges/{bridgeId}/variables", { ...on, variables: size });
    const variables = await bench.rest("GET /bridges/{bridgeId}/variables", {
      ...on,
      variables: ["COLOUR", "SIZE"],
    });
    assert.deepEqual(variables, { variables: { COLOUR: "blue", SIZE: "large" } });

    await bench.rest("POST /bridges/{bridgeId}/removeChannel", { ...on, channel: "left" });
    await bench.event("ChannelLeftBridge", { channel: { id: "left" } });
    await bench.rest("DELETE /bridges/{bridgeId}", on);
    await bench.rest("DELETE /bridges/{bridgeId}", other);
    await bench.event("BridgeDestroyed", { bridge: { id: bridgeId } });
  },
};
