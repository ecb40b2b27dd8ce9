import assert from "node:assert/strict";
import { load } from "js-yaml";
import { environment } from "../../src/cli/settings/settings.ts";
import { isObject, type JsonObject } from "../../src/protocol/json.ts";
import { startCli } from "../testing/run_cli.ts";
import { SERVERS } from "../testing/servers/debian_packages.ts";
import { freePort } from "../testing/servers/free_port.ts";
import { startNats } from "../testing/servers/nats.ts";
import { startComposeAsterisk } from "./compose_asterisk.ts";
import { readDockerfile, textsOf, wordsOf } from "./dockerfile.ts";

const root = new URL("../../", import.meta.url);
const read = (path: string) => Deno.readTextFile(new URL(path, root));

/** An object within another one; empty where there is none. */
function member(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return isObject(value) ? value : {};
}

/** The texts of a list; none where there is no list. */
function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

const composed = load(await read("compose.yaml"));
assert.ok(isObject(composed));
const services = member(composed, "services");
const secrets = member(composed, "secrets");
const proxy = member(services, "proxy");

Deno.test("compose.yaml names only existing services, secrets, files and folders", async () => {
  assert.deepEqual(Object.keys(services), ["asterisk", "nats", "proxy"]);
  for (const [name, service] of Object.entries(services)) {
    assert.ok(isObject(service), name);
    assert.ok(service.image ?? service.build, `${name} has an image`);
    assert.ok(texts(member(service, "healthcheck").test)[0] === "CMD", `${name} is checked`);
    assert.deepEqual(service.cap_drop, ["ALL"], name);
    assert.deepEqual(service.security_opt, ["no-new-privileges:true"], name);
    if (typeof service.build === "string") {
      await Deno.stat(new URL(`${service.build}/Dockerfile`, root));
    }
    for (const volume of texts(service.volumes)) {
      const [source, target, mode] = volume.split(":");
      assert.ok((await Deno.stat(new URL(source, root))).isDirectory, source);
      assert.deepEqual([target.startsWith("/"), mode], [true, "ro"], volume);
    }
    for (const secret of texts(service.secrets)) {
      await Deno.stat(new URL(String(member(secrets, secret).file), root));
    }
    // Nobody on another machine gets in.
    for (const port of texts(service.ports)) assert.match(port, /^127\.0\.0\.1:\d+:\d+$/);
    for (const name of Object.keys(member(service, "environment"))) {
      assert.ok(environment.includes(name), name);
    }
  }
});

Deno.test("compose.yaml matches the Dockerfile: the program, its port, the place of its secret", async () => {
  const image = readDockerfile(await read("Dockerfile")).at(-1);
  assert.ok(image);
  const [program] = wordsOf(textsOf(image, "ENTRYPOINT")[0]);
  assert.deepEqual(member(proxy, "healthcheck").test, ["CMD", program, "health"]);
  assert.deepEqual(texts(proxy.ports).map((port) => port.split(":")[2]), textsOf(image, "EXPOSE"));
  const file = String(member(proxy, "environment").ARI_PASSWORD_FILE);
  assert.deepEqual(texts(proxy.secrets).map((name) => `/run/secrets/${name}`), [file]);
  assert.equal(proxy.read_only, true);
});

Deno.test("the Asterisk of compose.yaml is the one of the tests", async () => {
  const [image] = readDockerfile(await read("packaging/compose/asterisk/Dockerfile"));
  assert.equal(image.from, `debian:${SERVERS.suite}-slim`);
  const installed = /--no-install-recommends ([\w .-]+?) &&/.exec(textsOf(image, "RUN")[0])?.[1];
  assert.deepEqual(installed?.split(" ").filter((name) => !SERVERS.packages.includes(name)), []);
});

Deno.test("the configuration of compose.yaml makes calls with a real Asterisk and NATS", async () => {
  const secret = new URL(String(member(secrets, "ari_password").file), root).pathname;
  await using nats = await startNats();
  await using asterisk = await startComposeAsterisk(secret);
  // As compose.yaml has them, but for the names of the other containers.
  const places: Readonly<Record<string, string>> = {
    ARI_PASSWORD_FILE: secret,
    ARI_HTTP_URL: asterisk.httpUrl,
    MESSAGEBUS_URL: nats.url,
  };
  const env = {
    ...Object.fromEntries(
      Object.entries(member(proxy, "environment"))
        .map(([name, value]) => [name, places[name] ?? String(value)]),
    ),
    ARI_PROXY_HEALTH: `127.0.0.1:${await freePort()}`,
  };
  await using serve = startCli(["serve"], { env });
  await serve.until(/Asterisk is connected/);
  await using health = startCli(texts(member(proxy, "healthcheck").test).slice(2), { env });
  assert.equal(await health.ended(), 0, health.err);
  await using nodes = startCli(["nodes"], { env });
  assert.equal(await nodes.ended(), 0);
  assert.match(nodes.out, /"node":"02:00:00:00:00:01","application":"demo"/);

  // The call that the file itself proposes.
  const proposed = /run --rm proxy (call .*)/.exec(await read("compose.yaml"))?.[1] ?? "";
  await using tail = startCli(["tail", "--type", "StasisStart", "--count", "1"], { env });
  await tail.until(/Listening/);
  await using call = startCli(proposed.split(" "), { env });
  assert.equal(await call.ended(), 0, call.err);
  assert.equal(await tail.ended(), 0);
  assert.match(tail.out, /Local\/echo@demo/);
  assert.doesNotMatch(await asterisk.log(), / (ERROR|WARNING)\[/);
});
