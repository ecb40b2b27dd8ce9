import assert from "node:assert/strict";
import { nkeys } from "@nats-io/nats-core";
import { type Bus, BusError, type BusErrorCode } from "../../src/bus/bus.ts";
import { connectNats } from "../../src/bus/nats/connect.ts";
import type { NatsSettings } from "../../src/bus/nats/options.ts";
import { withDeadline } from "../testing/deadline.ts";
import { startFaultProxy } from "../testing/fault_proxy.ts";
import { freePort } from "../testing/servers/free_port.ts";
import { startNats } from "../testing/servers/nats.ts";
import { bytes, PATIENCE, receive, statusesOf, text } from "../testing/received.ts";

type KeyPair = ReturnType<typeof nkeys.createUser>;
const BASE64URL = { alphabet: "base64url", omitPadding: true } as const;

const open = (url: string, settings: NatsSettings = {}): Promise<Bus> =>
  connectNats({ urls: [url], ...settings });

const fails = (code: BusErrorCode, text: RegExp = /^/) => (error: unknown) => {
  assert.ok(error instanceof BusError, `${error}`);
  assert.equal(error.code, code);
  assert.match(error.message, text);
  return true;
};

/** A file with some content, removed in the end. */
async function temporaryFile(content: string): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, content);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path) };
}

/** Publishes until the server has acknowledged something. */
async function proveAlive(bus: Bus): Promise<void> {
  const received = await receive(bus, "proof");
  assert.equal(bus.publish("proof", bytes("alive")), true);
  assert.equal(text((await received.count(1))[0]), "alive");
}

Deno.test("connectNats rejects with unreachable when the connection is refused", async () => {
  const port = await freePort();
  await assert.rejects(
    open(`nats://anna:secret@127.0.0.1:${port}`),
    fails("unreachable", new RegExp(`^Cannot reach NATS at 127\\.0\\.0\\.1:${port}: .*refused`)),
  );
});

Deno.test("connectNats rejects with unreachable when the server does not speak NATS", async () => {
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () => {
    return new Response("hello");
  });
  const { port } = server.addr;
  await assert.rejects(open(`nats://127.0.0.1:${port}`, { timeout: 50 }), fails("unreachable"));
});

Deno.test("connectNats rejects with unreachable when the server says nothing in time", async () => {
  await using server = await startNats();
  await using proxy = await startFaultProxy(server.port);
  proxy.stall();
  await assert.rejects(
    open(`nats://127.0.0.1:${proxy.port}`, { timeout: 50 }),
    fails("unreachable", /timeout/),
  );
});

Deno.test("connectNats rejects with the signal's reason", async () => {
  await using server = await startNats();
  await using proxy = await startFaultProxy(server.port);
  proxy.stall();
  const controller = new AbortController();
  const { signal } = controller;
  const reason = new Error("stop");
  const connecting = assert.rejects(
    open(`nats://127.0.0.1:${proxy.port}`, { signal }),
    (error) => error === reason,
  );
  controller.abort(reason);
  // The time for connecting itself is 5 s.
  await withDeadline(connecting, { what: "connecting is given up", timeout: 3_000 });
  await assert.rejects(open(server.url, { signal }), (error) => error === reason);
});

Deno.test("NATS bus ignores a later abort of the signal for connecting", async () => {
  await using server = await startNats();
  const controller = new AbortController();
  await using bus = await open(server.url, { signal: controller.signal });
  controller.abort(new Error("too late"));
  await proveAlive(bus);
  const statuses = statusesOf(bus);
  await server.restart();
  await statuses.until((all) => all.some(({ type }) => type === "connected"));
  await proveAlive(bus);
});

