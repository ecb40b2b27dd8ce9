/**
 * The program: arguments in, exit code out.
 *
 * @module
 */
import {
  type Application,
  buildApplication,
  run,
  type StricliIntegration,
  version,
} from "@stricli/core";
import project from "../../deno.json" with { type: "json" };
import { normalizeArguments } from "./arguments.ts";
import { commandText } from "./command_text.ts";
import { commands } from "./commands.ts";
import type { Context } from "./subcommand.ts";
import { exitCodes } from "./exit_codes.ts";
import { helpFlag } from "./help/command.ts";
import type { Io } from "./io.ts";
import { complain, lostOutput } from "./errors.ts";

/**
 * Runs the program. It never ends the process.
 *
 * @param args The arguments, without the name of the program.
 * @param io The process around it.
 * @returns The exit code, one of {@linkcode exitCodes}.
 */
export async function main(args: readonly string[], io: Io): Promise<number> {
  const { stdout, stderr } = io;
  const process: Context["process"] = { stdout, stderr };
  const application = program(io);
  const context = { process, io, application, main: (args: readonly string[]) => main(args, io) };
  await run(application, normalizeArguments(args), context);
  await stdout.flush();
  const code = exitCodeOf(process.exitCode);
  if (stdout.failure === undefined) {
    await stderr.flush();
    return code;
  }
  complain(lostOutput(stdout.failure), stderr);
  await stderr.flush();
  return code === exitCodes.ok ? exitCodes.failed : code;
}

/** The program for the command line library. Its help goes to standard output. */
function program({ stdout }: Pick<Io, "stdout">): Application<Context> {
  return buildApplication<Context>(commands, configuration, {
    help: helpFlag(stdout),
    version: versionFlag,
  });
}

const configuration = {
  name: "ari-proxy",
  scanner: { allowArgumentEscapeSequence: true },
  localization: { text: commandText },
  documentation: { caseStyle: "original", disableAnsiColor: true },
} as const;

const versionFlag: StricliIntegration<Context> = version<Context>({
  brief: commandText.briefs.version,
  alias: "V",
  info: { currentVersion: project.version },
});

/** Negative codes are those of the command line library: -4 and -5 for unknown commands and flags. */
function exitCodeOf(code: number | string | null | undefined): number {
  if (typeof code !== "number") return exitCodes.ok;
  if (code >= 0) return code;
  return code === -4 || code === -5 ? exitCodes.usage : exitCodes.failed;
}
