import assert from "node:assert/strict";
import { type Bus, BusError } from "../../src/bus/bus.ts";
import { connectBus } from "../../src/bus/connect.ts";
import { receive, statusesOf } from "../testing/received.ts";
import { startNats } from "../testing/servers/nats.ts";
import { startRabbitmq } from "../testing/servers/rabbitmq.ts";

const certificate = (name: string) => new URL(`./certificates/${name}`, import.meta.url).pathname;

async function proveAlive(bus: Bus): Promise<void> {
  const received = await receive(bus, "proof");
  bus.publish("proof", new Uint8Array(1));
  await received.count(1);
}

Deno.test("NATS bus sends the present token when it reconnects, and reads certificates anew", async () => {
  const config = await Deno.makeTempFile({ prefix: "ari-proxy-test-" });
  const write = (token: string) =>
    Deno.writeTextFile(
      config,
      `authorization { token: "${token}" }
       tls { cert_file: "${certificate("server.pem")}", key_file: "${certificate("server.key")}" }`,
    );
  try {
    await write("first");
    await using server = await startNats({ args: ["--config", config] });
    let token: string | undefined = "first";
    let reads = 0;
    const ca = () => {
      reads++;
      return Deno.readTextFileSync(certificate("ca.pem"));
    };
    const readToken = () => {
      if (token === undefined) throw new Error("the file is away");
      return token;
    };
    await using bus = await connectBus(server.url, { token: readToken, tls: { ca } });
    const before = reads;
    const statuses = statusesOf(bus);
    const connections = () => statuses.items.filter(({ type }) => type === "connected").length;

    // While the token cannot be read, the former one counts.
    token = undefined;
    await server.restart();
    await statuses.until(() => connections() === 1);
    assert.ok(reads > before);
    await proveAlive(bus);

    await write("second");
    await server.restart();
    await statuses.until((all) =>
      all.some((status) => status.type === "retrying" && /Authorization/i.test(status.reason))
    );
    token = "second";
    await statuses.until(() => connections() === 2);
    await proveAlive(bus);
  } finally {
    await Deno.remove(config);
  }
});

Deno.test("connectNats does the TLS handshake first where the server requires it", async () => {
  const config = await Deno.makeTempFile({ prefix: "ari-proxy-test-" });
  try {
    await Deno.writeTextFile(
      config,
      `tls { cert_file: "${certificate("server.pem")}", key_file: "${certificate("server.key")}"
             handshake_first: true }`,
    );
    await using server = await startNats({ args: ["--config", config] });
    const ca = Deno.readTextFileSync(certificate("ca.pem"));
    await using bus = await connectBus(server.url, { tls: { ca, handshakeFirst: true } });
    await proveAlive(bus);
    await assert.rejects(connectBus(server.url, { tls: { ca }, timeout: 300 }), BusError);
  } finally {
    await Deno.remove(config);
  }
});

Deno.test("RabbitMQ bus sends the present password when it reconnects", async () => {
  await using server = await startRabbitmq();
  let pass = "guest";
  await using bus = await connectBus(server.url, { user: "guest", pass: () => pass });
  const statuses = statusesOf(bus);
  await server.ctl(["change_password", "guest", "second"]);
  await server.ctl(["close_all_connections", "test"]);
  await statuses.until((all) =>
    all.some((status) => status.type === "retrying" && /refused the cred/.test(status.reason))
  );
  pass = "second";
  await statuses.until((all) => all.some(({ type }) => type === "connected"));
  await proveAlive(bus);
});
