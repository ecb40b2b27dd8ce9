/**
 * Files that the program writes, or reads as streams, and the standard streams in their place.
 *
 * @module
 */
import { errorText } from "../common/error_text.ts";
import { UsageError } from "./errors.ts";

// An executable may not open these as files: Deno refuses what is in /dev and /proc.
const names = (number: number, name: string): readonly string[] => [
  "-",
  `/dev/${name}`,
  `/dev/fd/${number}`,
  `/proc/self/fd/${number}`,
];
const input = names(0, "stdin");
const output = names(1, "stdout");

/** Whether a path to read from is standard input. */
export function isStandardInput(path: string): boolean {
  return input.includes(path);
}

/** Whether a path to write to is standard output. */
export function isStandardOutput(path: string): boolean {
  return output.includes(path);
}

/** A file that is appended to. */
export interface AppendFile extends Disposable {
  /** Its first bytes, at most 16; none when it is new or not an ordinary file. */
  readonly head: Uint8Array;
  /** Whether its last line lacks a line end. */
  readonly torn: boolean;
  /** Writes some of the bytes and returns how many. */
  write(data: Uint8Array): Promise<number>;
}

/** A file that is put in its place when complete; disposed of before, it leaves nothing. */
interface DraftFile extends AsyncDisposable {
  /** Writes some of the bytes and returns how many. */
  write(data: Uint8Array): Promise<number>;
  /** Puts it in its place. */
  complete(): Promise<void>;
}

/** A file that is removed when disposed of. */
interface TemporaryFile extends AsyncDisposable {
  /** Its path. */
  readonly path: string;
}

/** The files of the machine. They throw the errors of Deno, some with a better message. */
export interface Files {
  /** Opens a file to append to; it is created if missing. */
  append(path: string): Promise<AppendFile>;
  /** Begins a file that replaces the one at the path. What is not an ordinary file is written to directly. */
  begin(path: string): Promise<DraftFile>;
  /** Whether the path is an ordinary file, which can be read several times. */
  isOrdinary(path: string): Promise<boolean>;
  /** Stores bytes in a temporary file, readable by its owner only, unless the signal aborts first. */
  keep(bytes: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<TemporaryFile>;
  /** The bytes of a file. */
  read(path: string): Promise<ReadableStream<Uint8Array>>;
  /**
   * Replaces a file with a text, completely or, on an error, not at all. File and new folders are
   * accessible to their owner only.
   */
  replace(path: string, text: string): Promise<void>;
}

/**
 * Opens a file to read, or standard input for `-`.
 *
 * @throws {UsageError} When it cannot be opened.
 */
export async function openToRead(
  path: string,
  { files, stdin }: {
    readonly files?: Files;
    readonly stdin: { stream(): ReadableStream<Uint8Array> };
  },
): Promise<ReadableStream<Uint8Array>> {
  if (isStandardInput(path)) return stdin.stream();
  try {
    if (!files) throw new Error("there are no files here");
    return await files.read(path);
  } catch (error) {
    throw new UsageError(`Cannot read ${path}: ${errorText(error)}`, { cause: error });
  }
}

/** An error of Deno; its advice for special files is replaced, which an executable cannot follow. */
export function fileError(error: unknown): unknown {
  const isSpecial = error instanceof Deno.errors.NotCapable &&
    error.message.startsWith("Requires all access");
  if (!isSpecial) return error;
  const text = "special files cannot be used here; give - for standard input or output";
  return new Error(text, { cause: error });
}

const open = (path: string, options?: Deno.OpenOptions): Promise<Deno.FsFile> =>
  Deno.open(path, options).catch((error) => Promise.reject(fileError(error)));

async function statIfThere(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    // A file without permission exists all the same, and is not replaced.
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw fileError(error);
  }
}

/** {@linkcode Files} of this machine. */
export const machineFiles: Files = {
  async append(path) {
    const file = await open(path, { append: true, read: true, create: true });
    try {
      const { isFile, size } = await file.stat();
      if (!isFile || size === 0) return appending(file, new Uint8Array(), false);
      const head = await readAt(file, 0, Math.min(16, size));
      const [last] = await readAt(file, size - 1, 1);
      return appending(file, head, last !== lineEnd);
    } catch (error) {
      file.close();
      throw error;
    }
  },
  async begin(path) {
    const former = await statIfThere(path);
    if (former && !former.isFile) return draft(await open(path, { write: true }));
    const part = `${path}.${crypto.randomUUID().slice(0, 8)}`;
    return draft(await open(part, { write: true, createNew: true }), {
      keep: () => Deno.rename(part, path),
      drop: () => Deno.remove(part).catch(() => {}),
    });
  },
  isOrdinary: async (path) => (await statIfThere(path))?.isFile === true,
  async keep(bytes, signal) {
    const path = await Deno.makeTempFile({ prefix: "ari-proxy-" });
    const remove = () => Deno.remove(path).catch(() => {});
    try {
      const file = await open(path, { write: true });
      await bytes.pipeTo(file.writable, { signal });
    } catch (error) {
      await remove();
      throw error;
    }
    return { path, [Symbol.asyncDispose]: remove };
  },
  read: async (path) => (await open(path)).readable,
  async replace(path, text) {
    const [, folder] = /^(.+)[/\\][^/\\]*$/s.exec(path) ?? [];
    if (folder) await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    const draft = `${path}.${crypto.randomUUID().slice(0, 8)}`;
    try {
      await Deno.writeTextFile(draft, text, { mode: 0o600, createNew: true });
      await Deno.rename(draft, path);
    } catch (error) {
      await Deno.remove(draft).catch(() => {});
      throw error;
    }
  },
};

const lineEnd = 0x0a;

function draft(
  file: Deno.FsFile,
  end?: { readonly keep: () => Promise<void>; readonly drop: () => Promise<void> },
): DraftFile {
  let open = true;
  const close = () => {
    if (open) file.close();
    open = false;
  };
  return {
    write: (data) => file.write(data),
    async complete() {
      close();
      await end?.keep();
    },
    async [Symbol.asyncDispose]() {
      close();
      // After `complete` there is nothing left to drop.
      await end?.drop();
    },
  };
}

function appending(file: Deno.FsFile, head: Uint8Array, torn: boolean): AppendFile {
  return {
    head,
    torn,
    write: (data) => file.write(data),
    [Symbol.dispose]: () => file.close(),
  };
}

async function readAt(file: Deno.FsFile, at: number, length: number): Promise<Uint8Array> {
  await file.seek(at, Deno.SeekMode.Start);
  const bytes = new Uint8Array(length);
  const count = await file.read(bytes);
  return bytes.subarray(0, count ?? 0);
}

/** The lines of a UTF-8 stream, without their line ends. */
export async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  // The chunks of a line of many megabytes are joined once.
  let parts: string[] = [];
  for await (const bytes of stream) {
    const [first, ...lines] = decoder.decode(bytes, { stream: true }).split("\n");
    parts.push(first);
    for (const line of lines) {
      const whole = parts.join("");
      parts = [line];
      yield whole.replace(/\r$/, "");
    }
  }
  const rest = parts.join("") + decoder.decode();
  if (rest !== "") yield rest;
}
