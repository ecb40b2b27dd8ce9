import assert from "node:assert/strict";
import { type Key, keysMatch, stampKey } from "../../src/protocol/key.ts";
import { recorded } from "../testing/vectors.ts";

interface MatchVector {
  readonly key: Key | null;
  readonly other: Key | null;
  readonly match: boolean;
}

Deno.test("keys match as in key-matching", () => {
  for (const { key, other, match } of recorded<MatchVector>("key-matching")) {
    const name = `${JSON.stringify(key)} and ${JSON.stringify(other)}`;
    assert.equal(keysMatch(key, other), match, name);
    assert.equal(keysMatch(other, key), match, `${name}, the other way round`);
  }
});

Deno.test("a stamped key has the proxy's coordinates and keeps the rest", () => {
  const key = { kind: "channel", id: "c1", node: "elsewhere", app: "another", dialog: "d1" };
  assert.deepEqual(stampKey(key, { app: "calls", node: "n1" }), {
    kind: "channel",
    id: "c1",
    node: "n1",
    app: "calls",
    dialog: "d1",
  });
  assert.deepEqual(stampKey({ id: "" }, { app: "calls", node: "n1" }), {
    app: "calls",
    node: "n1",
  });
});