Deno.test("connectNats rejects with invalid for what is not a NATS URL", async () => {
  for (const url of ["http://127.0.0.1", "127.0.0.1:4222", "nats://", "", "nats://a:secret@:1"]) {
    await assert.rejects(open(url), (error) => {
      assert.ok(error instanceof BusError);
      assert.equal(error.code, "invalid");
      assert.ok(!error.message.includes("secret"));
      return true;
    });
  }
  await assert.rejects(connectNats({ urls: [] }), fails("invalid"));
  await assert.rejects(
    connectNats({ urls: ["nats://a:x@127.0.0.1:1", "nats://b:y@127.0.0.1:2"] }),
    fails("invalid", /different credentials/),
  );
});

Deno.test("connectNats sends a token, and is denied without it", async () => {
  await using server = await startNats({ args: ["--auth", "t0ken/@:"] });
  const withToken = server.url.replace("//", `//${encodeURIComponent("t0ken/@:")}@`);
  for (const bus of [await open(withToken), await open(server.url, { token: "t0ken/@:" })]) {
    await proveAlive(bus);
    await bus.close();
  }
  await assert.rejects(open(server.url), fails("denied"));
  await assert.rejects(open(server.url.replace("//", "//geheim@")), (error) => {
    assert.ok(!`${error}`.includes("geheim"));
    return fails("denied", /^NATS at 127\.0\.0\.1:\d+ refused the credentials: /)(error);
  });
});

Deno.test("connectNats sends user and password, and is denied with wrong ones", async () => {
  await using server = await startNats({ args: ["--user", "anna", "--pass", "p@ss:word/1"] });
  const good = encodeURIComponent("p@ss:word/1");
  for (
    const bus of [
      await open(server.url.replace("//", `//anna:${good}@`)),
      await open(server.url, { user: "anna", pass: "p@ss:word/1" }),
      await open(server.url.replace("//", "//anna:wrong@"), { user: "anna", pass: "p@ss:word/1" }),
    ]
  ) {
    await proveAlive(bus);
    await bus.close();
  }
  await assert.rejects(open(server.url.replace("//", "//anna:geheim@")), (error) => {
    assert.ok(!`${error}`.includes("geheim"));
    return fails("denied")(error);
  });
});

const nkeyText = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("connectNats signs with an nkey, and is denied with another one", async () => {
  const [known, unknown] = [nkeys.createUser(), nkeys.createUser()];
  const users = `authorization { users: [ { nkey: ${known.getPublicKey()} } ] }`;
  await using config = await temporaryFile(users);
  await using server = await startNats({ args: ["--config", config.path] });
  await using bus = await open(server.url, { nkey: `${nkeyText(known.getSeed())}\n` });
  await proveAlive(bus);
  await assert.rejects(open(server.url, { nkey: nkeyText(unknown.getSeed()) }), fails("denied"));
  await assert.rejects(open(server.url, { nkey: "SUgeheim" }), fails("invalid", /damaged$/));
});

Deno.test("connectNats sends the JWT of a credentials file and signs with its seed", async () => {
  const [operator, account, user] = [
    nkeys.createOperator(),
    nkeys.createAccount(),
    nkeys.createUser(),
  ];
  const token = (issuer: KeyPair, subject: KeyPair, nats: Record<string, unknown>) => {
    const encode = (value: unknown) => bytes(JSON.stringify(value)).toBase64(BASE64URL);
    const claims = { jti: "x", iat: 0, iss: issuer.getPublicKey(), sub: subject.getPublicKey() };
    const head = encode({ typ: "JWT", alg: "ed25519-nkey" });
    const signed = `${head}.${encode({ ...claims, name: "test", nats: { ...nats, version: 2 } })}`;
    return `${signed}.${issuer.sign(bytes(signed)).toBase64(BASE64URL)}`;
  };
  const limits = { subs: -1, data: -1, payload: -1, conn: -1, leaf: -1, imports: -1, exports: -1 };
  const accountToken = token(operator, account, { type: "account", limits });
  await using config = await temporaryFile(`
    operator: ${token(operator, operator, { type: "operator" })}
    resolver: MEMORY
    resolver_preload: { ${account.getPublicKey()}: ${accountToken} }
  `);
  await using server = await startNats({ args: ["--config", config.path] });
  const userToken = token(account, user, { type: "user", subs: -1, data: -1, payload: -1 });
  const file = [
    "-----BEGIN NATS USER JWT-----",
    userToken,
    "------END NATS USER JWT------",
    "",
    "-----BEGIN USER NKEY SEED-----",
    nkeyText(user.getSeed()),
    "------END USER NKEY SEED------",
  ];
  for (const creds of [file.join("\n"), `${file.join("\r\n")}\r\n\r\n`]) {
    await using bus = await open(server.url, { creds });
    await proveAlive(bus);
  }
  await assert.rejects(open(server.url, { creds: file[1] }), fails("invalid", /damaged$/));
  await assert.rejects(open(server.url), fails("denied"));
});

