import assert from "node:assert/strict";
import { findSetting } from "../../src/cli/settings/find.ts";
import { CliFixture, type Outcome, runMain } from "../testing/cli_fixture.ts";

/** A home folder of its own for a test. */
async function withHome(
  use: (
    home: string,
    run: (args: readonly string[], options?: { terminal?: boolean }) => Promise<Outcome>,
  ) => Promise<void>,
): Promise<void> {
  const home = await Deno.makeTempDir();
  try {
    await use(
      home,
      (args, options) => runMain(["context", ...args], { env: { HOME: home }, ...options }),
    );
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

Deno.test("context keeps buses under names, for nobody else to read, hides credentials and says what it did", async () => {
  await withHome(async (home, run) => {
    assert.deepEqual(await run(["list"], { terminal: true }), {
      code: 0,
      out: "There are no contexts\n",
      err: "",
    });
    const lab = ["add", "lab", "--url", "nats://anna:secret@lab:4222", "--app", "demo", "--use"];
    const says = async (args: readonly string[], text: string) =>
      assert.deepEqual(await run(args), { code: 0, out: "", err: `ari-proxy: ${text}\n` });
    await says(lab, "Added the context lab, which is now in use");
    await says(
      ["add", "live", "-u", "tls://bus:4222", "--nats.token_file", "/run/token"],
      "Added the context live: use it with --context live, " +
        "or make it the usual one with context use live",
    );
    const path = `${home}/.config/ari-proxy/contexts.json`;
    assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
    assert.equal((await Deno.stat(`${home}/.config/ari-proxy`)).mode! & 0o777, 0o700);
    assert.deepEqual([...Deno.readDirSync(`${home}/.config/ari-proxy`)].length, 1);

    assert.equal(
      (await run(["list"], { terminal: true })).out,
      "CONTEXT  CURRENT  BUS                  APPLICATION\n" +
        "lab      *        nats://***@lab:4222  demo\n" +
        "live              tls://bus:4222\n",
    );
    assert.deepEqual(JSON.parse((await run(["show"])).out), {
      name: "lab",
      current: true,
      settings: { "messagebus.url": "nats://***@lab:4222", "ari.application": "demo" },
    });
    assert.match(
      (await run(["show", "live"], { terminal: true })).out,
      /^SETTING +VALUE\n.*\nnats\.token_file +\/run\/token\n$/,
    );
    const input = await run(["add", "odd", "-u", "tls://bus:4222", "--nats.token_file", "-"]);
    assert.deepEqual([input.code, input.err], [
      2,
      "ari-proxy: Cannot keep standard input: name a file\n",
    ]);
    await says(["use", "live"], "The context live is now in use");
    assert.equal(JSON.parse((await run(["show"])).out).name, "live");
    await says(["remove", "live"], "Removed the context live");
    assert.deepEqual(JSON.parse((await run(["list"])).out).map((it: { name: string }) => it.name), [
      "lab",
    ]);
    assert.match((await run(["show"])).err, /none has been chosen/);
    await run(["use", "lab"]);
    await says(["use", "--none"], "No context is now in use");
    assert.match((await run(["show"])).err, /none has been chosen/);
  });
});

Deno.test("context refuses what it should not keep or does not know", async () => {
  await withHome(async (home, run) => {
    const refused = async (args: readonly string[], message: RegExp) => {
      const { code, out, err } = await run(args);
      assert.deepEqual([code, out], [2, ""], args.join(" "));
      assert.match(err, message);
    };
    await refused(["add", "a b", "--url", "nats://x"], /letters, digits, dots and dashes/);
    await refused(["add", "lab"], /Missing settings to keep/);
    await refused(["add", "lab", "--url", "http://x"], /messagebus\.url from flag --url: "http/);
    await refused(
      ["add", "lab", "--messagebus.password", "x"],
      /Cannot keep --messagebus\.password: give a file that holds it, by --messagebus\.password_file/,
    );
    await refused(["show", "lab"], /Unknown context lab; there are none, see context add/);
    await refused(["use"], /Missing context to use/);
    await run(["add", "lab", "--url", "nats://x"]);
    await refused(["add", "lab", "--url", "nats://y"], /Cannot add lab: it exists already/);
    assert.equal((await run(["add", "lab", "--url", "nats://y", "--force"])).code, 0);
    await refused(["use", "lap"], /Unknown context lap; did you mean lab\?/);
    await Deno.writeTextFile(`${home}/.config/ari-proxy/contexts.json`, "[]");
    await refused(["list"], /Cannot use .*contexts\.json: it is not a JSON object with contexts/);
  });
  const { code, err } = await runMain(["context", "add", "lab", "--url", "nats://x"]);
  assert.equal(code, 2);
  assert.match(err, /neither XDG_CONFIG_HOME nor HOME is set/);
});

Deno.test("the context counts less than environment and flags, and more than the configuration file", async () => {
  const values = (url: string) => new Map([["messagebus.url", url]]);
  const found = findSetting("messagebus.url", {
    flags: {},
    env: () => undefined,
    context: { name: "c", values: values("nats://context") },
    file: { path: "f", values: values("nats://file") },
  });
  assert.deepEqual(found, { value: "nats://context", source: "context c" });
  await using fixture = await CliFixture.start();
  await fixture.node("demo", { entityId: "n1" });
  await fixture.node("other", { entityId: "n1" });
  const { url } = fixture.server;
  await withHome(async (home, run) => {
    await Deno.writeTextFile(
      `${home}/.ari-proxy.yaml`,
      "messagebus: { url: nats://127.0.0.1:1 }\n",
    );
    await run(["add", "here", "--url", url, "--app", "demo"]);
    const env = { HOME: home };
    const applications = async (args: readonly string[], more: Record<string, string> = {}) => {
      const { code, out, err } = await runMain(["nodes", ...args], { env: { ...env, ...more } });
      const found = code === 0 ? JSON.parse(out) : [];
      return { err, code, found: found.map((it: { application: string }) => it.application) };
    };
    const named = await applications(["--context", "here"]);
    assert.deepEqual(named, { err: "", code: 0, found: ["demo"] });
    const variable = { ARI_PROXY_CONTEXT: "here" };
    assert.deepEqual((await applications([], variable)).found, ["demo"]);
    assert.deepEqual((await applications(["--app", "other"], variable)).found, ["other"]);
    const elsewhere = { MESSAGEBUS_URL: "nats://127.0.0.1:1" };
    const overridden = await applications(["--context", "here"], elsewhere);
    assert.equal(overridden.code, 1);
    assert.match(
      overridden.err,
      /MESSAGEBUS_URL overrides the context here\n.*Cannot reach/,
    );
    assert.match((await applications(["--context", "nowhere"])).err, /Unknown context nowhere/);
    await run(["use", "here"]);
    assert.deepEqual((await applications([])).found, ["demo"]);
    const tail = await runMain(["tail", "--wait", "1ms"], { env });
    assert.equal(tail.err, "ari-proxy: Listening on ari.event.demo.>\n");

    const shown = async (args: readonly string[]) => {
      const { out } = await runMain(["serve", "--print-config", ...args], {
        env: { ...env, ...variable },
      });
      const list: { name: string; source: string }[] = JSON.parse(out);
      return list.find(({ name }) => name === "messagebus.url")?.source;
    };
    assert.equal(await shown([]), "default");
    assert.equal(await shown(["--context", "here"]), "context here");
  });
});

Deno.test("completion proposes the names of contexts", async () => {
  await withHome(async (home, run) => {
    await run(["add", "lab", "--url", "nats://anna:secret@lab:4222"]);
    await run(["add", "live", "--url", "tls://bus:4222"]);
    for (const line of [["tail", "--context", "l"], ["context", "use", "l"]]) {
      const { out } = await runMain(["__complete", "--", ...line], { env: { HOME: home } });
      assert.equal(out, "lab\tnats://***@lab:4222\nlive\ttls://bus:4222\n");
    }
  });
});
