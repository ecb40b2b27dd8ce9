/**
 * A client without any library, for authors of clients in other languages: it uses the text protocol
 * of NATS over a TCP connection. It pings the nodes, places a call, plays a sound and hangs up.
 *
 *     deno run --allow-net docs/examples/nats_client.ts 127.0.0.1:4222 demo PJSIP/alice
 */

interface Message {
  readonly subject: string;
  readonly headers: string;
  readonly body: string;
}

const [address = "127.0.0.1:4222", app = "demo", endpoint = "PJSIP/alice"] = Deno.args;
const [hostname, port] = address.split(":");
using connection = await Deno.connect({ hostname, port: Number(port) });
const waiting = new Map<string, (message: Message) => void>();
const events: Message[] = [];
let someEvent = Promise.withResolvers<void>();
let subscriptions = 0;

async function send(...lines: string[]): Promise<void> {
  const bytes = new TextEncoder().encode(lines.map((line) => `${line}\r\n`).join(""));
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

/** Reads all messages: a line with sizes in bytes, followed by as many bytes. */
async function receive(): Promise<void> {
  const decoder = new TextDecoder();
  let bytes = new Uint8Array();
  for await (const chunk of connection.readable) {
    bytes = new Uint8Array([...bytes, ...chunk]);
    for (let end; (end = bytes.indexOf(10)) >= 0;) {
      const line = decoder.decode(bytes.subarray(0, end)).trimEnd();
      const [verb, subject, ...rest] = line.split(" ");
      const total = /^H?MSG$/.test(verb) ? Number(rest.at(-1)) : -2;
      if (bytes.length < end + 1 + total + 2) break;
      const payload = bytes.subarray(end + 1, end + 1 + total);
      bytes = bytes.subarray(end + 1 + total + 2);
      if (verb === "PING") await send("PONG");
      if (verb === "-ERR") throw new Error(line);
      if (total < 0) continue;
      const split = verb === "HMSG" ? Number(rest.at(-2)) : 0;
      const headers = decoder.decode(payload.subarray(0, split));
      take({ subject, headers, body: decoder.decode(payload.subarray(split)) });
    }
  }
}

function take(message: Message): void {
  waiting.get(message.subject)?.(message);
  if (!message.subject.startsWith("ari.event.")) return;
  events.push(message);
  someEvent.resolve();
  someEvent = Promise.withResolvers();
}

/** Waits for a message on a subject, after sending something that leads to it. */
async function next(subject: string, ...lines: string[]): Promise<Message> {
  const { promise, resolve, reject } = Promise.withResolvers<Message>();
  waiting.set(subject, resolve);
  const timer = setTimeout(() => reject(new Error(`No answer in time on ${subject}`)), 5_000);
  await send(...lines);
  return await promise.finally(() => clearTimeout(timer));
}

/** Sends a request and waits for its response. */
async function request(subject: string, content: object): Promise<Record<string, never>> {
  const reply = `_INBOX.${crypto.randomUUID()}`;
  const body = JSON.stringify(content);
  const size = new TextEncoder().encode(body).length;
  const sid = ++subscriptions;
  const lines = [`SUB ${reply} ${sid}`, `UNSUB ${sid} 1`, `PUB ${subject} ${reply} ${size}`, body];
  const { headers, body: text } = await next(reply, ...lines);
  if (headers.startsWith("NATS/1.0 503")) throw new Error(`Nobody listens on ${subject}`);
  const answer = JSON.parse(text);
  if (answer.error) {
    throw new Error(`${answer.error} (${/^Ari-Reason: (.*)$/m.exec(headers)?.[1]})`);
  }
  return answer;
}

/** Waits for an event of a type. */
async function event(type: string): Promise<Message> {
  for (;;) {
    const found = events.find(({ body }) => JSON.parse(body).type === type);
    if (found) return found;
    await someEvent.promise;
  }
}

const receiving = receive().catch((error) => console.error(`${error}`));
await send('CONNECT {"verbose":false,"headers":true,"no_responders":true}');
await send(`SUB ari.announce ${++subscriptions}`, `SUB ari.event.${app}.> ${++subscriptions}`);
const announcement = JSON.parse((await next("ari.announce", "PUB ari.ping 0", "")).body);
console.log("node", announcement.node, announcement.state);

const channelId = `raw-${crypto.randomUUID()}`;
const { key } = await request(`ari.create.${app}`, {
  kind: "ChannelOriginate",
  key: { app },
  channel_originate: { originate_request: { endpoint, app, channelId } },
});
console.log("channel", JSON.stringify(key));
const { headers } = await event("StasisStart");
console.log("started", /Ari-Seq: \d+/.exec(headers)?.[0]);
const { node } = key;
const played = await request(`ari.create.${app}.${node}`, {
  kind: "ChannelPlay",
  key,
  channel_play: { playback_id: "", media_uri: "sound:hello-world" },
});
console.log("playback", JSON.stringify(played.key));
await event("PlaybackFinished");
const hangup = { kind: "ChannelHangup", key, channel_hangup: { reason: "normal" } };
await request(`ari.command.${app}.${node}`, hangup);
await event("StasisEnd");
try {
  await request(`ari.command.${app}.${node}`, hangup);
} catch (error) {
  console.log("refused", error instanceof Error ? error.message : error);
}
await connection.closeWrite();
await receiving;
