import type { CommandFunction } from "@stricli/core";
import { commandFunction, type Context } from "../subcommand.ts";
import type { Io } from "../io.ts";

/** `help`, for the command line library: what --help says behind the same words. */
export const helpCommand: CommandFunction<Record<never, never>, string[], Context> =
  commandFunction((
    _io: Io,
    _flags: Record<never, never>,
    words: readonly string[],
    { main }: Context,
  ) => main([...words, "--help"]));
