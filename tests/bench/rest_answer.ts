/**
 * What the fake Asterisk answers to requests.
 *
 * @module
 */
import { channel, node } from "./channel.ts";

const data = JSON.stringify(channel(0, { app: "bench", variables: { FILLER: "x".repeat(620) } }));

const info = JSON.stringify({
  system: { version: "22.10.0", entity_id: node },
  status: { startup_time: "2026-11-22T22:18:58.341+0000" },
});

const answers: Readonly<Record<string, string>> = {
  asterisk: answer("200 OK", info),
  channels: answer("200 OK", data),
};
const notFound = answer("404 Not Found", `{"message":"Not found"}`);

/** The whole answer to a request, by the first part of its path below `/ari/`. */
export function restAnswer(head: string): string {
  const resource = /^GET \/ari\/(\w+)\//.exec(head)?.[1] ?? "";
  return answers[resource] ?? notFound;
}

function answer(status: string, body: string): string {
  return `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${body.length}\r\n\r\n${body}`;
}
