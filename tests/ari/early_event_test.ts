import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { AriLink } from "../../src/ari/link.ts";
import { Received } from "../testing/received.ts";

/** A text as a frame of a server. */
function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  assert.ok(payload.length < 126);
  return Buffer.concat([Buffer.from([0x81, payload.length]), payload]);
}

Deno.test("link reports that it is up before the event that comes with the handshake", async () => {
  const server = http.createServer((_, response) => {
    response.end('{"system":{"entity_id":"n1","version":"22"}}');
  });
  const sockets: Duplex[] = [];
  server.on("upgrade", (request, socket) => {
    const accept = createHash("sha1")
      .update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest("base64");
    // One write, so that both arrive at once.
    socket.write(Buffer.concat([
      Buffer.from(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
          `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
      ),
      frame('{"type":"StasisStart"}'),
    ]));
    socket.on("error", () => {});
    sockets.push(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const seen = new Received<string>();
  const link = new AriLink({
    httpUrl: `http://127.0.0.1:${port}/ari`,
    websocketUrl: `ws://127.0.0.1:${port}/ari/events`,
    username: "u",
    password: "p",
    applications: ["demo"],
    onEvent: ({ text }) => seen.add(text),
    onState: (state) => seen.add(state.up ? `up ${state.node}` : `down ${state.code}`),
  });
  link.start();
  await seen.count(2);
  assert.deepEqual(seen.items.slice(0, 2), ["up n1", '{"type":"StasisStart"}']);
  await link[Symbol.asyncDispose]();
  sockets.forEach((socket) => socket.destroy());
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
