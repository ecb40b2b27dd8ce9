/**
 * What the fake Asterisk answers to requests.
 *
 * @module
 */
import { node } from "./event_stream.ts";

const channel = JSON.stringify({
  id: "1795385942.18",
  name: "PJSIP/trunk-0000002a",
  state: "Up",
  protocol_id: "0a727cde-7331-48f9-907c-69177d01e082",
  caller: { name: "Ada Lovelace", number: "+498912345678" },
  connected: { name: "", number: "" },
  accountcode: "",
  dialplan: {
    context: "from-trunk",
    exten: "4711",
    priority: 3,
    app_name: "Stasis",
    app_data: "inbound,4711",
  },
  creationtime: "2026-11-22T22:18:58.341+0000",
  language: "en",
  channelvars: { FILLER: "x".repeat(620) },
});

const info = JSON.stringify({
  system: { version: "22.10.0", entity_id: node },
  status: { startup_time: "2026-11-22T22:18:58.341+0000" },
});

const answers: Readonly<Record<string, string>> = {
  asterisk: answer("200 OK", info),
  channels: answer("200 OK", channel),
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