Deno.test("NATS bus reconnects when its server is killed and restarted", async () => {
  await using server = await startNats();
  await using bus = await open(server.url);
  await using other = await open(server.url);
  const statuses = statusesOf(bus);
  const otherStatuses = statusesOf(other);
  const received = await receive(bus, "before.>");
  await server.kill();
  await statuses.until((all) => all.some(({ type }) => type === "retrying"));
  assert.equal(statuses.items[0].type, "disconnected");
  assert.equal(bus.publish("before.x", bytes("lost")), false);
  const retry = statuses.items.find((status) => status.type === "retrying");
  assert.match(retry?.reason ?? "", /refused/);
  await server.restart();
  for (const one of [statuses, otherStatuses]) {
    await one.until((all) => all.some(({ type }) => type === "connected"));
  }
  await bus.flush();
  assert.equal(other.publish("before.y", bytes("kept")), true);
  assert.deepEqual((await received.count(1)).map(text), ["kept"]);
  assert.deepEqual(
    statuses.items.filter(({ type }) => type !== "retrying").map(({ type }) => type),
    ["disconnected", "connected"],
  );
  const connected = statuses.items.find((status) => status.type === "connected");
  assert.equal(connected?.server, `127.0.0.1:${server.port}`);
});

Deno.test("NATS bus reconnects as soon after a long outage as after the first failure", async () => {
  await using server = await startNats();
  await using network = await startFaultProxy(server.port);
  await using bus = await open(`nats://127.0.0.1:${network.port}`);
  const statuses = statusesOf(bus);
  const count = (type: string) => statuses.items.filter((status) => status.type === type).length;
  const outage = async (failures: number) => {
    const [before, connections] = [count("retrying"), count("connected")];
    const begun = performance.now();
    await network.refuse();
    await statuses.until(() => count("retrying") >= before + failures);
    const took = performance.now() - begun;
    await network.accept();
    await statuses.until(() => count("connected") > connections);
    await bus.flush();
    return took;
  };
  // The pauses grow from 0.1 s on: together at least 0.05 + 0.05 + 0.1 + 0.2 + 0.4 s.
  assert.ok(await outage(5) >= 750);
  // These would take 1.6 s and more if they went on growing.
  assert.ok(await outage(2) < 1_000);
  assert.ok(await outage(2) < 1_000);
});

