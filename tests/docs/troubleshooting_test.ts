import assert from "node:assert/strict";
import { codeBlocks } from "./code_blocks.ts";
import { readDocument, root } from "./documents.ts";

/** The source, a text for each file, with literals that are put together again. */
async function sources(folder: URL): Promise<string[]> {
  const texts: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) texts.push(...await sources(new URL(`${name}/`, folder)));
    else if (name.endsWith(".ts")) {
      const text = await Deno.readTextFile(new URL(name, folder));
      texts.push(text.replaceAll(/["`]\s*\+\s*["`]/g, ""));
    }
  }
  return texts;
}

/** What finds a message in the source, where `…` is an expression within it, or what is added to it. */
function pattern(message: string): RegExp {
  const parts = message.split("…").map((part) => RegExp.escape(part));
  return new RegExp(`["\`]${parts.join("\\$\\{(?:[^}]|\\}`)+\\}")}`);
}

Deno.test("every message of the troubleshooting page is one of the program", async () => {
  const texts = await sources(new URL("src/", root));
  const messages = codeBlocks(await readDocument("docs/troubleshooting.md"))
    .filter(({ language }) => language === "text").flatMap(({ text }) => text.split("\n"));
  assert.ok(messages.length > 30);
  const unknown = messages.filter((message) => !texts.some((text) => pattern(message).test(text)));
  assert.deepEqual(unknown, []);
});
