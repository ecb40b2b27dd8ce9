import type { Scenario } from "../bench.ts";

/** Transfers that a party asks for, by SIP or by digits. */
export const transfers: Scenario = {
  name: "transfers",
  async run(bench) {
    // Whom the application has to transfer.
    await bench.call("asked", "PJSIP/refer-after@loop", {
      variables: { "PJSIP_TRANSFER_HANDLING()": "ari-only" },
    });
    await bench.event("ChannelTransfer");
    const channelId = "asked";
    await bench.rest("POST /channels/{channelId}/transfer_progress", {
      channelId,
      states: "channel_answered",
    });

    // Whom Asterisk transfers by itself.
    const { id: bridgeId } = await bench.rest("POST /bridges");
    const channel = [await bench.call("stays", "Local/answer@demo")];
    channel.push(await bench.call("asks", "PJSIP/refer-after@loop"));
    await bench.rest("POST /bridges/{bridgeId}/addChannel", { bridgeId, channel });
    await bench.event("BridgeBlindTransfer", { bridge: { id: bridgeId } });
    await bench.rest("DELETE /bridges/{bridgeId}", { bridgeId });

    await bench.rest("POST /channels/{channelId}", {
      channelId: "attends",
      endpoint: "Local/attend@demo/n",
      context: "demo",
      extension: "transferable",
      priority: 1,
    });
    await bench.event("BridgeAttendedTransfer");
    await bench.event("BridgeMerged");
  },
};
