import assert from "node:assert/strict";
import { allDocuments, readDocument, root } from "./documents.ts";

/** A path from the root of the repository, or from `src`. */
const PATH =
  /^(?:src|tests|scripts|docs|packaging|examples|protocol|bus|embedded|ari|server|client|health|cli|common)\/[\w./-]*$/;

Deno.test("every file and folder that the docs name exists", async () => {
  const missing: string[] = [];
  let named = 0;
  for (const file of await allDocuments()) {
    for (const [, path] of (await readDocument(file)).matchAll(/`([^`\n]+)`/g)) {
      if (!PATH.test(path)) continue;
      named++;
      const places = [root, new URL("src/", root)];
      const found = await Promise.all(
        places.map((place) => Deno.stat(new URL(path, place)).then(() => true, () => false)),
      );
      if (!found.includes(true)) missing.push(`${file}: ${path}`);
    }
  }
  assert.deepEqual(missing, []);
  assert.ok(named > 20);
});
