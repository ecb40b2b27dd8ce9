import assert from "node:assert/strict";
import { AriError, toAriError } from "../../src/ari/errors.ts";
import { EndOfHead } from "../../src/ari/connection.ts";

const host = "pbx:8088";
const what = "GET /channels";

function coded(code: string, message = "as the runtime says"): Error {
  return Object.assign(new Error(message), { code });
}

Deno.test("a runtime error before a connection means that Asterisk cannot be reached", () => {
  const cases: readonly (readonly [Error, string])[] = [
    [coded("ECONNREFUSED"), "at pbx:8088: connection refused"],
    [coded("EHOSTUNREACH"), "at pbx:8088: no route to the host"],
    [coded("ENETUNREACH"), "at pbx:8088: no route to the network"],
    [coded("ETIMEDOUT"), "at pbx:8088: the connection attempt timed out"],
    [coded("EADDRNOTAVAIL"), "at pbx:8088: no local port is free"],
    [coded("EMFILE"), "at pbx:8088: too many open files"],
    [
      new Error("failed to lookup address information: x"),
      ": the host name in pbx:8088 is not known",
    ],
    [
      new Error("Failed to lookup address information: Temporary failure"),
      ": the host name in pbx:8088 cannot be looked up now",
    ],
    [new Error("odd  (http://user:secret@pbx/) thing"), "at pbx:8088: odd thing"],
  ];
  for (const [error, text] of cases) {
    const made = toAriError(error, { host, what });
    assert.equal(made.code, "unreachable");
    assert.ok(made.message.startsWith("Cannot reach Asterisk"), made.message);
    assert.ok(made.message.endsWith(text), made.message);
    assert.equal(made.cause, error);
  }
});

Deno.test("a TLS error has its own code, unless there was a connection", () => {
  for (const text of ["invalid peer certificate: UnknownIssuer", "received corrupt message"]) {
    const error = new Error(text);
    const made = toAriError(error, { host, what });
    assert.deepEqual(
      [made.code, made.message],
      ["tls", `Cannot reach Asterisk at pbx:8088 by TLS: ${text}`],
    );
    assert.equal(toAriError(error, { host, what, connected: true }).code, "interrupted");
  }
});

Deno.test("an error on a connection means that the request may have been carried out", () => {
  const text = "Cannot complete GET /channels: pbx:8088 closed the connection before it answered";
  for (const error of [coded("ECONNRESET"), coded("EPIPE"), new EndOfHead()]) {
    const { code, message } = toAriError(error, { host, what });
    assert.deepEqual([code, message], ["interrupted", text]);
  }
  for (const error of [coded("ECONNREFUSED"), new Error("failed to lookup address"), "odd"]) {
    const { code, message } = toAriError(error, { host, what, connected: true });
    assert.deepEqual([code, message], ["interrupted", text]);
  }
});

Deno.test("an AriError is returned unchanged", () => {
  const error = new AriError("timeout", "No answer");
  assert.equal(toAriError(error, { host, what }), error);
});
