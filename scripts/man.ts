/**
 * Writes the manual page from the tables that the program itself goes by: its subcommands with their
 * flags and help texts, the settings, the exit codes.
 *
 *     deno run -A scripts/man.ts
 *
 * @module
 */
import project from "../deno.json" with { type: "json" };
import { commands } from "../src/cli/commands.ts";
import { exitCodesText } from "../src/cli/exit_codes.ts";
import { main } from "../src/cli/main.ts";
import { createOutput } from "../src/cli/output.ts";
import { secretFile } from "../src/cli/settings/setting.ts";
import { settingNames, settings } from "../src/cli/settings/settings.ts";

/** Where the page lies. */
export const manPage: URL = new URL("../packaging/man/ari-proxy.1", import.meta.url);

/** The text of the page, in the macros of man(7). It has no date, so that it changes with the tables only. */
export async function manText(): Promise<string> {
  const usages = new Map<Entry, readonly Usage[]>();
  for (const entry of visible()) usages.set(entry, await usagesOf(entry));
  const parts = [
    `.\\" Made by scripts/man.ts from the tables of the program; change those.`,
    `.TH ARI-PROXY 1 "" "ari-proxy ${project.version}" "User Commands"`,
    `.SH NAME\nari\\-proxy \\- ${plain(commands.brief)}`,
    `.SH SYNOPSIS\n${synopsis([...usages.values()].flat())}`,
    `.SH DESCRIPTION\n${description()}`,
    `.SH COMMANDS\n${Array.from(usages, ([entry, ways]) => commandText(entry, ways)).join("\n")}`,
    `.SH SETTINGS\n${settingsText()}`,
    `.SH EXIT STATUS\n${exitStatus()}`,
    `.SH FILES\n${files()}`,
    `.SH SEE ALSO\n.BR asterisk (8),\n.BR nats\\-server (8),\n.BR rabbitmq\\-server (8)`,
  ];
  return `${parts.join("\n")}\n`;
}

type Entry = ReturnType<typeof commands.getAllEntries>[number];

/** A way to call a subcommand, and what it does if that is said. */
interface Usage {
  readonly usage: string;
  readonly does: string;
}

function visible(): readonly Entry[] {
  return commands.getAllEntries().filter(({ hidden }) => !hidden);
}

const nameOf = (entry: Entry): string => entry.name.original;

/** The ways to call a subcommand, as its help text has them. */
async function usagesOf(entry: Entry): Promise<readonly Usage[]> {
  const block = /^USAGE\n([^]*?)\n\n/.exec(await helpText(nameOf(entry)))?.[1] ?? "";
  return block.split(/\n(?= {2}\S)/).map((lines) => lines.split("\n").map((line) => line.trim()))
    .filter(([usage]) => !usage.endsWith(" --help"))
    .map(([usage, ...does]) => ({ usage, does: does.join(" ") }));
}

/** What a subcommand says with --help. */
async function helpText(name: string): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  const stream = {
    isTerminal: () => false,
    write(data: Uint8Array) {
      text += decoder.decode(data, { stream: true });
      return Promise.resolve(data.length);
    },
  };
  const stdout = createOutput(stream, () => 80);
  await main([name, "--help"], {
    stdout,
    stderr: stdout,
    stdin: {
      isTerminal: false,
      text: () => Promise.resolve(""),
      stream: () => new Blob().stream(),
    },
    env: () => undefined,
    onSignal: () => () => {},
  });
  return text;
}

function synopsis(usages: readonly Usage[]): string {
  return usages.map(({ usage }) => {
    const [program, name, ...rest] = usage.split(" ");
    const more = rest.length > 0 ? rest.join(" ") : "[OPTION…]";
    return `.B ${plain(program)} ${plain(name)}\n${plain(more)}`;
  }).join("\n.br\n");
}

function description(): string {
  return [
    prose(
      "Puts Asterisk's REST interface (ARI) on a message bus, NATS or RabbitMQ, so that any number " +
        "of applications control calls on any number of Asterisks, and has the tools to see what " +
        "goes on. Without a subcommand it is serve.",
    ),
    ".PP",
    plain("Tables are written on a terminal, JSON elsewhere."),
    `.BR ${plain("--help")} ,\nbehind a subcommand as well, shows a help text, and\n.B ${
      plain("--version")
    }\nthe version.`,
  ].join("\n");
}

