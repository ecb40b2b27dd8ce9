import assert from "node:assert/strict";
import { docCommands } from "./doc_commands.ts";
import { isShapedAs, missingLine } from "./output_shape.ts";

Deno.test("commands are found in scripts and sessions, with their shown output", () => {
  const markdown = [
    "```sh",
    "# a remark",
    "one --two \\",
    "  three   # a remark",
    "cat > file <<'END'",
    "text",
    "END",
    "```",
    "- in a list",
    "",
    "  ```console",
    "  $ four",
    "  out",
    "",
    "  $ five \\",
    "      six",
    "  ```",
    "",
    "```",
    "no command",
    "```",
    "```json",
    "$ neither",
    "```",
  ].join("\n");
  assert.deepEqual(docCommands(markdown), [
    { line: 3, indent: 0, command: "one --two \\\n  three   # a remark", output: [] },
    { line: 5, indent: 0, command: "cat > file <<'END'\ntext\nEND", output: [] },
    { line: 12, indent: 2, command: "four", output: ["out"] },
    { line: 15, indent: 2, command: "five \\\n    six", output: [] },
  ]);
});

Deno.test("shape leaves out what differs from run to run and nothing else", () => {
  const shown = "00:00:01.123  02:00:00:00:00:0a  demo  StasisEnd  PJSIP/alice-00000001 (x) 3m12s";
  const written = "23:59:59.999  02:00:00:00:00:0a  demo   StasisEnd  PJSIP/alice-000000ff (x) 4s";
  assert.ok(isShapedAs(shown, written));
  assert.ok(!isShapedAs(shown, written.replace("0a", "0b")));
  assert.ok(!isShapedAs(shown, written.replace("StasisEnd", "StasisStart")));
  assert.ok(isShapedAs("Replayed 4 events in 0.1 s", "Replayed 4 events in 0.0 s"));
  assert.ok(isShapedAs("a … c", "a long b c"));
  assert.ok(!isShapedAs("a … c", "a long b"));
});

Deno.test("lines that are shown have to be written, in order, and alone unless others may be", () => {
  const written = ["a", "b", "c", "d"];
  assert.equal(missingLine(["a", "b", "c", "d"], written, { among: false }), undefined);
  assert.equal(missingLine(["a", "…", "d"], written, { among: false }), undefined);
  assert.equal(missingLine(["a", "c", "d"], written, { among: false }), "c");
  assert.equal(missingLine(["b", "d"], written, { among: true }), undefined);
  assert.equal(missingLine(["d", "b"], written, { among: true }), "b");
  assert.notEqual(missingLine(["a", "b"], written, { among: false }), undefined);
});
