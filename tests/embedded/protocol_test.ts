import assert from "node:assert/strict";
import { startEmbeddedBus } from "../../src/embedded/server.ts";
import { RawClient } from "./raw_client.ts";

const QUIET = 'CONNECT {"verbose":false}\r\n';
const MODERN = 'CONNECT {"verbose":false,"headers":true,"no_responders":true}\r\n';

/** What a client sends, and all that it gets. */
const conversations: readonly (readonly [string, string, string])[] = [
  [
    "confirms everything to a client that does not say otherwise",
    "CONNECT {}\r\nSUB a 1\r\nUNSUB 1\r\nPUB a 1\r\nx\r\n",
    "+OK\r\n+OK\r\n+OK\r\n+OK\r\n",
  ],
  ["lets a client begin without a CONNECT", "SUB a 1\r\n", "+OK\r\n"],
  [
    "reads any letter case, blanks and line end",
    `${QUIET}ping\nsub\t a   1  \r\npInG\r\n`,
    "PONG\r\nPONG\r\n",
  ],
  [
    "delivers a message with its subject for answers",
    `${QUIET}SUB a.* 7\r\nPUB a.b r.1 5\r\nhello\r\nPUB a.c 0\r\n\r\n`,
    "MSG a.b 7 r.1 5\r\nhello\r\nMSG a.c 7 0\r\n\r\n",
  ],
  [
    "tidies up a line before others get it",
    `${QUIET}SUB a 1\r\npub  a\tr   2 \nhi\r\nhpub a 0 1\r\nx\r\n`.replace(
      "false",
      'false,"headers":true',
    ),
    "MSG a 1 r 2\r\nhi\r\nMSG a 1 1\r\nx\r\n",
  ],
  [
    "delivers headers",
    `${MODERN}SUB a 1\r\nHPUB a r 18 20\r\nNATS/1.0\r\nx: y\r\n\r\nhi\r\n`,
    "HMSG a 1 r 18 20\r\nNATS/1.0\r\nx: y\r\n\r\nhi\r\n",
  ],
  [
    "refuses subscriptions to what is no subject",
    `${QUIET}SUB a..b 1\r\nSUB >.a 2\r\nSUB .a 3\r\n`,
    "-ERR 'Invalid Subject'\r\n".repeat(3),
  ],
  [
    "refuses publications on what is no subject, and delivers them to nobody",
    `${QUIET}SUB > 1\r\nPUB a.* 1\r\nx\r\nPUB > 1\r\nx\r\nPUB a. 0\r\n\r\n`,
    "-ERR 'Invalid Publish Subject'\r\n".repeat(3),
  ],
  [
    "ignores a second subscription with the same id",
    `${QUIET}SUB a 1\r\nSUB b 1\r\nPUB a 0\r\n\r\nPUB b 0\r\n\r\n`,
    "MSG a 1 0\r\n\r\n",
  ],
  ["ends a subscription", `${QUIET}SUB a 1\r\nUNSUB 1\r\nUNSUB 9\r\nPUB a 0\r\n\r\n`, ""],
  [
    "ends a subscription after so many messages",
    `${QUIET}SUB a 1\r\nUNSUB 1 2\r\n${"PUB a 0\r\n\r\n".repeat(3)}`,
    "MSG a 1 0\r\n\r\n".repeat(2),
  ],
  [
    "counts messages from the subscription on",
    `${QUIET}SUB a 1\r\nPUB a 0\r\n\r\nUNSUB 1 1\r\nPUB a 0\r\n\r\n`,
    "MSG a 1 0\r\n\r\n",
  ],
  [
    "keeps from a client what it publishes, if that wants it so",
    'CONNECT {"verbose":false,"echo":false}\r\nSUB a 1\r\nSUB a q 2\r\nPUB a 0\r\n\r\n',
    "",
  ],
  [
    "says that nobody listens to a request",
    `${MODERN}SUB r.* 1\r\nPUB a r.x 0\r\n\r\n`,
    "HMSG r.x 1 33 33\r\nNATS/1.0 503\r\nNats-Subject: a\r\n\r\n\r\n",
  ],
  [
    "counts the notice that nobody listens as a message",
    `${MODERN}SUB r 1\r\nUNSUB 1 1\r\nPUB a r 0\r\n\r\nPUB a r 0\r\n\r\n`,
    "HMSG r 1 33 33\r\nNATS/1.0 503\r\nNats-Subject: a\r\n\r\n\r\n",
  ],
  [
    "does not say that nobody listens to one that did not ask",
    `${QUIET}SUB r 1\r\nPUB a r 0\r\n\r\n`,
    "",
  ],
  [
    "gives a message to one of a queue group, whatever its members' patterns",
    `${QUIET}SUB a.b q 1\r\nSUB a.* q 1\r\nSUB a.> q 1\r\nPUB a.b 0\r\n\r\n`,
    "MSG a.b 1 0\r\n\r\n",
  ],
  ["takes a confirmation and an answer for what they are", `${QUIET}+OK\r\nPONG\r\n`, ""],
  [
    "passes on bytes that are no text",
    `${QUIET}SUB a 1\r\nPUB a 4\r\n\0\r\n\n\r\n`,
    "MSG a 1 4\r\n\0\r\n\n\r\n",
  ],
];

