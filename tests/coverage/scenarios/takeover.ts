import { otherApp, type Scenario } from "../bench.ts";

/** What happens to the socket of the proxy. It comes last, since the proxy may connect anew. */
export const takeover: Scenario = {
  name: "another ARI WebSocket takes an application",
  async run(bench) {
    const { websocketUrl, username, password } = bench.asterisk;
    const socket = new WebSocket(
      `${websocketUrl}?app=${otherApp}&api_key=${username}:${password}`,
    );
    const { promise: opened, resolve: open } = Promise.withResolvers<unknown>();
    const { promise: closed, resolve: close } = Promise.withResolvers<unknown>();
    socket.onopen = open;
    socket.onclose = close;
    await opened;
    await bench.event("ApplicationReplaced", { application: otherApp });
    socket.close();
    await closed;
  },
};
