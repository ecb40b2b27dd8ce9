import { lastLines } from "./run.ts";

/** Options of {@linkcode startProcess}. */
export interface ProcessOptions {
  /**
   * The server's own folder. Its output is added to the file `log` there. Should this program end
   * without having stopped the server, the folder is removed.
   */
  readonly folder: string;
}

/** A server that runs as a child of this program, and never outlives it. */
export interface ServerProcess {
  /** The process id; it is the server's own, not that of a shell. */
  readonly pid: number;
  /** Whether it has not ended yet. */
  readonly running: boolean;
  /** Ends it at once (SIGKILL) and waits until it is gone. Does nothing when it is. */
  kill(): Promise<void>;
  /**
   * Ends it in an orderly way, and by force when that takes too long.
   *
   * @param ask Asks the server to end. What it throws is ignored.
   * @param timeout How long the server may take, in milliseconds. @default 5000
   */
  stop(ask: () => void | Promise<unknown>, timeout?: number): Promise<void>;
  /**
   * Waits until a condition holds.
   *
   * @param condition Called again and again until it resolves with true.
   * @param timeout How long to wait, in milliseconds. @default 20000
   * @throws {Error} When the server ends meanwhile, or it takes too long; the text ends with the
   * last lines of its output. The server is gone then.
   */
  until(condition: () => Promise<boolean>, timeout?: number): Promise<void>;
}

/**
 * Becomes the server, and leaves a guard behind that waits for the other end of the standard input:
 * a line says that the server has ended; the end of the input, that this program has, in whatever
 * way. The guard then kills the server and removes the folder.
 */
const LAUNCH = `exec 3<&0 0</dev/null 1>>log 2>&1
(
  read -r line <&3 && exit
  kill -KILL $$
  rm -rf "$PWD" || { sleep 1; rm -rf "$PWD"; }
) &
exec "$@" 3<&-`;

/**
 * Starts a server in the background.
 *
 * It is in a separate session, so that Ctrl-C in a terminal reaches this program alone, which can
 * then stop the server in an orderly way. If it does not, the server still ends with this program.
 *
 * @param command The program and its arguments.
 */
export function startProcess(command: readonly string[], options: ProcessOptions): ServerProcess {
  const { folder } = options;
  const child = new Deno.Command("sh", {
    args: ["-c", LAUNCH, "sh", ...command],
    cwd: folder,
    stdin: "piped",
    stdout: "null",
    stderr: "null",
    detached: true,
  }).spawn();
  let running = true;
  const exited = child.status.then(async () => {
    running = false;
    const guard = child.stdin.getWriter();
    try {
      await guard.write(new TextEncoder().encode("\n"));
      await guard.close();
    } catch {
      // Someone else ended the guard; it has nothing left to watch.
    }
  });

  const signal = (name: Deno.Signal) => {
    if (!running) return;
    try {
      child.kill(name);
    } catch (error) {
      // It ended, and the event loop has not reported it yet.
      if (!(error instanceof TypeError) && !(error instanceof Deno.errors.NotFound)) throw error;
    }
  };
  const kill = () => {
    signal("SIGKILL");
    return exited;
  };

  const failure = async (reason: string) => {
    const log = await Deno.readTextFile(`${folder}/log`).catch(() => "");
    return new Error(`Cannot start ${command[0]}: ${reason}\n${lastLines(log)}`);
  };

  return {
    pid: child.pid,
    get running() {
      return running;
    },
    kill,
    async stop(ask, timeout = 5000) {
      if (!running) return await exited;
      const timer = setTimeout(() => signal("SIGKILL"), timeout);
      try {
        await ask();
      } catch {
        signal("SIGKILL");
      }
      await exited;
      clearTimeout(timer);
    },
    async until(condition, timeout = 20_000) {
      let late = false;
      // The end of the server also ends a condition that waits for its answer.
      const timer = setTimeout(() => {
        late = true;
        signal("SIGKILL");
      }, timeout);
      try {
        while (!await condition()) {
          if (running) await new Promise((resolve) => setTimeout(resolve, 10));
          else throw await failure(late ? `not ready after ${timeout} ms` : "it ended");
        }
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
