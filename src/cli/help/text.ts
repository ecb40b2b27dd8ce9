/**
 * Help texts, made from the tables of subcommands, flags and settings.
 *
 * @module
 */
import type { Command, RouteMap } from "@stricli/core";
import { commandText } from "../command_text.ts";
import type { Context } from "../subcommand.ts";
import {
  argumentsOf,
  type Option,
  optionsOf,
  type Target,
  usagesOf,
  visibleEntries,
} from "./usage.ts";
import { pad, width as widthOf } from "../table.ts";

/** A heading, and the lines under it. */
interface Section {
  readonly heading?: string;
  readonly lines: readonly string[];
}

/**
 * The help text of a subcommand: how to call it, what it does, its own options, those that it shares
 * with others, and examples.
 *
 * @param target The subcommand.
 * @param words Its names, after that of the program.
 * @param width How long a line may be, in characters.
 */
export function helpText(target: Target, words: readonly string[], width: number): string {
  const said = describe(target.fullDescription ?? target.brief, width);
  const isCommand = "parameters" in target;
  const sections: readonly Section[] = [
    { heading: "Usage", lines: usageLines(target, words, width) },
    ...said.filter(({ heading }) => heading === undefined),
    ...(isCommand ? commandSections(target, width) : routeSections(target, words, width)),
    ...said.filter(({ heading }) => heading !== undefined),
  ];
  return sections.filter(({ lines }) => lines.length > 0)
    .map(({ heading, lines }) => `${[...(heading ? [heading] : []), ...lines].join("\n")}\n`)
    .join("\n");
}

function usageLines(target: Target, words: readonly string[], width: number): string[] {
  const [name] = words;
  if (name === undefined && !("parameters" in target)) {
    const usages = visibleEntries(target).map((entry) =>
      `${entry.name.original} ${usagesOf(entry.target)[0].words}`.trimEnd()
    );
    return [...usages, "COMMAND --help", "--version"].map((usage) => `  ari-proxy ${usage}`);
  }
  const called = ["ari-proxy", ...words].join(" ");
  if (!("parameters" in target)) {
    return visibleEntries(target).flatMap((entry) =>
      usagesOf(entry.target).map((usage) =>
        `  ${called} ${entry.name.original} ${usage.words}`.trimEnd()
      )
    );
  }
  return usagesOf(target).flatMap((usage) => [
    `  ${called} ${usage.words}`.trimEnd(),
    ...wrap(usage.does ?? "", width - 6).map((line) => `      ${line}`),
  ]);
}

/** A description: paragraphs, and headings with indented lines, which stay as they are. */
function describe(text: string, width: number): Section[] {
  return text.split("\n\n").map((paragraph) => {
    const [heading, ...lines] = paragraph.split("\n");
    if (lines[0]?.startsWith("  ")) return { heading, lines };
    return { lines: wrap(paragraph, width) };
  });
}

function commandSections(command: Command<Context>, width: number): Section[] {
  const options = optionsOf(command);
  const groups = [...new Set(options.map(({ group }) => group))];
  const own = optionLines(options.filter(({ group }) => group === undefined), width, true);
  return [
    {
      heading: "Arguments",
      lines: twoColumns(argumentsOf(command).map(({ word, brief }) => [word, brief]), width),
    },
    { heading: "Options", lines: own },
    ...groups.filter((group) => group !== undefined).map((heading) => ({
      heading,
      lines: optionLines(options.filter(({ group }) => group === heading), width),
    })),
  ];
}

function optionLines(options: readonly Option[], width: number, general = false): string[] {
  const { help, argumentEscapeSequence } = commandText.briefs;
  const rows = options.map(({ names, value, brief }): readonly [string, string] => {
    const shown = names.join(", ");
    return [value === undefined ? shown : `${shown} ${value.toUpperCase()}`, brief];
  });
  const more = [["-h, --help", help], ["--", argumentEscapeSequence]] as const;
  return twoColumns(general ? [...rows, ...more] : rows, width);
}

function routeSections(
  map: RouteMap<Context>,
  words: readonly string[],
  width: number,
): Section[] {
  const { help, version } = commandText.briefs;
  const commands = visibleEntries(map).map(({ name, target }) =>
    [name.original, target.brief] as const
  );
  const options = [
    ["-h, --help", help],
    ...(words.length === 0 ? [["-V, --version", version] as const] : []),
  ] as const;
  return [
    { heading: "Commands", lines: twoColumns(commands, width) },
    { heading: "Options", lines: twoColumns(options, width) },
  ];
}

/** The maximum width of the first of two columns; a longer name has its own line. */
const WIDEST_NAME = 26;

/** Lines of at most a width, unless a word is longer. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((word) => word !== "")) {
    const last = lines.at(-1);
    if (last === undefined || widthOf(last) + 1 + widthOf(word) > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** Names and descriptions in two indented columns. */
function twoColumns(
  rows: readonly (readonly [name: string, text: string])[],
  width: number,
): string[] {
  const widest = Math.max(0, ...rows.map(([name]) => widthOf(name)));
  const column = Math.min(widest, WIDEST_NAME) + 4;
  return rows.flatMap(([name, text]) => {
    const lines = wrap(text, width - column);
    const alone = widthOf(name) + 4 > column;
    const first = alone ? [`  ${name}`] : [`${pad(`  ${name}`, column)}${lines.shift() ?? ""}`];
    return [...first, ...lines.map((line) => `${" ".repeat(column)}${line}`)]
      .map((line) => line.trimEnd());
  });
}
