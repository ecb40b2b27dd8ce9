import { freePort } from "./free_port.ts";
import { installServers } from "./install.ts";
import { makeRunFolder, removeRunFolder } from "./run_folder.ts";
import { type ServerProcess, startProcess } from "./server_process.ts";

/** Options of {@linkcode startNats}. */
export interface NatsOptions {
  /** The port to listen on. @default one that is free */
  readonly port?: number;
  /** More arguments for nats-server, such as `["--auth", "TOKEN"]`. @default none */
  readonly args?: readonly string[];
}

/** A nats-server on loopback. Disposing it stops it and removes its files. */
export interface NatsServer extends AsyncDisposable {
  /** `nats://127.0.0.1:PORT`, without credentials. */
  readonly url: string;
  /** The port it listens on; it stays the same. */
  readonly port: number;
  /** The process id; a restart changes it. */
  readonly pid: number;
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

/**
 * Starts a nats-server and waits until it accepts connections. The program is the one that
 * `$ARI_PROXY_TEST_NATS` names, or is installed first; see {@linkcode installServers}.
 *
 * @throws {Error} When it cannot be installed or does not start, for instance since the port asked
 * for is taken.
 */
export async function startNats(options: NatsOptions = {}): Promise<NatsServer> {
  const program = Deno.env.get("ARI_PROXY_TEST_NATS") || (await installServers()).nats;
  const folder = await makeRunFolder("nats");
  const log = () => Deno.readTextFile(`${folder}/log`);

  const launch = async (port: number): Promise<ServerProcess> => {
    const process = startProcess([
      program,
      ...["--addr", "127.0.0.1", "--port", `${port}`],
      ...["--store_dir", `${folder}/data`, "--ports_file_dir", folder],
      ...options.args ?? [],
    ], { folder });
    // The server writes this file when it listens. Dialling could reach another one instead, one
    // that took the port a moment before.
    const ready = `${folder}/nats-server_${process.pid}.ports`;
    await process.until(() => Deno.stat(ready).then(() => true, () => false));
    return process;
  };
  const launchSomewhere = async (tries = 5): Promise<[ServerProcess, number]> => {
    const port = options.port ?? await freePort();
    try {
      return [await launch(port), port];
    } catch (error) {
      const retry = options.port === undefined && tries > 1 &&
        (await log()).includes("address already in use");
      if (retry) return await launchSomewhere(tries - 1);
      await removeRunFolder(folder);
      throw error;
    }
  };

  let [process, port] = await launchSomewhere();
  const stop = () => process.stop(() => Deno.kill(process.pid, "SIGTERM"));
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    get pid() {
      return process.pid;
    },
    kill: () => process.kill(),
    async restart() {
      await stop();
      process = await launch(port);
    },
    log,
    async [Symbol.asyncDispose]() {
      await stop();
      await removeRunFolder(folder);
    },
  };
}
