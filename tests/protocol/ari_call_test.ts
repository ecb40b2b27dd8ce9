import assert from "node:assert/strict";
import fc from "fast-check";
import { joinPath, makeCall } from "../../src/protocol/ari_call.ts";

Deno.test("a route leaves in a segment what means nothing special there", () => {
  assert.equal(joinPath(["mailboxes", "1000@default"]), "/mailboxes/1000@default");
  assert.equal(joinPath(["x", "Stasis:lamp"]), "/x/Stasis:lamp");
  // A plus would be read as a blank by Asterisk.
  assert.equal(joinPath(["x", "a+b"]), "/x/a%2Bb");
  assert.equal(joinPath(["x", "dir/sub"]), "/x/dir%2Fsub");
});

Deno.test("a route encodes its query and leaves out what is undefined", () => {
  const query = { variable: "A&B=1", none: undefined, source: "endpoint:PJSIP/alice" };
  assert.equal(
    makeCall("GET", "/x", { query }).query,
    "variable=A%26B%3D1&source=endpoint:PJSIP/alice",
  );
});

Deno.test("a route refuses what cannot be a segment", () => {
  for (const id of ["", ".", ".."]) {
    assert.throws(() => joinPath(["x", id]), { code: "invalid" });
  }
});

Deno.test("a route keeps any value in its segment and readable from there", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1 }), (id) => {
      fc.pre(id !== "." && id !== "..");
      const path = joinPath(["channels", id, "answer"]);
      const url = new URL(`http://asterisk/ari${path}`);
      assert.equal(url.pathname, `/ari${path}`, "the path means something else to a URL");
      const segments = path.split("/");
      assert.equal(segments.length, 4);
      assert.equal(decodeURIComponent(segments[2]), id.toWellFormed());
    }),
    { numRuns: 20_000 },
  );
});
