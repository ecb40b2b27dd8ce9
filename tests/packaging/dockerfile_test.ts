import assert from "node:assert/strict";
import project from "../../deno.json" with { type: "json" };
import { connectBus } from "../../src/bus/connect.ts";
import { withDeadline } from "../testing/deadline.ts";
import { startAsterisk } from "../testing/servers/asterisk.ts";
import { freePort } from "../testing/servers/free_port.ts";
import { startNats } from "../testing/servers/nats.ts";
import { readDockerfile, textsOf, wordsOf } from "./dockerfile.ts";
import { buildImage, type Image } from "./image.ts";

const root = new URL("../../", import.meta.url);
const text = await Deno.readTextFile(new URL("Dockerfile", root));

Deno.test("the Dockerfile copies only what .dockerignore lets through, and all of that", async () => {
  const ignore = await Deno.readTextFile(new URL(".dockerignore", root));
  const [first, ...rest] = ignore.split("\n").filter((line) => line && !line.startsWith("#"));
  assert.equal(first, "*");
  const copied = readDockerfile(text).flatMap((stage) => textsOf(stage, "COPY"))
    .filter((words) => !words.startsWith("--from"))
    .flatMap((words) => words.split(" ").slice(0, -1));
  assert.deepEqual(copied.sort(), rest.map((line) => line.replace(/^!/, "")).sort());
});

Deno.test("the Dockerfile makes an image of a user without rights, with a port, a check and a signal", async () => {
  const [build, image] = readDockerfile(text);
  const version = (await Deno.readTextFile(new URL(".ci/run", root))).match(/deno@(\S+)/)?.[1];
  assert.equal(build.from, `denoland/deno:${version}`);
  assert.deepEqual(textsOf(image, "USER"), ["65532:65532"]);
  assert.deepEqual(textsOf(image, "STOPSIGNAL"), ["SIGTERM"]);
  const port = textsOf(image, "EXPOSE")[0];
  assert.ok(textsOf(image, "ENV").includes(`ARI_PROXY_HEALTH=:${port}`));
  assert.ok(textsOf(image, "LABEL")[0].includes(`licenses="${project.license}"`));
});

/** The health check of the image, with its options gone. */
const checkOf = ({ stage }: Image) => wordsOf(textsOf(stage, "HEALTHCHECK")[0]);

Deno.test("the image of the Dockerfile serves a real Asterisk, passes its check, and stops cleanly", async () => {
  await using image = await buildImage(text);
  await using nats = await startNats();
  await using asterisk = await startAsterisk();
  const env = {
    ARI_APPLICATION: "demo",
    ARI_USERNAME: asterisk.username,
    ARI_PASSWORD_FILE: await image.secret("ari", `${asterisk.password}\n`),
    ARI_HTTP_URL: asterisk.httpUrl,
    MESSAGEBUS_URL: nats.url,
    // That of the image may be taken on this machine.
    ARI_PROXY_HEALTH: `:${await freePort()}`,
  };
  const live = () => image.exec(checkOf(image), env);
  const ready = async () => {
    const [program] = wordsOf(textsOf(image.stage, "ENTRYPOINT")[0]);
    return await image.exec([program, "health"], env);
  };
  const before = await live();
  assert.equal(before.code, 1, "nobody is there yet");

  const child = image.start({ env });
  const output = Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  try {
    const untilReady = async (code: number) => {
      for (;;) if ((await ready()).code === code) return;
    };
    await withDeadline(untilReady(0), { what: "the image to be ready" });
    assert.deepEqual(await live(), { code: 0, out: "ok\n", err: "" });
    if (Deno.uid() === 0) {
      const status = await Deno.readTextFile(`/proc/${child.pid}/status`);
      assert.match(status, /^Uid:\t65532\t65532\t65532\t65532$/m);
      assert.equal(await Deno.realPath(`/proc/${child.pid}/root`), await Deno.realPath(image.root));
    }

    await using bus = await connectBus(nats.url);
    const request = new TextEncoder().encode('{"kind":"AsteriskInfo"}');
    const answer = await bus.request("ari.data.demo", request, { timeout: 5_000 });
    assert.ok(new TextDecoder().decode(answer.data).includes(`"entity_id":"${asterisk.entityId}"`));

    // Without Asterisk it is alive and not ready.
    await asterisk.kill();
    await withDeadline(untilReady(1), { what: "the image to miss Asterisk" });
    assert.equal((await live()).code, 0);
    assert.match((await ready()).out, /"asterisk":\{"ready":false/);
    child.kill("SIGTERM");
  } catch (error) {
    // Where it has ended by itself, its output says why.
    await child[Symbol.asyncDispose]().catch(() => {});
    throw new Error((await output).join("\n"), { cause: error });
  }
  const { code } = await withDeadline(child.status, { what: "the end of the image" });
  const [out, err] = await output;
  assert.equal(code, 0, out + err);
  assert.equal(err, "");
  assert.match(out, /"message":"Stopped"/);
  assert.ok(!out.includes(asterisk.password));
});
