/**
 * `ari-proxy call` for the file of a stored recording: bytes instead of a response.
 *
 * @module
 */
import type { Bus } from "../../bus/bus.ts";
import { AriClient } from "../../client/client.ts";
import type { AnyRequest, Request } from "../../protocol/request.ts";
import { exitCodes } from "../exit_codes.ts";
import { type Files, isStandardOutput } from "../files.ts";
import { CancelSignal } from "../cancel_signal.ts";
import type { Io } from "../io.ts";
import { UsageError } from "../errors.ts";
import { errorText } from "../../common/error_text.ts";

/**
 * The request, if it is for a whole file; undefined for any other, also for one chunk of a file.
 *
 * @throws {UsageError} When the bytes would go to a terminal, or when `--output` is given for another request.
 */
export function wholeFile(
  request: AnyRequest,
  flags: { readonly output?: string; readonly json?: boolean; readonly all?: boolean },
  { stdout }: Io,
): Request<"RecordingStoredFile"> | undefined {
  const { output, json, all } = flags;
  const { kind } = request;
  const isChunk = kind === "RecordingStoredFile" && request.payload &&
    Object.keys(request.payload).length > 0;
  if (kind !== "RecordingStoredFile" || isChunk || json || all) {
    if (output === undefined) return undefined;
    throw new UsageError(
      `Cannot use --output with ${kind}: it is for a whole file, as in call RecordingStoredFile NAME`,
    );
  }
  if (output === undefined && stdout.isTerminal) {
    throw new UsageError(
      "Cannot write the bytes of a file to a terminal: add --output FILE, or redirect the output",
    );
  }
  return request;
}

/**
 * Writes a file as it comes, to standard output or in the place of another. Returns the exit code.
 *
 * @throws {AriProxyError} What the file cannot be read for; then no file has been written.
 */
export async function callFile(
  bus: Bus,
  { key }: Request<"RecordingStoredFile">,
  { io, flags }: {
    readonly io: Io;
    readonly flags: { readonly output?: string; readonly timeout?: number };
  },
): Promise<number> {
  const { stdout } = io;
  const { output = "-", timeout } = flags;
  const app = key.app ? { app: key.app } : {};
  using stop = new CancelSignal(io);
  await using client = AriClient.fromBus(bus, app);
  const { signal } = stop;
  const file = client.recordings.stored.handle(key).file({
    signal,
    ...(timeout !== undefined && { timeout }),
  });
  try {
    if (isStandardOutput(output)) {
      for await (const bytes of file) await stdout.writeBytes(bytes);
      return exitCodes.ok;
    }
    await using draft = await begin(output, io.files);
    let size = 0;
    for await (const bytes of file) {
      size += bytes.length;
      await namingFile(output, async () => {
        for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await draft.write(rest));
      });
    }
    await namingFile(output, () => draft.complete());
    stdout.write(
      stdout.isTerminal
        ? `Wrote ${size} bytes to ${output}\n`
        : `${JSON.stringify({ output, size })}\n`,
    );
    return exitCodes.ok;
  } catch (error) {
    // Not an error when the reader is gone or the process was asked to end.
    if (signal.aborted) return stdout.closed.aborted ? exitCodes.ok : exitCodes.failed;
    throw error;
  }
}

/** @throws {Error} With a message that names the file. */
async function namingFile(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw new Error(`Cannot write ${path}: ${errorText(error)}`, { cause: error });
  }
}

async function begin(path: string, files: Files | undefined) {
  if (!files) throw new UsageError("Cannot use --output: there are no files");
  try {
    return await files.begin(path);
  } catch (error) {
    const why = errorText(error);
    throw new UsageError(`Cannot write ${path}: ${why}`);
  }
}
