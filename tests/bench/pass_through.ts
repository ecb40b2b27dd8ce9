/**
 * The least program that does a proxy's work, for comparison: it publishes what comes from the event
 * socket, and sends a request's text as method and path to Asterisk. It has no protocol, checks
 * nothing, and is lost at the first fault.
 *
 * @module
 */
import { connectBus } from "../../src/bus/connect.ts";

const [app, httpUrl, websocketUrl, busUrl] = Deno.args;
const bus = await connectBus(busUrl);
const encoder = new TextEncoder();
const decoder = new TextDecoder();

const { system: { entity_id: node } } = await (await fetch(`${httpUrl}/asterisk/info`)).json();
const subject = `ari.event.${app}.${node}`;
const socket = new WebSocket(`${websocketUrl}?app=${app}`);
socket.onmessage = ({ data }) => void bus.publish(subject, encoder.encode(data));

bus.subscribe(`ari.data.${app}.${node}`, async ({ data, replyTo = "" }) => {
  const [method, path] = decoder.decode(data).split(" ");
  const answer = await fetch(httpUrl + path, { method });
  bus.publish(replyTo, await answer.bytes());
});

socket.onopen = () => {
  bus.publish("ari.announce", encoder.encode(JSON.stringify({ application: app, node })));
};
