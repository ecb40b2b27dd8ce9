/**
 * The texts of the command line library: help briefs, and messages for wrong usage.
 *
 * @module
 */
import {
  AliasNotFoundError,
  type ApplicationText,
  ArgumentParseError,
  FlagNotFoundError,
  text_en,
  UnexpectedFlagError,
  UnexpectedPositionalError,
  UnsatisfiedFlagError,
  UnsatisfiedPositionalError,
} from "@stricli/core";
import { errorText } from "../common/error_text.ts";

/** Its texts, replaced so that they never contain the value of a flag. */
export const commandText: ApplicationText = {
  ...text_en,
  briefs: {
    ...text_en.briefs,
    help: "Show this help",
    version: "Show the version",
    argumentEscapeSequence: "Take what follows as arguments, not as flags",
  },
  noCommandRegisteredForInput: ({ input, corrections }) => {
    const meant = corrections.map((name) => name.replaceAll("`", "")).join(" or ");
    return `ari-proxy: Unknown subcommand ${JSON.stringify(input)}${hint(meant)}`;
  },
  exceptionWhileParsingArguments: (error) => `ari-proxy: ${usageText(error)}`,
  exceptionWhileLoadingCommandFunction: (error) => `ari-proxy: ${errorText(error)}`,
  exceptionWhileRunningCommand: (error) => `ari-proxy: ${errorText(error)}`,
};

function usageText(error: unknown): string {
  if (error instanceof FlagNotFoundError) {
    const meant = error.corrections.map((name) => `--${name}`).join(" or ");
    return `Unknown option --${error.input}${hint(meant)}`;
  }
  if (error instanceof AliasNotFoundError) return `Unknown option -${error.input}`;
  if (error instanceof UnexpectedFlagError) {
    return `Option --${error.externalFlagName} is given more than once`;
  }
  if (error instanceof UnsatisfiedFlagError) {
    return `Option --${error.externalFlagName} needs a value`;
  }
  if (error instanceof ArgumentParseError) {
    return `Cannot use option --${error.externalFlagNameOrPlaceholder}: ${
      errorText(error.exception)
    }`;
  }
  if (error instanceof UnexpectedPositionalError) {
    return `Too many arguments: ${
      error.expectedCount === 0 ? "none" : error.expectedCount
    } allowed`;
  }
  if (error instanceof UnsatisfiedPositionalError) return `Missing argument ${error.placeholder}`;
  return errorText(error);
}

function hint(meant: string): string {
  return meant === "" ? "; see --help" : `; did you mean ${meant}?`;
}
