import assert from "node:assert/strict";
import { redactInvalidUrl, redactUrl, redactUrls } from "../../src/common/redact_url.ts";

Deno.test("redactUrl hides user names, passwords and tokens", () => {
  const cases: [string, string][] = [
    ["nats://anna:secret@bus:4222", "nats://***@bus:4222"],
    ["nats://secret@bus", "nats://***@bus"],
    ["nats://:secret@bus", "nats://***@bus"],
    ["NATS://anna:secret@bus", "NATS://***@bus"],
    ["nats://a:secret@b,nats://c:secret@d:1", "nats://***@b,nats://***@d:1"],
    ["nats://a,tls://c:secret@d", "nats://a,tls://***@d"],
    // Passwords that should have been encoded.
    ["nats://anna:secret/secret@bus", "nats://***@bus"],
    ["nats://anna:secret@secret@bus", "nats://***@bus"],
    ["nats://anna:secret,secret@bus", "nats://***@bus"],
    ["amqp://anna:sec%40ret?secret#secret@bus/vhost", "amqp://***@bus/vhost"],
    [
      "http://h/ari/events?app=x&api_key=anna:secret&y=z",
      "http://h/ari/events?app=x&api_key=***&y=z",
    ],
    ["Cannot reach 'ws://anna:secret@h/ari': refused", "Cannot reach 'ws://***@h/ari': refused"],
  ];
  for (const [text, redacted] of cases) {
    assert.equal(redactUrl(text), redacted);
    assert.equal(redactUrl(redacted), redacted);
  }
});

Deno.test("redactUrl leaves other texts alone", () => {
  for (
    const text of ["", "nats://bus:4222", "anna@example.org", "a://b, write to anna@example.org"]
  ) {
    assert.equal(redactUrl(text), text);
  }
});

Deno.test("redactUrls hides in a setting what would end a URL in other texts as well", () => {
  const cases: [string, string][] = [
    ["nats://u:S3cr3t pw@h", "nats://***@h"],
    ["nats://u:S3cr3t'pw@h:1", "nats://***@h:1"],
    ["nats://a:x@h1, nats://u:S3, cr3t@h2", "nats://***@h2"],
    ["nats://a:x@h1,nats://b:y@h2", "nats://***@h1,nats://***@h2"],
    ["Ask anna@example.org", "Ask anna@example.org"],
    ["nats://h1, nats://h2", "nats://h1, nats://h2"],
  ];
  for (const [text, redacted] of cases) assert.equal(redactUrls(text), redacted);
});

Deno.test("redactInvalidUrl hides all that could be a password", () => {
  assert.equal(redactInvalidUrl("u:S3cr3t pw@h"), "***");
  assert.equal(redactInvalidUrl("odd://u:S3cr3t pw@h"), "odd://***@h");
  assert.equal(redactInvalidUrl("bus:4222"), "bus:4222");
});