function commandText(entry: Entry, usages: readonly Usage[]): string {
  const { target } = entry;
  const flags = "parameters" in target ? target.parameters.flags ?? {} : {};
  const aliases = "parameters" in target ? target.parameters.aliases ?? {} : {};
  const own = Object.entries(flags).filter(([flag]) => settingOf(flag) === undefined);
  const shared = Object.keys(flags).map(settingOf).filter((name) => name !== undefined);
  const some = usages.filter(({ does }) => does !== "");
  return [
    `.SS ${plain(nameOf(entry))}`,
    ...some.map(({ usage, does }) => `.TP\n.B ${plain(usage)}\n${prose(does)}`),
    ...(some.length > 0 ? [".PP"] : []),
    descriptionText(target.fullDescription ?? target.brief),
    ...own.map(([flag, { brief, ...rest }]) => {
      const letter = Object.entries(aliases).find(([, name]) => name === flag)?.[0];
      const names = [...(letter ? [`-${letter}`] : []), `--${flag}`];
      return optionText(names, "placeholder" in rest ? rest.placeholder : undefined, brief);
    }),
    ...(shared.length > 0
      ? [`.PP\n${prose(`Settings: ${[...new Set(shared)].join(", ")}.`)}`]
      : []),
  ].join("\n");
}

/** A help text: paragraphs, and headings with indented lines. Exit codes have a section of their own. */
function descriptionText(text: string): string {
  const paragraphs = text.split("\n\n").filter((paragraph) => !paragraph.startsWith("Exit codes"));
  return paragraphs.map((paragraph) => {
    const lines = paragraph.split("\n");
    if (!lines[1]?.startsWith("  ")) return prose(lines.join(" "));
    const indented = lines.slice(1).map((line) => plain(line.trim()));
    return `${plain(lines[0])}:\n.PP\n.RS 4\n.nf\n${indented.join("\n")}\n.fi\n.RE`;
  }).join("\n.PP\n");
}

function optionText(names: readonly string[], value: string | undefined, doc: string): string {
  const shown = names.map((name) => `\\fB${plain(name)}\\fR`).join(", ");
  return `.TP\n${shown}${value ? ` \\fI${plain(value)}\\fR` : ""}\n${prose(doc)}`;
}

function settingsText(): string {
  const intro = prose(
    "A flag counts more than an environment variable, that more than the configuration file, and " +
      "that more than the default. A secret can also be the content of a file, which the names with " +
      "_file and _FILE name.",
  );
  const rows = settingNames.map((name) => {
    const { flags, alias, env, file, default: standard, doc, placeholder, secret } = settings[name];
    const names = [...(alias ? [`-${alias}`] : []), ...flags.map((flag) => `--${flag}`)];
    const also = secret
      ? [`--${secretFile.flag(flags[0])}`, ...env.map(secretFile.env)].join(", ")
      : undefined;
    const facts = [
      `Environment: ${env.join(", ")}`,
      ...(file === undefined ? [] : [`in the file: ${file}`]),
      ...(also ? [`from a file: ${also}`] : []),
      ...(standard === undefined ? [] : [`default: ${standard}`]),
    ];
    const value = placeholder === "bool" ? undefined : placeholder;
    return `${optionText(names, value, `${doc}.`)}\n.br\n${prose(`${facts.join("; ")}.`)}`;
  });
  return [intro, ...rows].join("\n");
}

function settingOf(flag: string): string | undefined {
  return settingNames.find((name) => {
    const { flags, secret } = settings[name];
    return flags.includes(flag) || (secret && flags.map(secretFile.flag).includes(flag));
  });
}

function exitStatus(): string {
  return Array.from(
    exitCodesText.matchAll(/^ {2}(\d+) {2}(.*)$/gm),
    ([, code, meaning]) => `.TP\n.B ${code}\n${plain(meaning)}`,
  ).join("\n");
}

function files(): string {
  const places: readonly (readonly [string, string])[] = [
    ["~/.ari-proxy.yaml", "Configuration file of a user; also .yml, .json or .toml"],
    ["/etc/ari-proxy/config.yaml", "Configuration file of the machine, where a user has none"],
  ];
  return places.map(([path, doc]) => `.TP\n.I ${plain(path)}\n${prose(doc)}`).join("\n");
}

/** A text of sentences, each on lines of its own. */
function prose(text: string): string {
  const lines = [""];
  for (const word of text.replaceAll(/([a-z)])([.:]) (?=[A-Z])/g, "$1$2\n").split(/(?<=\n)| /)) {
    const last = lines[lines.length - 1];
    if (last.endsWith("\n") || last.length + word.length > 72) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return plain(lines.map((line) => line.trimEnd()).join("\n"));
}

/** A text that roff takes as it stands. */
function plain(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("…", "...")
    .replaceAll("~", "\\(ti").replaceAll("^", "\\(ha").replaceAll("`", "\\(ga")
    .replaceAll(/^([.'])/gm, "\\&$1");
}

if (import.meta.main) await Deno.writeTextFile(manPage, await manText());
