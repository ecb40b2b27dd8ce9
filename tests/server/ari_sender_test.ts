import assert from "node:assert/strict";
import { AriError, type AriErrorCode } from "../../src/ari/errors.ts";
import { AriProxyError, codeOfError, outcomeOfError } from "../../src/protocol/errors.ts";
import type { AriCall } from "../../src/protocol/ari_call.ts";
import { createAriSender } from "../../src/server/requests/ari_sender.ts";

/** What a request fails with when that to Asterisk fails. */
async function failure(code: AriErrorCode, method: AriCall["method"]): Promise<Error> {
  const error = new AriError(code, "No", { cause: new Error("9 bytes") });
  const send = createAriSender({ send: () => Promise.reject(error) }, { maxPayload: 4 });
  return await send({ method, path: "/x", query: "" }).then(() => assert.fail(), (error) => error);
}

Deno.test("a failure of Asterisk has its own error text where clients have to recognise it", async () => {
  for (
    const [code, method, expected, outcome] of [
      ["expired", "POST", "expired", "failed"],
      ["too_large", "GET", "too_large", "unknown"],
      ["too_large", "POST", "too_large", "unknown"],
      ["no_room", "GET", "busy", "failed"],
      ["busy", "POST", "busy", "failed"],
    ] as const
  ) {
    const error = await failure(code, method);
    assert.ok(error instanceof AriProxyError);
    assert.equal(error.code, expected);
    assert.deepEqual([codeOfError(error.message), outcomeOfError(error.message)], [
      expected,
      outcome,
    ]);
  }
  // What acts was carried out, even when the response is not read.
  for (const [code, method] of [["no_room", "POST"], ["timeout", "GET"]] as const) {
    assert.ok(await failure(code, method) instanceof AriError);
  }
});

Deno.test("a request that would end Asterisk is refused before it is sent", async () => {
  const send = createAriSender({ send: () => assert.fail("It was sent") }, { maxPayload: 4 });
  const { status } = await send({ method: "POST", path: "/channels/c1/move", query: "" });
  assert.equal(status, 400);
});
