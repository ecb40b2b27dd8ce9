/**
 * A client on RabbitMQ with only an AMQP library, for authors of clients in other languages. It pings
 * the nodes, places a call, plays a sound and hangs up.
 *
 *     deno run -A docs/examples/rabbitmq_client.ts amqp://127.0.0.1:5672 demo PJSIP/alice
 */
import { Buffer } from "node:buffer";
import { type Channel, connect, type ConsumeMessage } from "amqplib";

const [url = "amqp://127.0.0.1:5672", app = "demo", endpoint = "PJSIP/alice"] = Deno.args;
const exchanges = { request: "topic", event: "topic", ping: "fanout", announce: "fanout" };
const connection = await connect(url);

/** An exclusive queue that gets the messages of an exchange. */
async function listen(channel: Channel, exchange: string, key: string) {
  const name = `ari-proxy.${crypto.randomUUID()}`;
  const { queue } = await channel.assertQueue(name, { exclusive: true, autoDelete: true });
  await channel.bindQueue(queue, exchange, key);
  const messages: ConsumeMessage[] = [];
  let more = Promise.withResolvers<void>();
  await channel.consume(queue, (message) => {
    if (message) messages.push(message);
    more.resolve();
    more = Promise.withResolvers();
  }, { noAck: true });
  return async (wanted: (content: { type?: string }) => boolean) => {
    for (;;) {
      const found = messages.find(({ content }) => wanted(JSON.parse(content.toString())));
      if (found) return found;
      await more.promise;
    }
  };
}

/** Sends a request on a separate channel and waits for its response. */
async function request(subject: string, content: object) {
  const channel = await connection.createChannel();
  const { promise, resolve, reject } = Promise.withResolvers<ConsumeMessage>();
  const timeout = 5_000;
  const timer = setTimeout(() => reject(new Error(`No answer in time on ${subject}`)), timeout);
  channel.on("return", () => reject(new Error(`Nobody listens on ${subject}`)));
  const take = (message: ConsumeMessage | null) => message && resolve(message);
  await channel.consume("amq.rabbitmq.reply-to", take, { noAck: true });
  channel.publish("ari.request", subject, Buffer.from(JSON.stringify(content)), {
    contentType: "application/json",
    replyTo: "amq.rabbitmq.reply-to",
    correlationId: crypto.randomUUID(),
    // After this time no proxy carries it out any more.
    expiration: timeout,
    mandatory: true,
  });
  try {
    const { content, properties } = await promise;
    const answer = JSON.parse(content.toString());
    if (answer.error) throw new Error(`${answer.error} (${properties.headers?.["Ari-Reason"]})`);
    return answer;
  } finally {
    clearTimeout(timer);
    await channel.close();
  }
}

const channel = await connection.createChannel();
for (const [name, kind] of Object.entries(exchanges)) {
  await channel.assertExchange(`ari.${name}`, kind, { durable: true });
}
const announced = await listen(channel, "ari.announce", "ari.announce");
const happened = await listen(channel, "ari.event", `ari.event.${app}.#`);
channel.publish("ari.ping", "ari.ping", Buffer.alloc(0));
const announcement = JSON.parse((await announced(() => true)).content.toString());
console.log("node", announcement.node, announcement.state);

const channelId = `raw-${crypto.randomUUID()}`;
const { key } = await request(`ari.create.${app}`, {
  kind: "ChannelOriginate",
  key: { app },
  channel_originate: { originate_request: { endpoint, app, channelId } },
});
console.log("channel", JSON.stringify(key));
const { properties } = await happened(({ type }) => type === "StasisStart");
console.log(`started Ari-Seq: ${properties.headers?.["Ari-Seq"]}`);
const { node } = key;
const played = await request(`ari.create.${app}.${node}`, {
  kind: "ChannelPlay",
  key,
  channel_play: { playback_id: "", media_uri: "sound:hello-world" },
});
console.log("playback", JSON.stringify(played.key));
await happened(({ type }) => type === "PlaybackFinished");
const hangup = { kind: "ChannelHangup", key, channel_hangup: { reason: "normal" } };
await request(`ari.command.${app}.${node}`, hangup);
await happened(({ type }) => type === "StasisEnd");
try {
  await request(`ari.command.${app}.${node}`, hangup);
} catch (error) {
  console.log("refused", error instanceof Error ? error.message : error);
}
await connection.close();
