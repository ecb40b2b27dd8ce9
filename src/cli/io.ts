/**
 * The process around the program: streams, environment, files, signals. It is passed in everywhere, so
 * that a test can run the whole program within its own process.
 *
 * @module
 */
import { fileError, type Files, isStandardInput, machineFiles } from "./files.ts";
import { environment } from "./settings/settings.ts";
import { createOutput, type Output } from "./output.ts";
import { UsageError } from "./errors.ts";

/** A stream to read text from. */
interface Input {
  /** Whether it is a terminal. */
  readonly isTerminal: boolean;
  /** The whole text. */
  text(): Promise<string>;
  /** The bytes as they arrive; an alternative to {@linkcode Input.text}. */
  stream(): ReadableStream<Uint8Array>;
}

/** The process around the program. */
export interface Io {
  /** For results. */
  readonly stdout: Output;
  /** For errors and notices. */
  readonly stderr: Output;
  /** For payloads. */
  readonly stdin: Input;
  /** An environment variable; undefined when it is not set. */
  env(name: string): string | undefined;
  /** The text of a file, or of standard input for `-`; throws when it cannot be read. @default there are no files */
  readonly readFile?: (path: string) => string;
  /** Files to write, and to read as streams. @default there are none */
  readonly files?: Files;
  /**
   * Calls the handler with each signal that would end the process. SIGHUP counts only at a terminal and
   * is ignored elsewhere. Returns a function that removes the handler.
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
      // In an executable the runtime refuses it; from source the program has to fail alike.
      if (!environment.includes(name)) throw new Error(`${name} is not in the list of variables`);
      return Deno.env.get(name);
    },
    readFile,
    files: machineFiles,
    onSignal(handler) {
      const handlers = signals().map((signal) => {
        // A process without a terminal cannot lose one: under nohup it has to go on.
        const counts = signal !== "SIGHUP" || hasTerminal();
        return [signal, () => counts && handler(signal)] as const;
      });
      handlers.forEach(([signal, listener]) => Deno.addSignalListener(signal, listener));
      return () =>
        handlers.forEach(([signal, listener]) => Deno.removeSignalListener(signal, listener));
    },
  };
}

/** Standard input, which a setting can name as its file as well. */
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
        // The file of a setting is read each time the setting is looked up.
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

/** Whether one of the standard streams is a terminal. */
function hasTerminal(): boolean {
  return [Deno.stdin, Deno.stdout, Deno.stderr].some((stream) => stream.isTerminal());
}

function columns(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80; // neither of the standard streams is a terminal
  }
}
