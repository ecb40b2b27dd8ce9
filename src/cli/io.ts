/**
 * What the program sees of the process it runs in. It is handed in everywhere, so that a test can
 * run the whole program within its own process.
 *
 * @module
 */
import { fileError, type Files, isStandardInput, machineFiles } from "./files.ts";
import { environment } from "./settings/settings.ts";
import { createOutput, type Output } from "./output.ts";
import { UsageError } from "./errors.ts";

/** Where text comes from. */
interface Input {
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
  /** The text of a file, or of standard input for `-`; throws when it cannot be read. @default there are no files */
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
  const { stdin, readFile } = createInput();
  return {
    stdout: createOutput(Deno.stdout, columns),
    stderr: createOutput(Deno.stderr, columns),
    stdin,
    env(name) {
      // In an executable the runtime would refuse it; from its source the program is to fail alike.
      if (!environment.includes(name)) throw new Error(`${name} is not in the list of variables`);
      return Deno.env.get(name);
    },
    readFile,
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

/** Standard input, which settings can name as their file as well. */
function createInput(): Required<Pick<Io, "stdin" | "readFile">> {
  let text: string | undefined;
  let isTaken = false;
  const take = (): void => {
    if (isTaken) throw new UsageError("Cannot read standard input twice: two arguments name it");
    isTaken = true;
  };
  return {
    stdin: {
      isTerminal: Deno.stdin.isTerminal(),
      text() {
        take();
        return new Response(Deno.stdin.readable).text();
      },
      stream() {
        take();
        return Deno.stdin.readable;
      },
    },
    readFile(path) {
      if (isStandardInput(path)) {
        // The file of a setting is read whenever somebody wants to know the setting.
        if (text === undefined) take();
        return text ??= readStandardInput();
      }
      try {
        return Deno.readTextFileSync(path);
      } catch (error) {
        throw fileError(error);
      }
    },
  };
}

function readStandardInput(): string {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(16 * 1024);
  let text = "";
  for (let size; (size = Deno.stdin.readSync(buffer)) !== null;) {
    text += decoder.decode(buffer.subarray(0, size), { stream: true });
  }
  return text + decoder.decode();
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
