import assert from "node:assert/strict";
import { secretFile } from "../../src/cli/settings/setting.ts";
import { type SettingName, settingNames, settings } from "../../src/cli/settings/settings.ts";
import { markdownTable } from "../testing/markdown_table.ts";

/** Where a table of settings stands, and of which. */
const pages: readonly { readonly file: string; readonly names: readonly SettingName[] }[] = [
  { file: "docs/settings.md", names: settingNames },
  {
    file: "README.md",
    // Those that most people need.
    names: [
      "ari.application",
      "ari.username",
      "ari.password",
      "ari.http_url",
      "messagebus.url",
      "health",
      "log.level",
      "config",
    ],
  },
];
const place = /^\| setting .*\n(?:\|.*\n)*/m;

/** A table of settings in Markdown, columns aligned as the formatter wants them. */
function settingsTable(names: readonly SettingName[]): string {
  const code = (texts: readonly string[]) => texts.map((text) => `\`${text}\``).join(", ");
  const rows = names.map((name) => {
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

// `deno test -A tests/cli/settings_table_test.ts -- --update` writes the tables instead of comparing.
for (const { file, names } of pages) {
  Deno.test(`${file} has its table of settings`, async () => {
    const page = new URL(`../../${file}`, import.meta.url);
    const text = await Deno.readTextFile(page);
    const table = settingsTable(names);
    if (Deno.args.includes("--update")) {
      await Deno.writeTextFile(page, text.replace(place, () => table));
    } else {
      assert.equal(place.exec(text)?.[0], table);
    }
  });
}
