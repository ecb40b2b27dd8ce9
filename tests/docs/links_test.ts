import assert from "node:assert/strict";
import { allDocuments, readDocument, root } from "./documents.ts";

/** The text without its blocks and pieces of code, in which brackets are no links. */
function prose(markdown: string): string {
  return markdown.replaceAll(/^([ \t]*)(`{3,})[^]*?^\1\2\s*$/gm, "").replaceAll(/`[^`\n]*`/g, "");
}

/** The anchors that a Markdown text has: its headings, as GitHub names them. */
function anchors(markdown: string): Set<string> {
  const headings = markdown.replaceAll(/^(`{3,})[^]*?^\1\s*$/gm, "").matchAll(/^#+ (.*)$/gm);
  return new Set(
    Array.from(
      headings,
      ([, heading]) =>
        heading.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "").trim().replaceAll(" ", "-"),
    ),
  );
}

Deno.test("every link in the docs leads somewhere", async () => {
  const broken: string[] = [];
  for (const file of await allDocuments()) {
    const links = prose(await readDocument(file)).matchAll(/\]\(([^)\s]+)\)/g);
    for (const [, link] of links) {
      if (/^[a-z]+:/.test(link)) continue;
      const [path, anchor] = link.split("#");
      const target = path === "" ? new URL(file, root) : new URL(path, new URL(file, root));
      const found = await Deno.stat(target).catch(() => undefined);
      if (!found) broken.push(`${file}: ${link}`);
      if (!anchor || !found?.isFile) continue;
      if (!anchors(await Deno.readTextFile(target)).has(anchor)) broken.push(`${file}: ${link}`);
    }
  }
  assert.deepEqual(broken, []);
});

Deno.test("the index of the docs names every page", async () => {
  const index = await readDocument("docs/README.md");
  const pages = (await allDocuments()).filter((file) => /^docs\/[^/]+\.md$/.test(file));
  const missing = pages.filter((file) =>
    file !== "docs/README.md" && !index.includes(`(${file.slice("docs/".length)})`)
  );
  assert.deepEqual(missing, []);
});
