import assert from "node:assert/strict";

const file = new URL("../../src/client/environment.ts", import.meta.url).href;

/** The settings in the environment of another process. */
async function environment(
  env: Readonly<Record<string, string>>,
  permissions: readonly string[],
): Promise<unknown> {
  const folder = await Deno.makeTempDir({ prefix: "ari-proxy-env-" });
  try {
    const script = `import { clientEnvironment } from ${JSON.stringify(file)};
      console.log(JSON.stringify(clientEnvironment()));`;
    await Deno.writeTextFile(`${folder}/main.ts`, script);
    const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "--no-config", ...permissions, `${folder}/main.ts`],
      env: { ...env, NO_COLOR: "1" },
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    return JSON.parse(new TextDecoder().decode(stdout));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("environment has application and bus in the variables of the original", async () => {
  const env = { ARI_APPLICATION: "demo", MESSAGEBUS_URL: "", NATS_URI: "nats://there" };
  assert.deepEqual(await environment(env, ["--allow-env"]), { app: "demo", url: "nats://there" });
  const both = { ...env, MESSAGEBUS_URL: "nats://first" };
  assert.deepEqual(await environment(both, ["--allow-env"]), { app: "demo", url: "nats://first" });
});

Deno.test("environment that may not be read counts as empty", async () => {
  assert.deepEqual(await environment({ ARI_APPLICATION: "demo" }, []), {});
});
