import assert from "node:assert/strict";
import fc from "fast-check";
import { fillRoute } from "../../src/protocol/route.ts";

Deno.test("a route leaves in a segment what means nothing special there", () => {
  assert.deepEqual(fillRoute("GET /mailboxes/{id}", { id: "1000@default" }), {
    method: "GET",
    path: "/mailboxes/1000@default",
    query: "",
  });
  assert.equal(fillRoute("GET /x/{id}", { id: "Stasis:lamp" }).path, "/x/Stasis:lamp");
  // A plus would be read as a blank by Asterisk.
  assert.equal(fillRoute("GET /x/{id}", { id: "a+b" }).path, "/x/a%2Bb");
  assert.equal(fillRoute("GET /x/{id}", { id: "dir/sub" }).path, "/x/dir%2Fsub");
});

Deno.test("a route encodes its query and leaves out what is undefined", () => {
  const query = { variable: "A&B=1", none: undefined, source: "endpoint:PJSIP/alice" };
  assert.equal(
    fillRoute("GET /x", {}, { query }).query,
    "variable=A%26B%3D1&source=endpoint:PJSIP/alice",
  );
});

Deno.test("a route refuses what cannot be a segment", () => {
  for (const id of ["", ".", ".."]) {
    assert.throws(() => fillRoute("GET /x/{id}", { id }), { code: "invalid" });
  }
});

Deno.test("a route keeps any value in its segment and readable from there", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1 }), (id) => {
      fc.pre(id !== "." && id !== "..");
      const { path } = fillRoute("GET /channels/{id}/answer", { id });
      const url = new URL(`http://asterisk/ari${path}`);
      assert.equal(url.pathname, `/ari${path}`, "the path means something else to a URL");
      const segments = path.split("/");
      assert.equal(segments.length, 4);
      assert.equal(decodeURIComponent(segments[2]), id.toWellFormed());
    }),
    { numRuns: 20_000 },
  );
});
