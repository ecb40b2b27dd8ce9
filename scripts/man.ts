/**
 * Writes the manual page from the tables of the program: its subcommands with their
 * flags and help texts, the settings, the exit codes.
 *
 *     deno run -A scripts/man.ts
 *
 * @module
 */
import project from "../deno.json" with { type: "json" };
import { commands } from "../src/cli/commands.ts";
import { exitCodesText } from "../src/cli/exit_codes.ts";
import { optionsOf, type Target, usagesOf, visibleEntries } from "../src/cli/help/usage.ts";
import { secretFile } from "../src/cli/settings/setting.ts";
import { settingNames, settings } from "../src/cli/settings/settings.ts";
import { systemdEnvironment } from "../src/health/systemd.ts";

/** The path of the page. */
export const manPage: URL = new URL("../packaging/man/ari-proxy.1", import.meta.url);

/** The text of the page, in the macros of man(7). It has no date, so that it changes with the tables only. */
export function manText(): string {
  const described = visibleEntries(commands).flatMap(subcommands);
  const parts = [
    `.\\" Made by scripts/man.ts from the tables of the program; change those.`,
    `.TH ARI-PROXY 1 "" "ari-proxy ${project.version}" "User Commands"`,
    `.SH NAME\nari\\-proxy \\- ${plain(commands.brief)}`,
    `.SH SYNOPSIS\n${synopsis(described)}`,
    `.SH DESCRIPTION\n${description()}`,
    `.SH COMMANDS\n${described.map(commandText).join("\n")}`,
    `.SH SETTINGS\n${settingsText()}`,
    `.SH ENVIRONMENT\n${environmentText()}`,
    `.SH EXIT STATUS\n${exitStatus()}`,
    `.SH FILES\n${files()}`,
    `.SH SEE ALSO\n.BR asterisk (8),\n.BR nats\\-server (8),\n.BR rabbitmq\\-server (8)`,
  ];
  return `${parts.join("\n")}\n`;
}

/** A subcommand by its full name. */
interface Subcommand {
  readonly name: string;
  readonly target: Target;
}

/** A subcommand, and its own subcommands. */
function subcommands({ name, target }: ReturnType<typeof visibleEntries>[number]): Subcommand[] {
  const itself = { name: name.original, target };
  if ("parameters" in target) return [itself];
  const inner = visibleEntries(target).flatMap(subcommands);
  return [itself, ...inner.map((it) => ({ ...it, name: `${itself.name} ${it.name}` }))];
}

function synopsis(all: readonly Subcommand[]): string {
  return all.filter(({ target }) => "parameters" in target).flatMap(({ name, target }) =>
    usagesOf(target).map(({ words }) =>
      [`.B ari\\-proxy ${plain(name)}`, ...(words ? [plain(words)] : [])].join("\n")
    )
  ).join("\n.br\n");
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

function commandText({ name, target }: Subcommand): string {
  const options = "parameters" in target ? optionsOf(target) : [];
  const own = options.filter(({ setting }) => setting === undefined);
  const shared = options.map(({ setting }) => setting).filter((name) => name !== undefined);
  const some = usagesOf(target).filter(({ does }) => does !== undefined);
  return [
    `.SS ${plain(name)}`,
    ...some.map(({ words, does = "" }) =>
      `.TP\n.B ${plain(`ari-proxy ${name} ${words}`)}\n${prose(does)}`
    ),
    ...(some.length > 0 ? [".PP"] : []),
    descriptionText(target.fullDescription ?? `${target.brief}.`),
    ...own.map(({ names, value, brief }) => optionText(names, value, brief)),
    ...(shared.length > 0
      ? [`.PP\n${prose(`Settings: ${[...new Set(shared)].join(", ")}.`)}`]
      : []),
  ].join("\n");
}

/** A help text: paragraphs, and headings with indented lines. Exit codes have a separate section. */
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
    "Precedence: flag, environment variable, context (where one is used), configuration file, " +
      "default. A secret can also be the content of a file, which the names with _file and _FILE " +
      "name.",
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

function environmentText(): string {
  const rows = settingNames.flatMap((name) => {
    const { env, emptied = [], flags: [flag], secret } = settings[name];
    return [
      ...env.map((it): [string, string] => [it, `The same as --${flag}`]),
      ...(secret ? env.map(secretFile.env) : [])
        .map((it): [string, string] => [it, `File that contains --${flag}`]),
      ...emptied.map((it): [string, string] => [it, `Used when --${flag} is set to an empty text`]),
    ];
  });
  const others: [string, string][] = [
    [
      "NATS_SERVICE_HOST, NATS_SERVICE_PORT_CLIENT",
      "Where Kubernetes has a service named nats; overrides everything but --url",
    ],
    ["XDG_CONFIG_HOME, APPDATA, HOME, USERPROFILE", "Folders of the user's files"],
    ["NO_COLOR, TERM", "Colours on a terminal: none with NO_COLOR or TERM=dumb"],
    [systemdEnvironment.join(", "), "Socket and watchdog of the service manager; set by systemd"],
  ];
  return [
    prose("An empty variable counts as not set."),
    ...[...rows, ...others].map(([names, doc]) => `.TP\n.B ${plain(names)}\n${prose(doc)}`),
  ].join("\n");
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
    [
      "~/.config/ari-proxy/contexts.json",
      "Contexts, as stored by context add; in $XDG_CONFIG_HOME where that is set",
    ],
  ];
  return places.map(([path, doc]) => `.TP\n.I ${plain(path)}\n${prose(doc)}`).join("\n");
}

/** A text of sentences, each on separate lines. */
function prose(text: string): string {
  const lines = [""];
  for (const word of text.replaceAll(/([a-z)])([.:]) (?=[A-Z])/g, "$1$2\n").split(/(?<=\n)| /)) {
    const last = lines[lines.length - 1];
    if (last.endsWith("\n") || last.length + word.length > 72) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return plain(lines.map((line) => line.trimEnd()).join("\n"));
}

/** A text with roff's special characters escaped. */
function plain(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("…", "...")
    .replaceAll("~", "\\(ti").replaceAll("^", "\\(ha").replaceAll("`", "\\(ga")
    .replaceAll(/^([.'])/gm, "\\&$1");
}

if (import.meta.main) await Deno.writeTextFile(manPage, manText());