/** What a client sends that ends its connection, and the error it gets. */
const faults: readonly (readonly [string, string, string])[] = [
  ["an unknown operation", "FOO a\r\n", "Unknown Protocol Operation"],
  ["an empty line", "\r\n", "Unknown Protocol Operation"],
  ["a server's operation", "MSG a 1 1\r\nx\r\n", "Unknown Protocol Operation"],
  ["HTTP", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "Unknown Protocol Operation"],
  ["a payload that is longer than it says", "PUB a 1\r\nxyz\r\n", "Unknown Protocol Operation"],
  ["a payload that is too large", "PUB a 1025\r\n", "Maximum Payload Violation"],
  ["headers and payload that are too large", "HPUB a 12 1025\r\n", "Maximum Payload Violation"],
  ["a size that is none", "PUB a x\r\n", "Parser Error"],
  ["a negative size", "PUB a -1\r\n", "Parser Error"],
  ["a huge size", `PUB a ${"9".repeat(40)}\r\n`, "Parser Error"],
  ["a publication without a size", "PUB a\r\n", "Parser Error"],
  ["headers that are longer than the whole", "HPUB a 14 12\r\n", "Parser Error"],
  ["too many arguments", "PUB a b c d e f 1\r\n", "Parser Error"],
  ["a subscription without an id", "SUB a\r\n", "Parser Error"],
  ["a control character in a subject", "SUB a\rb 1\r\n", "Parser Error"],
  ["options that are no JSON", "CONNECT {x\r\n", "Parser Error"],
  ["options that are no object", "CONNECT [1]\r\n", "Parser Error"],
  ["an option of the wrong type", 'CONNECT {"echo":1}\r\n', "Parser Error"],
  [
    "headers of a client without headers",
    "HPUB a 12 12\r\n\r\n0123456789\r\n",
    "Message Headers Not Supported",
  ],
  [
    "a wish for notices without headers",
    'CONNECT {"no_responders":true}\r\n',
    "No Responders Requires Headers Support",
  ],
  ["a line that is too long", `SUB ${"a".repeat(5000)} 1\r\n`, "Maximum Control Line Exceeded"],
  ["a line that does not end", `SUB ${"a".repeat(5000)}`, "Maximum Control Line Exceeded"],
];

async function startWithClient(options: Parameters<typeof startEmbeddedBus>[0] = {}) {
  const server = await startEmbeddedBus({ port: 0, ...options });
  const client = await RawClient.connect(server.port);
  return {
    server,
    client,
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

Deno.test("embedded bus greets with what it is and what it takes", async () => {
  await using server = await startEmbeddedBus({ port: 0, maxPayload: 4096, token: "secret" });
  using conn = await Deno.connect({ port: server.port, hostname: "127.0.0.1" });
  const buffer = new Uint8Array(4096);
  const length = await conn.read(buffer);
  const greeting = new TextDecoder().decode(buffer.subarray(0, length ?? 0));
  assert.match(greeting, /^INFO \{.*\}\r\n$/);
  const info = JSON.parse(greeting.slice(5));
  assert.equal(info.max_payload, 4096);
  assert.equal(info.auth_required, true);
  assert.equal(info.headers, true);
  assert.equal(info.proto, 1);
  assert.equal(info.port, server.port);
  assert.equal(info.client_id, 1);
});

for (const [name, sent, expected] of conversations) {
  Deno.test(`embedded bus ${name}`, async () => {
    await using one = await startWithClient();
    // An unknown operation ends the connection, and so shows that nothing else arrives.
    await one.client.send(`${sent}END\r\n`);
    const end = "-ERR 'Unknown Protocol Operation'\r\n";
    assert.equal(await one.client.rest(), `${expected}${end}`);
  });
}

for (const [name, sent, text] of faults) {
  Deno.test(`embedded bus sends away a client for ${name}`, async () => {
    await using one = await startWithClient({ maxPayload: 1024 });
    await one.client.send(`${QUIET}${sent}`);
    assert.equal(await one.client.rest(), `-ERR '${text}'\r\n`);
    assert.equal(one.server.clients, 0);
  });
}

Deno.test("embedded bus strips the headers for a client that does not support them", async () => {
  await using one = await startWithClient();
  using old = await RawClient.connect(one.server.port);
  await old.send(`${QUIET}SUB a 1\r\nPING\r\n`);
  await old.until("PONG\r\n");
  await one.client.send(`${MODERN}HPUB a r 12 14\r\nNATS/1.0\r\n\r\nhi\r\n`);
  assert.equal(await old.until("hi\r\n"), "MSG a 1 r 2\r\nhi\r\n");
});

Deno.test("embedded bus sends no-responders only to the client that requested", async () => {
  await using one = await startWithClient();
  using other = await RawClient.connect(one.server.port);
  await other.send(`${MODERN}SUB r 1\r\nPING\r\n`);
  await other.until("PONG\r\n");
  await one.client.send(`${MODERN}SUB r 5\r\nPUB a r 0\r\n\r\nPING\r\n`);
  assert.match(await one.client.until("PONG\r\n"), /^HMSG r 5 33 33\r\n/);
  await other.send("PING\r\n");
  assert.equal(await other.until("PONG\r\n"), "PONG\r\n");
});

Deno.test("embedded bus goes on with a client after a subscription too many", async () => {
  await using one = await startWithClient({ maxSubscriptions: 2 });
  await one.client.send(`${QUIET}SUB a 1\r\nSUB b 2\r\nSUB c 3\r\nUNSUB 1\r\nSUB c 3\r\nPING\r\n`);
  const refusal = "-ERR 'Maximum Subscriptions Exceeded'\r\n";
  assert.equal(await one.client.until("PONG\r\n"), `${refusal}PONG\r\n`);
  assert.equal(one.server.patterns, 2);
});
