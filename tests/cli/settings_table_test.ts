import assert from "node:assert/strict";
import { secretFile } from "../../src/cli/settings/setting.ts";
import { settingNames, settings } from "../../src/cli/settings/settings.ts";
import { markdownTable } from "../testing/markdown_table.ts";

const page = new URL("../../docs/settings.md", import.meta.url);
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
  return markdownTable(
    ["setting (key in the file)", "flag", "environment", "default", "what"],
    rows,
  );
}

// `deno test -A tests/cli/settings_table_test.ts -- --update` writes the table instead of comparing it.
Deno.test("docs/settings.md has the table of settings", async () => {
  const text = await Deno.readTextFile(page);
  if (Deno.args.includes("--update")) {
    await Deno.writeTextFile(page, text.replace(place, settingsTable));
  } else {
    assert.equal(place.exec(text)?.[0], settingsTable());
  }
});
