/**
 * What a subcommand is: a function from flags and arguments to an exit code.
 *
 * @module
 */
import type {
  Application,
  ApplicationContext,
  CommandFunction,
  StricliProcess,
} from "@stricli/core";
import type { Io } from "./io.ts";
import { reportFailure } from "./errors.ts";

/** What the command line library passes to a subcommand. */
export interface Context extends ApplicationContext {
  /** Streams, and the exit code. */
  readonly process: StricliProcess;
  /** The process around the program. */
  readonly io: Io;
  /** The program, for subcommands that are about others. */
  readonly application: Application<Context>;
  /** Runs the program with other arguments. */
  readonly main: (args: readonly string[]) => Promise<number>;
}

/** A subcommand. It returns an exit code and may throw. */
type Run<F, A extends readonly (string | undefined)[]> = (
  io: Io,
  flags: F,
  args: A,
  context: Context,
) => Promise<number>;

/** The function that the command line library calls for a subcommand. */
export function commandFunction<
  F extends Readonly<Record<string, unknown>>,
  A extends readonly (string | undefined)[],
>(run: Run<F, A>): CommandFunction<F, A, Context> {
  return async function (flags, ...args) {
    try {
      this.process.exitCode = await run(this.io, flags, args, this);
    } catch (error) {
      this.process.exitCode = reportFailure(error, this.io.stderr);
    }
  };
}
