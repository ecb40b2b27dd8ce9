/**
 * What the program sees of the process it runs in. It is handed in everywhere, so that a test can
 * run the whole program within its own process.
 *
 * @module
 */
import { type Files, machineFiles } from "./files.ts";
import { createOutput, type Output } from "./output.ts";

/** Where text comes from. */
export interface Input {
  /** Whether a person types it. */
  readonly isTerminal: boolean;
  /** Everything until its end. */
  text(): Promise<string>;
  /** The bytes as they come; instead of {@linkcode Input.text}. */
  stream(): ReadableStream<Uint8Array>;
}

/** The process around the program. */
export interface Io {
  /** For results. */
  readonly stdout: Output;
  /** For what went wrong, and for the state of things. */
  readonly stderr: Output;
  /** For payloads. */
  readonly stdin: Input;
  /** An environment variable; undefined when it is not set. */
  env(name: string): string | undefined;
  /** The text of a file; throws when it cannot be read. @default there are no files */
  readonly readFile?: (path: string) => string;
  /** Files to write, and to read bit by bit. @default there are none */
  readonly files?: Files;
  /**
   * Calls the handler, with the name of the signal, each time someone asks the process to end,
   * instead of ending it. SIGHUP asks for it only at a terminal, and does nothing elsewhere. Returns a function that stops this.
   */
  onSignal(handler: (signal: string) => void): () => void;
}

/** The process itself. */
export function createIo(): Io {
  return {
    stdout: createOutput(Deno.stdout, columns),
    stderr: createOutput(Deno.stderr, columns),
    stdin: {
      isTerminal: Deno.stdin.isTerminal(),
      text: () => new Response(Deno.stdin.readable).text(),
      stream: () => Deno.stdin.readable,
    },
    env: (name) => Deno.env.get(name),
    readFile: (path) => Deno.readTextFileSync(path),
    files: machineFiles,
    onSignal(handler) {
      const handlers = signals().map((signal) => {
        // Who has no terminal cannot lose one: nohup, for instance, wants it to go on.
        const heed = signal !== "SIGHUP" || attended();
        return [signal, () => heed && handler(signal)] as const;
      });
      handlers.forEach(([signal, listener]) => Deno.addSignalListener(signal, listener));
      return () =>
        handlers.forEach(([signal, listener]) => Deno.removeSignalListener(signal, listener));
    },
  };
}

function signals(): readonly Deno.Signal[] {
  return Deno.build.os === "windows" ? ["SIGINT", "SIGBREAK"] : ["SIGINT", "SIGTERM", "SIGHUP"];
}

/** Whether a person has the process at a terminal. */
function attended(): boolean {
  return [Deno.stdin, Deno.stdout, Deno.stderr].some((stream) => stream.isTerminal());
}

function columns(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80; // neither of the standard streams is a terminal
  }
}
