import assert from "node:assert/strict";
import { type AsteriskServer, startAsterisk } from "./asterisk.ts";
import { installServers } from "./install.ts";
import { startNats } from "./nats.ts";
import { until } from "../until.ts";

Deno.test("startNats runs two servers in parallel, and leaves nothing behind", async () => {
  const servers = await Promise.all([startNats(), startNats()]);
  const pids = servers.map(({ pid }) => pid);
  assert.notEqual(servers[0].port, servers[1].port);
  for (const { port, url } of servers) {
    assert.equal(url, `nats://127.0.0.1:${port}`);
    assert.match(await greeting(port), /^INFO \{/);
  }
  await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
  await Promise.all(pids.map(gone));
  for (const { port, log } of servers) {
    await assert.rejects(greeting(port), Deno.errors.ConnectionRefused);
    await assert.rejects(log(), Deno.errors.NotFound);
  }
});

Deno.test("startNats passes arguments to the server and listens on the given port", async () => {
  await using first = await startNats({ args: ["--name", "left"] });
  assert.match(await greeting(first.port), /"server_name":"left"/);
  await assert.rejects(startNats({ port: first.port }), /Cannot start .*: it ended\n.*in use/s);
  await first[Symbol.asyncDispose]();
  await using second = await startNats({ port: first.port, args: ["--name", "right"] });
  assert.match(await greeting(first.port), /"server_name":"right"/);
  assert.equal(second.port, first.port);
});

Deno.test("NatsServer keeps its port when it is killed and restarted", async () => {
  await using server = await startNats();
  const { port, pid } = server;
  await server.kill();
  await gone(pid);
  await assert.rejects(greeting(port), Deno.errors.ConnectionRefused);
  await server.restart();
  assert.match(await greeting(port), /^INFO \{/);
  const second = server.pid;
  assert.notEqual(second, pid);
  await server.restart();
  await gone(second);
  assert.match(await greeting(port), /^INFO \{/);
  assert.equal((await server.log()).match(/Server is ready/g)?.length, 3);
});

Deno.test("startAsterisk runs two instances in parallel, and leaves nothing behind", async () => {
  const entityId = "02:00:00:00:00:0a";
  const servers = await Promise.all([startAsterisk({ entityId }), startAsterisk()]);
  const pids = servers.map(({ pid }) => pid);
  assert.equal(servers[0].entityId, entityId);
  assert.equal(new Set(servers.map((it) => it.httpUrl)).size, 2);
  assert.equal(new Set(servers.map((it) => it.sipAddress)).size, 2);
  assert.equal(new Set(servers.map((it) => it.entityId)).size, 2);
  for (const server of servers) assert.equal(await reportedId(server), server.entityId);
  await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
  await Promise.all(pids.map(gone));
  for (const server of servers) {
    await assert.rejects(reportedId(server), TypeError);
    await assert.rejects(server.log(), Deno.errors.NotFound);
  }
});

Deno.test("AsteriskServer keeps its ports when it is killed and restarted", async () => {
  await using server = await startAsterisk();
  const { pid, entityId, httpUrl, sipAddress } = server;
  await server.kill();
  await gone(pid);
  await assert.rejects(server.cli("core show uptime"), /Cannot run/);
  await server.restart();
  assert.notEqual(server.pid, pid);
  assert.equal(await reportedId(server), entityId);
  await server.restart({ entityId: "02:00:00:00:00:0b" });
  assert.equal(server.entityId, "02:00:00:00:00:0b");
  assert.equal(await reportedId(server), "02:00:00:00:00:0b");
  assert.deepEqual([server.httpUrl, server.sipAddress], [httpUrl, sipAddress]);
});

Deno.test("startAsterisk has a user who may only read", async () => {
  await using server = await startAsterisk();
  const { readonlyUsername: username, readonlyPassword: password } = server;
  const status = async (method: string) => {
    const response = await ari({ ...server, username, password }, method, "/bridges");
    await response.body?.cancel();
    return response.status;
  };
  assert.equal(await status("GET"), 200);
  assert.equal(await status("POST"), 403);
});

Deno.test("startAsterisk takes configuration files, and refuses a port that is taken", async () => {
  const config = {
    "http.conf":
      "[general]\nenabled=yes\nbindaddr=127.0.0.1\nbindport=@HTTP_PORT@\nservername=mine\n",
  };
  await using server = await startAsterisk({ config });
  assert.match(await server.cli("http show status"), /Server: mine/);
  const httpPort = Number(new URL(server.httpUrl).port);
  await assert.rejects(startAsterisk({ httpPort }), {
    message: `Cannot start Asterisk: port ${httpPort} is taken`,
  });
});

Deno.test("AsteriskServer calls itself by SIP and by Local channels", async () => {
  await using server = await startAsterisk();
  for (const endpoint of ["PJSIP/play@loop", "Local/play@demo"]) {
    const query = new URLSearchParams({ endpoint, context: "demo", extension: "echo" });
    const response = await ari(server, "POST", `/channels?${query}`);
    assert.equal(response.status, 200, await response.text());
  }
  // A call has two ends, and both are channels of this Asterisk.
  const channels = () => server.cli("core show channels count");
  await until(async () => (await channels()).includes("4 active chan"), "four channels");
  const received = /^ +loop-\S+ +[\d:]+ ulaw +[1-9]/gm;
  const media = () => server.cli("pjsip show channelstats");
  await until(async () => (await media()).match(received)?.length === 2, "media both ways");
});

Deno.test("installServers is done at once when the servers are there", async () => {
  const lines: string[] = [];
  const [one, other] = await Promise.all([installServers(), installServers()]);
  assert.deepEqual(one, other);
  assert.deepEqual(await installServers({ report: (line) => lines.push(line) }), one);
  assert.deepEqual(lines, []);
});

Deno.test("installServers says what to do where it cannot install", async () => {
  const home = await Deno.makeTempDir();
  const script = `import { installServers } from ${
    JSON.stringify(import.meta.resolve("./install.ts"))
  };
    await installServers().catch((error) => console.log(error.message));`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", `data:application/typescript,${encodeURIComponent(script)}`],
    env: { PATH: home, ARI_PROXY_TEST_HOME: home },
  }).output();
  await Deno.remove(home, { recursive: true });
  const text = new TextDecoder().decode(stdout);
  assert.match(text, /^Cannot install the test servers: this is no Debian machine: apt-get/);
  assert.match(text, /ARI_PROXY_TEST_NATS .* ARI_PROXY_TEST_ASTERISK /);
  assert.match(new TextDecoder().decode(stderr), /^Installing .*\n$/);
});

for (const way of ["exit", "throw", "SIGINT", "SIGKILL"] as const) {
  Deno.test(`startProcess leaves no process and no file when the program ends by ${way}`, async () => {
    const signal = way === "SIGINT" || way === "SIGKILL" ? way : undefined;
    const temporary = await Deno.makeTempDir();
    await using child = new Deno.Command(Deno.execPath(), {
      env: { TMPDIR: temporary },
      args: [
        "run",
        "--allow-all",
        import.meta.resolve("./crash_fixture.ts"),
        signal ? "wait" : way,
      ],
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let line = "";
    while (!line.includes("\n")) {
      const { done, value } = await reader.read();
      assert(!done, `the program ended early: ${line}`);
      line += value;
    }
    const pids: number[] = JSON.parse(line);
    assert.equal(pids.length, 2);
    if (signal) child.kill(signal);
    assert.equal((await child.status).success, false);
    await Promise.all(pids.map(gone));
    await until(() => Deno.readDirSync(temporary).next().done === true, "nothing is left");
    await Deno.remove(temporary);
    await reader.cancel();
  });
}

/** What a server says first. */
async function greeting(port: number): Promise<string> {
  using connection = await Deno.connect({ port });
  const buffer = new Uint8Array(4096);
  const length = await connection.read(buffer);
  return new TextDecoder().decode(buffer.subarray(0, length ?? 0));
}

function ari(
  server: Pick<AsteriskServer, "httpUrl" | "username" | "password">,
  method: string,
  path: string,
): Promise<Response> {
  const authorization = `Basic ${btoa(`${server.username}:${server.password}`)}`;
  return fetch(`${server.httpUrl}${path}`, { method, headers: { authorization } });
}

/** The entity ID that Asterisk reports. */
async function reportedId(server: AsteriskServer): Promise<string> {
  const response = await ari(server, "GET", "/asterisk/info");
  const { system } = await response.json();
  return system.entity_id;
}

/** Waits until no such process runs; one that ended may still wait for its parent to take note. */
function gone(pid: number): Promise<void> {
  return until(async () => {
    const stat = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => ") X");
    return /^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  }, `the end of process ${pid}`);
}
