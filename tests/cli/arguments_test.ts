import assert from "node:assert/strict";
import { normalizeArguments } from "../../src/cli/arguments.ts";

Deno.test("normalizeArguments takes no subcommand for serve", () => {
  assert.deepEqual(normalizeArguments([]), ["serve"]);
  assert.deepEqual(normalizeArguments(["--verbose"]), ["serve", "--verbose"]);
  assert.deepEqual(normalizeArguments(["-v", "--help"]), ["serve", "-v", "--help"]);
  assert.deepEqual(
    normalizeArguments(["--ari.application", "demo", "--ari.username=a"]),
    ["serve", "--ari.application", "demo", "--ari.username=a"],
  );
});

Deno.test("normalizeArguments leaves subcommands and flags of the program alone", () => {
  for (const first of ["call", "tail", "nonsense", "--help", "-h", "--version", "-V"]) {
    assert.deepEqual(normalizeArguments([first, "-"]), [first, "-"]);
  }
});

Deno.test("normalizeArguments parts flags from values that are empty or have several lines", () => {
  assert.deepEqual(normalizeArguments(["serve", "--ari.password="]), [
    "serve",
    "--ari.password",
    "",
  ]);
  assert.deepEqual(normalizeArguments(["serve", "--ari.password=a=b\nc"]), [
    "serve",
    "--ari.password",
    "a=b\nc",
  ]);
  assert.deepEqual(normalizeArguments(["call", "K", "--", "--id="]), ["call", "K", "--", "--id="]);
  assert.deepEqual(normalizeArguments(["call", "K", "name="]), ["call", "K", "name="]);
});
