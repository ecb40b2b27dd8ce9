/**
 * Shows the program at work: starts a real Asterisk on a free port, a proxy beside it with its own
 * bus, and places a call with the command line tools.
 *
 *     deno run -A scripts/demo.ts [--once]
 *
 * It runs until Ctrl-C, or with `--once` ends after the call, and leaves nothing behind.
 *
 * @module
 */
import { startAsterisk } from "../tests/testing/servers/asterisk.ts";
import { freePort } from "../tests/testing/servers/free_port.ts";

const app = "demo";
const channel = "demo-call";

const once = Deno.args.includes("--once");
const { promise: interrupted, resolve } = Promise.withResolvers<void>();
let stopping = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    stopping = true;
    resolve();
  });
}

/** Environment of every command: what an operator would set. */
const env: Record<string, string> = { ARI_APPLICATION: app };

/** Starts `ari-proxy` with arguments. It inherits the standard streams. */
function start(args: readonly string[], stderr: "inherit" | "piped" = "inherit") {
  const shown = args.map((arg) => /[\s*>]/.test(arg) ? `'${arg}'` : arg).join(" ");
  console.log(`\n$ ari-proxy ${shown}`);
  const cli = new URL("../cli.ts", import.meta.url).pathname;
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", cli, ...args],
    env,
    stdin: "null",
    stderr,
  }).spawn();
}

/** Starts `ari-proxy tail`, and waits until it is subscribed. */
async function startTail(...subjects: string[]): Promise<Deno.ChildProcess> {
  const child = start(["tail", ...subjects], "piped");
  const { promise: listening, resolve } = Promise.withResolvers<void>();
  const pass = async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      console.error(text.trimEnd());
      resolve();
    }
    resolve();
  };
  pass();
  await listening;
  return child;
}

/** Waits until a server listens, for a while. */
async function reachable(address: string): Promise<void> {
  const [hostname, port] = address.split(":");
  for (let tries = 100; tries > 0 && !stopping; tries--) {
    try {
      (await Deno.connect({ hostname, port: Number(port) })).close();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Runs `ari-proxy` until it ends. */
async function run(...args: string[]): Promise<void> {
  const { code } = await start(args).status;
  if (code !== 0 && !stopping) throw new Error(`ari-proxy ${args[0]} ended with ${code}`);
}

/**
 * Ends a child in order, when it is disposed of. Ctrl-C on a terminal reaches the children as well,
 * so after it they get a moment to end: a second signal would end them at once.
 */
function ending(child: Deno.ChildProcess): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      const timer = setTimeout(() => {
        try {
          child.kill("SIGTERM");
        } catch {
          // It has just ended.
        }
      }, stopping ? 1_000 : 0);
      await child.status;
      clearTimeout(timer);
    },
  };
}

async function show(): Promise<void> {
  await using stack = new AsyncDisposableStack();
  console.log("Starting a real Asterisk 22 …");
  const asterisk = stack.use(await startAsterisk({ entityId: "02:00:00:00:00:0a" }));
  const listen = `127.0.0.1:${await freePort()}`;
  Object.assign(env, {
    ARI_HTTP_URL: asterisk.httpUrl,
    ARI_WEBSOCKET_URL: asterisk.websocketUrl,
    ARI_USERNAME: asterisk.username,
    ARI_PASSWORD: asterisk.password,
  });

  // Without the flag it would be the default port of NATS.
  stack.use(ending(start(["serve", "--embedded.listen", listen])));
  env.MESSAGEBUS_URL = `nats://${listen}`;
  await reachable(listen);
  await run("nodes", "--wait", "2s");
  stack.use(ending(await startTail(`ari.event.${app}.>`)));
  await run(
    "call",
    "ChannelOriginate",
    "endpoint=Local/echo@demo",
    `app=${app}`,
    `channelId=${channel}`,
  );
  await run("call", "ChannelAnswer", channel);
  await run("call", "ChannelPlay", channel, "media_uri=sound:hello-world");
  await run("call", "ChannelList");
  await run("call", "ChannelHangup", channel, "reason=normal");
  if (once || stopping) return;

  const names = ["MESSAGEBUS_URL", "ARI_APPLICATION"];
  const settings = names.map((name) => `export ${name}=${env[name]}`).join("\n  ");
  console.log(`
Everything runs until Ctrl-C. In another terminal, in this folder:
  ${settings}
  npx -y deno@2.9.6 run -A cli.ts call ChannelOriginate endpoint=Local/echo@demo app=demo
`);
  await interrupted;
}

await show();
Deno.exit(0);