Deno.test("NATS bus survives a killed server under load, and loses only what was in flight", async () => {
  await using server = await startNats();
  await using publisher = await open(server.url);
  await using subscriber = await open(server.url);
  const got: number[] = [];
  subscriber.subscribe("load", (message) => got.push(Number(text(message))));
  await subscriber.flush();
  const statuses = [statusesOf(publisher), statusesOf(subscriber)];
  let next = 0;
  let stop = false;
  const load = (async () => {
    while (!stop) {
      for (let burst = 0; burst < 50; burst++) publisher.publish("load", bytes(`${next++}`));
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  for (let round = 1; round <= 3; round++) {
    await server.kill();
    await server.restart();
    for (const one of statuses) {
      await one.until((all) => all.filter(({ type }) => type === "connected").length >= round);
    }
    await subscriber.flush();
  }
  stop = true;
  await load;
  const before = got.length;
  publisher.publish("load", bytes(`${next}`));
  await publisher.flush();
  await subscriber.flush();
  assert.ok(before > 0 && got.at(-1) === next);
  for (let index = 1; index < got.length; index++) assert.ok(got[index] > got[index - 1]);
});

Deno.test("NATS bus fails over to another server", async () => {
  await using one = await startNats();
  await using two = await startNats();
  const servers = [one, two];
  await using bus = await connectNats({ urls: servers.map((server) => server.url) });
  const statuses = statusesOf(bus);
  const received = await receive(bus, "s");
  // Which of the two it has chosen shows when that one goes.
  await one.kill();
  await using witness = await open(two.url);
  await bus.flush().catch((error) => fails("disconnected")(error));
  await statuses.until((all) => bus.connected || all.some(({ type }) => type === "connected"));
  await bus.flush();
  assert.equal(witness.publish("s", bytes("here")), true);
  await received.count(1);
  assert.equal(statuses.items.every(({ type }) => type !== "closed"), true);
});

Deno.test("connectNats skips a server that is down", async () => {
  await using server = await startNats();
  const dead = `nats://127.0.0.1:${await freePort()}`;
  for (let round = 0; round < 4; round++) {
    await using bus = await connectNats({ urls: [dead, server.url] });
    await proveAlive(bus);
  }
});

Deno.test("NATS bus notices a connection that is half open", async () => {
  await using server = await startNats();
  await using proxy = await startFaultProxy(server.port);
  await using bus = await open(`nats://127.0.0.1:${proxy.port}`, {
    pingInterval: 30,
    timeout: 1_000,
  });
  const statuses = statusesOf(bus);
  const received = await receive(bus, "s");
  proxy.stall();
  const request = assert.rejects(
    bus.request("nobody", bytes(""), { timeout: PATIENCE }),
    fails("disconnected"),
  );
  await statuses.until((all) => all.some(({ type }) => type === "disconnected"));
  await request;
  const [first] = statuses.items;
  assert.deepEqual(first, { type: "disconnected", reason: "the server does not respond" });
  proxy.resume();
  await statuses.until((all) => all.some(({ type }) => type === "connected"));
  await bus.flush();
  bus.publish("s", bytes("back"));
  assert.equal(text((await received.count(1))[0]), "back");
});

Deno.test("NATS bus refuses more than maxPending on a stalled connection", async () => {
  await using server = await startNats();
  await using proxy = await startFaultProxy(server.port);
  await using bus = await open(`nats://127.0.0.1:${proxy.port}`, { maxPending: 100_000 });
  const data = new Uint8Array(10_000);
  proxy.stall();
  let accepted = 0;
  while (accepted < 100 && bus.publish("s", data)) accepted++;
  assert.equal(accepted, 10);
  assert.equal(bus.maxPending, 100_000);
  assert.ok(bus.pending >= bus.maxPending);
  assert.equal(bus.publish("s", bytes("")), false);
  await assert.rejects(
    bus.request("s", bytes(""), { timeout: PATIENCE }),
    fails("disconnected", /accepts no messages now/),
  );
  proxy.resume();
  await bus.flush();
  const deadline = performance.now() + PATIENCE;
  while (bus.pending > 0 && performance.now() < deadline) await bus.flush();
  assert.equal(bus.pending, 0);
  assert.equal(bus.publish("s", data), true);
});

Deno.test("NATS bus parses messages that arrive in pieces", async () => {
  await using server = await startNats();
  await using proxy = await startFaultProxy(server.port, { pieces: 7 });
  await using bus = await open(`nats://127.0.0.1:${proxy.port}`);
  const received = await receive(bus, "pieces.*");
  for (let index = 0; index < 200; index++) {
    bus.publish(`pieces.${index}`, new Uint8Array(index).fill(index), {
      headers: { n: `${index}` },
    });
  }
  const messages = await received.count(200);
  messages.forEach((message, index) => {
    assert.equal(message.subject, `pieces.${index}`);
    assert.equal(message.headers?.n, `${index}`);
    assert.ok(message.data.length === index && message.data.every((byte) => byte === index));
  });
});

Deno.test("NATS bus reconnects when its server violates the protocol", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const info = { server_id: "x", version: "2.10.0", proto: 1, max_payload: 1000, headers: true };
  const accept = async () => {
    const connection = await listener.accept();
    await connection.write(bytes(`INFO ${JSON.stringify(info)}\r\n`));
    await connection.read(new Uint8Array(4096));
    await connection.write(bytes("PONG\r\n"));
    return connection;
  };
  const accepting = accept();
  await using bus = await open(`nats://127.0.0.1:${listener.addr.port}`);
  assert.equal(bus.maxPayload, 1000);
  const statuses = statusesOf(bus);
  using first = await accepting;
  await first.write(bytes("nonsense\r\n"));
  await statuses.count(1);
  assert.deepEqual(statuses.items[0], {
    type: "disconnected",
    reason: "the server sent what is not NATS protocol",
  });
  using _second = await accept();
  await statuses.until((all) => all.some(({ type }) => type === "connected"));
});

Deno.test("NATS bus reports what the server forbids, and rejects such requests", async () => {
  await using config = await temporaryFile(`authorization { users: [ { user: a, password: b,
    permissions: { publish: { deny: "secret.>" }, subscribe: { deny: "private" } } } ] }`);
  await using server = await startNats({ args: ["--config", config.path] });
  await using bus = await open(server.url, { user: "a", pass: "b" });
  const statuses = statusesOf(bus);
  bus.publish("secret.x", bytes(""));
  bus.subscribe("private", () => {});
  const told = await statuses.count(2);
  assert.match(JSON.stringify(told[0]), /Publish.*secret\.x/);
  assert.match(JSON.stringify(told[1]), /Subscription.*private/);
  await assert.rejects(bus.request("secret.y", bytes(""), { timeout: PATIENCE }), fails("denied"));
  await proveAlive(bus);
});

Deno.test("NATS bus rejects requests whose replies the server forbids to subscribe to", async () => {
  await using config = await temporaryFile(`authorization { users: [ { user: a, password: b,
    permissions: { publish: ">", subscribe: { deny: "_INBOX.>" } } } ] }`);
  await using server = await startNats({ args: ["--config", config.path] });
  await using bus = await open(server.url, { user: "a", pass: "b" });
  bus.subscribe("ask", (request) => bus.publish(request.replyTo ?? "", bytes("yes")));
  // Twice, as the first refusal must not leave the second request without an end.
  for (let round = 0; round < 2; round++) {
    const request = bus.request("ask", bytes(""), { timeout: PATIENCE });
    await assert.rejects(request, fails("denied"));
  }
  const options = { timeout: PATIENCE, replyTo: "01m8abc-rp" };
  for await (const reply of bus.requestMany("ask", bytes(""), options)) {
    assert.equal(text(reply), "yes");
    break;
  }
});

Deno.test("NATS bus keeps retrying while its credentials are refused, without showing them", async () => {
  await using server = await startNats({ args: ["--user", "anna", "--pass", "geheim"] });
  const { port } = server;
  await using bus = await open(server.url, { user: "anna", pass: "geheim" });
  const statuses = statusesOf(bus);
  await server.kill();
  await statuses.until((all) => all.some(({ type }) => type === "disconnected"));
  {
    await using _changed = await startNats({ port, args: ["--user", "anna", "--pass", "other"] });
    await statuses.until((all) =>
      all.filter((status) => status.type === "retrying" && /violation/i.test(status.reason))
        .length >= 3
    );
    assert.equal(bus.connected, false);
  }
  await server.restart();
  await statuses.until((all) => all.some(({ type }) => type === "connected"));
  await proveAlive(bus);
  assert.ok(!JSON.stringify(statuses.items).includes("geheim"));
});

Deno.test("NATS bus does not receive its own messages with noEcho", async () => {
  await using server = await startNats();
  await using bus = await open(server.url, { noEcho: true });
  await using other = await open(server.url);
  const [own, others] = [await receive(bus, "s"), await receive(other, "s")];
  bus.publish("s", bytes("1"));
  await others.count(1);
  other.publish("s", bytes("2"));
  assert.deepEqual((await own.count(1)).map(text), ["2"]);
});

const certificate = (name: string) => new URL(`./certificates/${name}`, import.meta.url);
const pem = (name: string) => Deno.readTextFile(certificate(name));
const tlsArgs = (verify: "--tls" | "--tlsverify", name = "server") => [
  verify,
  ...["--tlscert", certificate(`${name}.pem`).pathname],
  ...["--tlskey", certificate(`${name}.key`).pathname],
  ...["--tlscacert", certificate("ca.pem").pathname],
];

Deno.test("NATS bus encrypts, and trusts the given authority", async () => {
  await using server = await startNats({ args: tlsArgs("--tls") });
  const tls = { ca: await pem("ca.pem") };
  for (const scheme of ["nats", "tls"]) {
    for (const host of ["127.0.0.1", "localhost"]) {
      await using bus = await open(`${scheme}://${host}:${server.port}`, { tls });
      await proveAlive(bus);
      const statuses = statusesOf(bus);
      if (scheme === "tls") continue;
      await server.restart();
      await statuses.until((all) => all.some(({ type }) => type === "connected"));
      await proveAlive(bus);
    }
  }
  await assert.rejects(open(server.url), fails("unreachable", /certificate/i));
  await assert.rejects(open(server.url.replace("nats", "tls")), fails("unreachable"));
});

Deno.test("NATS bus with tls:// does not go on in the clear", async () => {
  await using server = await startNats();
  await assert.rejects(open(server.url.replace("nats", "tls")), fails("unreachable", /tls/));
});

Deno.test("NATS bus sends a client certificate where the server requires one", async () => {
  await using server = await startNats({ args: tlsArgs("--tlsverify") });
  const ca = await pem("ca.pem");
  const tls = { ca, cert: await pem("client.pem"), key: await pem("client.key") };
  await using bus = await open(server.url, { tls });
  await proveAlive(bus);
  const received = await receive(bus, "large");
  const data = new Uint8Array(bus.maxPayload).map((_, index) => index % 251);
  for (let count = 0; count < 5; count++) bus.publish("large", data);
  for (const message of await received.count(5)) assert.deepEqual(message.data, data);
  const statuses = statusesOf(bus);
  await server.kill();
  await statuses.until((all) => all.some(({ type }) => type === "retrying"));
  await server.restart();
  await statuses.until((all) => all.some(({ type }) => type === "connected"));
  await proveAlive(bus);
  await assert.rejects(
    open(server.url, { tls: { ca }, timeout: 300 }),
    fails("unreachable", /certificate|closed/i),
  );
  await assert.rejects(
    open(server.url, { tls: { cert: tls.cert, key: tls.key } }),
    fails("unreachable", /certificate/i),
  );
});

Deno.test("NATS bus refuses a server whose certificate bears another name", async () => {
  await using server = await startNats({ args: tlsArgs("--tls", "elsewhere") });
  const ca = await pem("ca.pem");
  const own = { cert: await pem("client.pem"), key: await pem("client.key") };
  for (const host of ["127.0.0.1", "localhost"]) {
    for (const tls of [{ ca }, { ca, ...own }]) {
      await assert.rejects(
        open(`tls://${host}:${server.port}`, { tls }),
        fails("unreachable", /certificate|altname/i),
      );
    }
  }
});
