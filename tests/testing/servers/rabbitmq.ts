import { freePort } from "./free_port.ts";
import { installServers } from "./install.ts";
import { run } from "./run.ts";
import { makeRunFolder, removeRunFolder } from "./run_folder.ts";
import { type ServerProcess, startProcess } from "./server_process.ts";

/** Options of {@linkcode startRabbitmq}. */
export interface RabbitmqOptions {
  /** The port to listen on for AMQP. @default one that is free */
  readonly port?: number;
  /** Lines to add to `rabbitmq.conf`. @default none */
  readonly config?: readonly string[];
}

/**
 * A RabbitMQ broker on loopback, with the user guest and the virtual host `/`. Disposing it stops it
 * and removes its files.
 */
export interface RabbitmqServer extends AsyncDisposable {
  /** `amqp://127.0.0.1:PORT`, without credentials: those of guest are what clients assume. */
  readonly url: string;
  /** The port it listens on; it stays the same. */
  readonly port: number;
  /** The process id; a restart changes it. */
  readonly pid: number;
  /**
   * Runs rabbitmqctl, which takes about a second, and returns its output.
   *
   * @param args Its arguments, such as `["list_queues", "name"]`.
   * @throws {Error} When it fails, for instance since the broker is not running.
   */
  ctl(args: readonly string[]): Promise<string>;
  /** Ends it as a crash would (SIGKILL), and waits until it is gone. */
  kill(): Promise<void>;
  /**
   * Starts it again on the same port, and waits until it is ready. If it still runs, it is stopped
   * first in an orderly way.
   */
  restart(): Promise<void>;
  /** What it has written so far, restarts included. */
  log(): Promise<string>;
}

/** How long a broker may take to start or to stop, in milliseconds. */
const SLOW = 60_000;

/**
 * Starts a RabbitMQ broker and waits until it is ready, which takes about three seconds: better
 * share one. Its scripts are in the folder that `$ARI_PROXY_TEST_RABBITMQ` names, with Erlang in the
 * path, or are installed first; see {@linkcode installServers}.
 *
 * @throws {Error} When it cannot be installed or does not start, for instance since the port asked
 * for is taken.
 */
export async function startRabbitmq(options: RabbitmqOptions = {}): Promise<RabbitmqServer> {
  const { scripts, path } = await findRabbitmq();
  const folder = await makeRunFolder("rabbitmq");
  const log = () => Deno.readTextFile(`${folder}/log`).catch(() => "");

  const launch = async (env: Readonly<Record<string, string>>): Promise<Launched> => {
    // Erlang finds its nodes through this, and would else start one that outlives the tests.
    const mapper = startProcess(inEnvironment(env, "epmd"), { folder: `${folder}/epmd` });
    try {
      await mapper.until(() => run(inEnvironment(env, "epmd", "-names")).then(yes, no));
      const before = startsIn(await log());
      const broker = startProcess(inEnvironment(env, `${scripts}/rabbitmq-server`), { folder });
      await broker.until(async () => startsIn(await log()) > before, SLOW);
      return { broker, mapper };
    } catch (error) {
      await mapper.kill();
      throw error;
    }
  };
  const launchSomewhere = async (tries = 5): Promise<[Launched, Ports]> => {
    const ports = {
      amqp: options.port ?? await freePort(),
      mapper: await freePort(),
      distribution: await freePort(),
    };
    try {
      await writeConfig(folder, ports, options.config ?? []);
      return [await launch(environment(folder, path, ports)), ports];
    } catch (error) {
      const retry = options.port === undefined && tries > 1 && (await log()).includes("eaddrinuse");
      if (retry) return await launchSomewhere(tries - 1);
      await removeRunFolder(folder);
      throw error;
    }
  };

  let [launched, ports] = await launchSomewhere();
  const env = environment(folder, path, ports);
  const stop = async () => {
    const { broker, mapper } = launched;
    await broker.stop(() => Deno.kill(broker.pid, "SIGTERM"), SLOW);
    await mapper.kill();
  };
  return {
    url: `amqp://127.0.0.1:${ports.amqp}`,
    port: ports.amqp,
    get pid() {
      return launched.broker.pid;
    },
    ctl: (args) => run(inEnvironment(env, `${scripts}/rabbitmqctl`, "--quiet", ...args)),
    async kill() {
      await launched.broker.kill();
      await launched.mapper.kill();
    },
    async restart() {
      await stop();
      launched = await launch(env);
    },
    log,
    async [Symbol.asyncDispose]() {
      await stop();
      await removeRunFolder(folder);
    },
  };
}

interface Ports {
  readonly amqp: number;
  readonly mapper: number;
  readonly distribution: number;
}

interface Launched {
  readonly broker: ServerProcess;
  readonly mapper: ServerProcess;
}

const yes = () => true;
const no = () => false;

/** How often a broker has become ready, by its log. */
function startsIn(log: string): number {
  return log.split("Server startup complete").length - 1;
}

async function findRabbitmq(): Promise<{ readonly scripts: string; readonly path: string }> {
  const path = Deno.env.get("PATH") ?? "";
  const scripts = Deno.env.get("ARI_PROXY_TEST_RABBITMQ");
  if (scripts) return { scripts, path };
  const { rabbitmqScripts, erlangPrograms } = await installServers();
  return { scripts: rabbitmqScripts, path: `${erlangPrograms}:${path}` };
}

async function writeConfig(folder: string, ports: Ports, more: readonly string[]): Promise<void> {
  for (const sub of ["data", "log.d", "epmd"]) {
    await Deno.mkdir(`${folder}/${sub}`, { recursive: true });
  }
  await Deno.writeTextFile(`${folder}/enabled_plugins`, "[].\n");
  const lines = [
    `listeners.tcp.1 = 127.0.0.1:${ports.amqp}`,
    "log.console.level = info",
    // A full disk of the machine does not concern a test.
    "disk_free_limit.absolute = 1MB",
    ...more,
  ];
  await Deno.writeTextFile(`${folder}/rabbitmq.conf`, `${lines.join("\n")}\n`);
}

function environment(folder: string, path: string, ports: Ports): Record<string, string> {
  return {
    PATH: path,
    // Erlang keeps the secret there that its nodes share.
    HOME: folder,
    ERL_CRASH_DUMP: `${folder}/erl_crash.dump`,
    ERL_EPMD_ADDRESS: "127.0.0.1",
    ERL_EPMD_PORT: `${ports.mapper}`,
    RABBITMQ_NODENAME: `rabbit-${ports.amqp}@localhost`,
    RABBITMQ_DIST_PORT: `${ports.distribution}`,
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "-kernel inet_dist_use_interface {127,0,0,1}",
    RABBITMQ_BASE: folder,
    RABBITMQ_CONF_ENV_FILE: `${folder}/none`,
    RABBITMQ_CONFIG_FILE: `${folder}/rabbitmq.conf`,
    RABBITMQ_ENABLED_PLUGINS_FILE: `${folder}/enabled_plugins`,
    RABBITMQ_MNESIA_BASE: `${folder}/data`,
    RABBITMQ_LOG_BASE: `${folder}/log.d`,
    RABBITMQ_LOGS: "-",
    // With this the script becomes the server, so that their process ids are the same.
    RUNNING_UNDER_SYSTEMD: "true",
  };
}

function inEnvironment(
  env: Readonly<Record<string, string>>,
  ...command: readonly string[]
): string[] {
  return ["env", ...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...command];
}
