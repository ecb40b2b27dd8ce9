import { openToRead } from "../files.ts";
import { aborted } from "../cancel_signal.ts";
import type { Io } from "../io.ts";
import { isStandardInput } from "../standard_streams.ts";

/** The bytes of a recording, as often as somebody wants to read them. */
export interface ReplaySource extends AsyncDisposable {
  /** What it is, for error texts. */
  readonly name: string;
  /** Reads it from its beginning. @throws {UsageError} When it cannot be opened. */
  open(): Promise<ReadableStream<Uint8Array>>;
}

/**
 * Opens a recording: a file, or `-` for standard input. What can be read only once, as standard input
 * or a pipe, is kept in a temporary file until it is disposed of.
 *
 * @param signal Gives it up; then it rejects with the reason of the signal.
 * @throws {UsageError} When it cannot be opened.
 */
export async function openReplaySource(
  path: string,
  io: Pick<Io, "files" | "stdin">,
  signal: AbortSignal,
): Promise<ReplaySource> {
  const { files } = io;
  const isInput = isStandardInput(path);
  const name = isInput ? "standard input" : path;
  // Of what cannot be looked at, opening it says why.
  const isOrdinary = !isInput && await files?.isOrdinary(path).catch(() => false);
  if (isOrdinary || !files) {
    return { name, open: () => openToRead(path, io), [Symbol.asyncDispose]: async () => {} };
  }
  // Opening a pipe waits for somebody who writes to it.
  const opening = openToRead(path, io);
  await Promise.race([opening, aborted(signal)]);
  signal.throwIfAborted();
  const kept = await files.keep(await opening, signal);
  return {
    name,
    open: () => openToRead(kept.path, io),
    [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
  };
}
