import { writeAsteriskConfig } from "./asterisk_config.ts";
import { findAsterisk } from "./asterisk_program.ts";
import { freePort } from "./free_port.ts";
import { run } from "./run.ts";
import { makeRunFolder, removeRunFolder } from "./run_folder.ts";
import { type ServerProcess, startProcess } from "./server_process.ts";

/**
 * UDP ports come in blocks of this size: SIP has the first one, RTP the rest. Who listens on the
 * first one owns the block, so instances side by side never share RTP ports.
 */
const BLOCK = 1000;
const BLOCKS = Array.from({ length: 22 }, (_, i) => 10_000 + i * BLOCK);

const USERS = {
  username: "ari",
  password: "ari-secret",
  readonlyUsername: "ari-ro",
  readonlyPassword: "ari-ro-secret",
};

/** Options of {@linkcode startAsterisk}. */
export interface AsteriskOptions {
  /** The entity id, such as `02:00:00:00:00:0a`. @default made from the HTTP port */
  readonly entityId?: string;
  /**
   * Configuration files by name (`ari.conf`), which replace those of the folder `asterisk` or join
   * them. Words such as `@HTTP_PORT@` are filled in as they are there.
   * @default none
   */
  readonly config?: Readonly<Record<string, string>>;
  /** The TCP port of ARI. @default one that is free */
  readonly httpPort?: number;
}

/**
 * An Asterisk on loopback, with the dialplan of `asterisk/extensions.conf`. Disposing it stops it
 * and removes its files.
 */
export interface AsteriskServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT/ari`. */
  readonly httpUrl: string;
  /** `ws://127.0.0.1:PORT/ari/events`. */
  readonly websocketUrl: string;
  /** The ARI user who may do everything: `ari`. */
  readonly username: string;
  /** Their password. */
  readonly password: string;
  /** The ARI user who may only read. */
  readonly readonlyUsername: string;
  /** Their password. */
  readonly readonlyPassword: string;
  /** Folder in which recordings are kept. */
  readonly recordingFolder: string;
  /** The entity id; only a restart that asks for another changes it. */
  readonly entityId: string;
  /** Where it takes SIP over UDP: `127.0.0.1:PORT`. */
  readonly sipAddress: string;
  /** The process id; a restart changes it. */
  readonly pid: number;
  /**
   * Runs a command of Asterisk's console, such as `core show channels`, and returns its output.
   *
   * @throws {Error} When Asterisk is not running.
   */
  cli(command: string): Promise<string>;
  /** Ends it as a crash would (SIGKILL), and waits until it is gone. */
  kill(): Promise<void>;
  /**
   * Starts it again on the same ports, and waits until it is ready. If it still runs, it is stopped
   * first, without waiting for calls to end.
   *
   * @param options The new entity id, if any.
   */
  restart(options?: { readonly entityId?: string }): Promise<void>;
  /** The notices, warnings and errors it has written so far, restarts included. */
  log(): Promise<string>;
}

/**
 * Starts an Asterisk and waits until all its modules are loaded and ARI and SIP are listened for.
 * The program is found by {@linkcode findAsterisk}.
 *
 * @throws {Error} When it cannot be installed or does not start, for instance since the port asked
 * for is taken.
 */
export async function startAsterisk(options: AsteriskOptions = {}): Promise<AsteriskServer> {
  const { program, ...folders } = await findAsterisk();
  const folder = await makeRunFolder("asterisk");
  const asterisk = [program, "-C", `${folder}/etc/asterisk.conf`];
  const cli = (command: string) => run([...asterisk, "-rx", command]);

  const launch = async (ports: Ports, entityId: string): Promise<ServerProcess> => {
    const settings = { ...USERS, ...folders, ...ports, entityId, run: folder };
    await writeAsteriskConfig(settings, options.config);
    for (const sub of ["run", "log.d", "cache", "lib/keys", "spool/recording", "spool/tmp"]) {
      await Deno.mkdir(`${folder}/${sub}`, { recursive: true });
    }
    // A crash leaves its socket behind, which looks like a running Asterisk until it is dialled.
    await Deno.remove(`${folder}/run/asterisk.ctl`).catch(() => {});
    const process = startProcess([...asterisk, "-fn"], { folder });
    await process.until(() => cli("core waitfullybooted").then(() => true, () => false));
    return process;
  };
  const launchSomewhere = async (tries = 5): Promise<Launched> => {
    const ports = await choosePorts(options.httpPort);
    const entityId = options.entityId ?? entityIdOf(ports.httpPort);
    const process = await launch(ports, entityId);
    const missing = await missingListener(cli, ports);
    if (!missing) return { process, ports, entityId };
    await process.kill();
    if (tries > 1 && missing !== options.httpPort) return await launchSomewhere(tries - 1);
    throw new Error(`Cannot start Asterisk: port ${missing} is taken`);
  };

  const launched = await launchSomewhere().catch(async (error) => {
    await removeRunFolder(folder);
    throw error;
  });
  const { ports } = launched;
  let { process, entityId } = launched;
  // Its answer to SIGTERM is to wait for calls to end.
  const stop = () => process.stop(() => cli("core stop now"));
  return {
    ...USERS,
    httpUrl: `http://127.0.0.1:${ports.httpPort}/ari`,
    websocketUrl: `ws://127.0.0.1:${ports.httpPort}/ari/events`,
    sipAddress: `127.0.0.1:${ports.sipPort}`,
    recordingFolder: `${folder}/spool/recording`,
    get entityId() {
      return entityId;
    },
    get pid() {
      return process.pid;
    },
    cli,
    kill: () => process.kill(),
    async restart(change = {}) {
      await stop();
      entityId = change.entityId ?? entityId;
      process = await launch(ports, entityId);
      const missing = await missingListener(cli, ports);
      if (missing) throw new Error(`Cannot restart Asterisk: port ${missing} is taken`);
    },
    log: () => Deno.readTextFile(`${folder}/log`),
    async [Symbol.asyncDispose]() {
      await stop();
      await removeRunFolder(folder);
    },
  };
}

interface Ports {
  readonly httpPort: number;
  readonly sipPort: number;
  readonly rtpStart: number;
  readonly rtpEnd: number;
}

interface Launched {
  readonly process: ServerProcess;
  readonly ports: Ports;
  readonly entityId: string;
}

async function choosePorts(httpPort?: number): Promise<Ports> {
  const sipPort = await freePort({ transport: "udp", candidates: BLOCKS });
  return {
    httpPort: httpPort ?? await freePort(),
    sipPort,
    // RTP wants an even port, and the odd one after it for RTCP.
    rtpStart: sipPort + 2,
    rtpEnd: sipPort + BLOCK - 1,
  };
}

/** Asterisk continues without ARI or SIP when a port is taken; this returns which one. */
async function missingListener(
  cli: (command: string) => Promise<string>,
  { httpPort, sipPort }: Ports,
): Promise<number | undefined> {
  if (!(await cli("http show status")).includes(`127.0.0.1:${httpPort}`)) return httpPort;
  if (!(await cli("pjsip show transports")).includes(`127.0.0.1:${sipPort}`)) return sipPort;
}

function entityIdOf(port: number): string {
  const hex = (byte: number) => byte.toString(16).padStart(2, "0");
  return `02:00:00:00:${hex(port >> 8)}:${hex(port & 255)}`;
}
