import assert from "node:assert/strict";
import { secretFile, settingNames, settings } from "../../src/cli/settings.ts";
import { pad, width } from "../../src/cli/table.ts";

const readme = new URL("../../README.md", import.meta.url);
const place = /^\| setting .*\n(?:\|.*\n)*/m;

/** The table of settings in Markdown, columns aligned as the formatter wants them. */
function settingsTable(): string {
  const code = (texts: readonly string[]) => texts.map((text) => `\`${text}\``).join(", ");
  const rows = settingNames.map((name) => {
    const { flags, alias, env, file, default: standard, required, secret, doc } = settings[name];
    const files = secret
      ? { flags: [secretFile.flag(flags[0])], env: env.map(secretFile.env) }
      : {};
    return [
      file === undefined ? "" : code([file]),
      code([
        ...[...flags, ...files.flags ?? []].map((flag) => `--${flag}`),
        ...(alias ? [`-${alias}`] : []),
      ]),
      code([...env, ...files.env ?? []]),
      standard === undefined ? (required ? "none; `serve` needs one" : "") : code([standard]),
      doc,
    ];
  });
  const all = [["setting (key in the file)", "flag", "environment", "default", "what"], ...rows];
  const widths = all[0].map((_, column) => Math.max(...all.map((row) => width(row[column]))));
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  const [head, ...body] = all.map((row) => line(row.map((cell, i) => pad(cell, widths[i]))));
  return [head, line(widths.map((columns) => "-".repeat(columns))), ...body].join("");
}

// `deno test -A tests/cli/readme_test.ts -- --update` writes the table instead of comparing it.
Deno.test("the README has the table of settings", async () => {
  const text = await Deno.readTextFile(readme);
  if (Deno.args.includes("--update")) {
    await Deno.writeTextFile(readme, text.replace(place, settingsTable));
  } else {
    assert.equal(place.exec(text)?.[0], settingsTable());
  }
});
