/**
 * Files that the program reads bit by bit or writes, as seen from within.
 *
 * @module
 */
import { errorText } from "../common/error_text.ts";
import { UsageError } from "./usage_error.ts";

/** A file that is written to at its end. */
export interface AppendFile extends Disposable {
  /** Its first bytes, 16 at the most; none when it is new, or no ordinary file. */
  readonly head: Uint8Array;
  /** Whether its last line has no end. */
  readonly torn: boolean;
  /** Writes some of the bytes and tells how many. */
  write(data: Uint8Array): Promise<number>;
}

/** A file that takes its place when it is complete; disposed of before that it leaves nothing. */
export interface DraftFile extends AsyncDisposable {
  /** Writes some of the bytes and tells how many. */
  write(data: Uint8Array): Promise<number>;
  /** Puts it in its place. */
  complete(): Promise<void>;
}

/** The files of the machine. What cannot be done throws as Deno says it. */
export interface Files {
  /** Opens a file to write at its end; it is made if it is not there. */
  append(path: string): Promise<AppendFile>;
  /** Begins a file in the place of another, if there is one. What is no ordinary file is written to. */
  begin(path: string): Promise<DraftFile>;
  /** The bytes of a file, to its end. */
  read(path: string): Promise<ReadableStream<Uint8Array>>;
  /**
   * Puts a text in the place of a file, all of it or, when that fails, none. Nobody else may read it.
   * Folders on the way are made for nobody else as well.
   */
  replace(path: string, text: string): Promise<void>;
}

/**
 * Opens a file to read, in words for people when it cannot be.
 *
 * @throws {UsageError} When it cannot be opened.
 */
export async function openToRead(
  path: string,
  files: Files | undefined,
): Promise<ReadableStream<Uint8Array>> {
  try {
    if (!files) throw new Error("there are no files here");
    return await files.read(path);
  } catch (error) {
    throw new UsageError(`Cannot read ${path}: ${errorText(error)}`, { cause: error });
  }
}

/** The files themselves. */
export const machineFiles: Files = {
  async append(path) {
    const file = await Deno.open(path, { append: true, read: true, create: true });
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
    const former = await Deno.stat(path).catch(() => undefined);
    if (former && !former.isFile) return draft(await Deno.open(path, { write: true }));
    const part = `${path}.${crypto.randomUUID().slice(0, 8)}`;
    return draft(await Deno.open(part, { write: true, createNew: true }), {
      keep: () => Deno.rename(part, path),
      drop: () => Deno.remove(part).catch(() => {}),
    });
  },
  read: async (path) => (await Deno.open(path)).readable,
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
      // Once it is in its place there is nothing left to drop.
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
