/**
 * Runs every command of the docs and compares what it writes with what they show. Commands that
 * cannot be run are in `not_run.ts`, with the test that covers them.
 *
 *     deno test -A tests/docs/commands_test.ts [-- [--update] README.md …]
 *
 * With `--update` what is shown of a command that ends is replaced by what it writes, where they
 * differ and nothing is left out by `…`.
 *
 * @module
 */
import assert from "node:assert/strict";
import { withDeadline } from "../testing/deadline.ts";
import { type DocCommand, docCommands } from "./doc_commands.ts";
import { allDocuments, type DocumentSetup, readDocument, root, setupOf } from "./documents.ts";
import { notRun } from "./not_run.ts";
import { missingLine } from "./output_shape.ts";
import type { TerminalCommand } from "./terminal_command.ts";
import { type Place, World } from "./world.ts";

/** Commands that are harmless in an empty folder. Others are listed, or this test fails. */
const harmless =
  /^(\w+=\S* )*(ari-proxy|echo .* \| ari-proxy|curl -s 127\.0\.0\.1|cat > \w|export|deno run [^|;]*docs\/examples\/)/;
/** Writes outside the folder of the commands. */
const elsewhere = />\s*[/~]/;

/** Commands that run until Ctrl-C; their shown output is looked for at the end. */
const endless =
  /\bari-proxy (serve|tail|nodes --watch|replay .*--loop)\b(?!.*(--count|--until|--print-config|--help))/s;
/** What they write when those after them can rely on them. */
const begun: readonly (readonly [RegExp, RegExp])[] = [
  [/\bari-proxy serve\b.*--listen /s, /Listening for Asterisk|Waiting for Asterisk|listens/i],
  [/\bari-proxy serve\b/, /Asterisk is connected/],
  [/\bari-proxy tail\b/, /Listening on/],
];

const update = Deno.args.includes("--update");
const chosen = Deno.args.filter((arg) => !arg.startsWith("--"));

/** Puts what was written into a document, in the place of what is shown. */
async function replaceOutput(file: string, shown: DocCommand, written: readonly string[]) {
  const lines = (await readDocument(file)).split("\n");
  const first = shown.line - 1 + shown.command.split("\n").length;
  const indented = written.map((line) => `${" ".repeat(shown.indent)}${line}`.trimEnd());
  lines.splice(first, shown.output.length, ...indented);
  await Deno.writeTextFile(new URL(file, root), lines.join("\n"));
}

/** Whether the shown output is that of a failure. */
function tellsFailure(line: string): boolean {
  return line.startsWith("ari-proxy: ") || /^\{"error":"[^"]/.test(line);
}

/** Checks what a command wrote. */
function check({ line, command, output }: DocCommand, written: readonly string[], among: boolean) {
  const missing = missingLine(output, written, { among });
  assert.equal(
    missing,
    undefined,
    `line ${line}: ${command}\nwrote\n${written.join("\n")}\nwhich lacks\n${missing}`,
  );
}

/** Runs the commands of a document, one after the other as its reader would. */
async function follow(
  commands: readonly DocCommand[],
  place: Place,
  { waits = [] }: DocumentSetup,
): Promise<{ shown: DocCommand; written: readonly string[] }[]> {
  const different: { shown: DocCommand; written: readonly string[] }[] = [];
  const running: { shown: DocCommand; process: TerminalCommand }[] = [];
  await using stack = new AsyncDisposableStack();
  for (const shown of commands) {
    for (const { before, shows } of waits) {
      if (!shown.command.startsWith(before)) continue;
      await Promise.any(
        running.map(({ process }) => process.until(() => process.text.includes(shows), shows)),
      );
    }
    const process = stack.use(place.start(shown.command));
    if (endless.test(shown.command)) {
      running.push({ shown, process });
      const [, mark] = begun.find(([pattern]) => pattern.test(shown.command)) ?? [];
      await process.until(() => mark?.test(process.text) ?? process.text !== "", `${mark} appears`);
      continue;
    }
    const code = await withDeadline(process.code, { what: `the end of ${shown.command}` });
    // What a document shows of a failure is part of what it says.
    const expected = shown.output.some(tellsFailure) ? code : 0;
    assert.equal(code, expected, `line ${shown.line}: ${shown.command}\n${process.text}`);
    if (shown.output.length === 0) continue;
    const written = place.shown(process.lines);
    const changes = update && !shown.output.some((line) => line.includes("…")) &&
      missingLine(shown.output, written, { among: false }) !== undefined;
    if (changes) different.push({ shown, written });
    else check(shown, written, false);
  }
  for (const { shown, process } of running.reverse()) {
    const complete = () => missingLine(shown.output, process.lines, { among: true }) === undefined;
    await process.until(complete, `it writes what line ${shown.line} shows`);
    assert.equal(await process.interrupt(), 0, `${shown.command}\n${process.text}`);
  }
  return different;
}

Deno.test("every command of the docs does what they say", async (t) => {
  await using world = await World.start();
  const unused = new Set(notRun);
  for (const file of await allDocuments()) {
    if (chosen.length > 0 && !chosen.includes(file)) continue;
    const commands = docCommands(await readDocument(file)).filter(({ command }) => {
      const listed = notRun.find((item) => command.startsWith(item.command));
      if (listed) unused.delete(listed);
      return !listed;
    });
    if (commands.length === 0) continue;
    await t.step(file, async () => {
      const odd = commands.filter(({ command }) =>
        !harmless.test(command) || elsewhere.test(command)
      );
      assert.deepEqual(odd, [], "is neither known to be harmless nor in not_run.ts");
      const setup = setupOf(file);
      await using place = await world.place(setup);
      const serve = { line: 0, indent: 0, command: "ari-proxy serve", output: [] };
      const itself = commands.some(({ command }) => /\bari-proxy serve\b/.test(command));
      const different = await follow(itself ? commands : [serve, ...commands], place, setup);
      // From the end on, so that the lines of those before stay where they are.
      for (const { shown, written } of different.reverse()) {
        await replaceOutput(file, shown, written);
      }
    });
  }
  if (chosen.length === 0) assert.deepEqual([...unused].map(({ command }) => command), []);
});

Deno.test("every command of the docs that is not run has its own test", async () => {
  for (const { command, coveredBy } of notRun) {
    const found = await Deno.stat(new URL(coveredBy, root)).then(() => true, () => false);
    assert.ok(found, `${command}: ${coveredBy} is missing`);
  }
});
