import assert from "node:assert/strict";
import fc from "fast-check";
import { SubjectTree } from "../../src/bus/subjects.ts";

/** The rule in another form: a pattern as a regular expression. */
function matches(pattern: string, subject: string): boolean {
  const parts = pattern.split(".").map((part, index, all) => {
    if (part === ">" && index === all.length - 1) return ".+";
    return part === "*" ? "[^.]+" : part;
  });
  return new RegExp(`^${parts.join("\\.")}$`).test(subject);
}

const part = fc.constantFrom("a", "b", "c");
const subject = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("."));
const pattern = fc.tuple(
  fc.array(fc.oneof(part, fc.constant("*")), { minLength: 1, maxLength: 4 }),
  fc.boolean(),
).map(([parts, tail]) => [...parts.slice(0, tail ? -1 : undefined), ...(tail ? [">"] : [])])
  .map((parts) => parts.join("."));

Deno.test("SubjectTree finds what the patterns match", () => {
  fc.assert(fc.property(fc.array(pattern), fc.array(subject), (patterns, subjects) => {
    const tree = new SubjectTree<number>();
    patterns.forEach((one, index) => tree.add(one, index));
    for (const one of subjects) {
      const expected = patterns.flatMap((pattern, index) => matches(pattern, one) ? [index] : []);
      assert.deepEqual(tree.match(one).sort((a, b) => a - b), expected);
    }
  }));
});

Deno.test("SubjectTree forgets what is removed, and only that", () => {
  fc.assert(fc.property(fc.array(pattern), fc.array(pattern), subject, (kept, removed, one) => {
    const tree = new SubjectTree<string>();
    for (const pattern of kept) tree.add(pattern, `keep ${pattern}`);
    for (const pattern of removed) tree.add(pattern, `drop ${pattern}`);
    for (const pattern of removed) tree.remove(pattern, `drop ${pattern}`);
    for (const pattern of removed) tree.remove(pattern, `drop ${pattern}`);
    const expected = new Set(kept.filter((pattern) => matches(pattern, one)));
    assert.deepEqual(tree.match(one).sort(), [...expected].map((it) => `keep ${it}`).sort());
  }));
});
