import assert from "node:assert/strict";
import { configuredApplication, isPerCall } from "../../src/common/application_name.ts";
import { busOfScheme, busSchemes, schemeOf } from "../../src/common/bus_urls.ts";
import { errorText } from "../../src/common/error_text.ts";
import { isLoopback } from "../../src/common/is_loopback.ts";
import { percentDecode } from "../../src/common/percent_decode.ts";
import { splitUrls } from "../../src/common/split_urls.ts";

Deno.test("the kind of a bus follows from the scheme of its URL", () => {
  const cases: readonly [string, string | undefined, string | undefined][] = [
    ["nats://a", "nats:", "NATS"],
    ["TLS://a:1", "tls:", "NATS"],
    ["amqp://a", "amqp:", "RabbitMQ"],
    ["amqps://a", "amqps:", "RabbitMQ"],
    ["http://a", "http:", undefined],
    ["a+b-1.c://", "a+b-1.c:", undefined],
    ["nats:a", undefined, undefined],
    ["1nats://a", undefined, undefined],
    [" nats://a", undefined, undefined],
    ["localhost:4222", undefined, undefined],
  ];
  for (const [url, scheme, bus] of cases) {
    assert.equal(schemeOf(url), scheme, url);
    assert.equal(busOfScheme(scheme ?? ""), bus, url);
  }
  assert.equal(busOfScheme("toString"), undefined);
  assert.deepEqual(busSchemes, ["nats:", "tls:", "amqp:", "amqps:"]);
});

Deno.test("a list of URLs is split at commas that are followed by a URL or a blank", () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    "nats://a": ["nats://a"],
    "nats://a,nats://b": ["nats://a", "nats://b"],
    " nats://a , b:4222,": ["nats://a", "b:4222"],
    "nats://u:p,w@a,TLS://b": ["nats://u:p,w@a", "TLS://b"],
    "": [],
    ",": [],
  };
  for (const [text, urls] of Object.entries(cases)) assert.deepEqual(splitUrls(text), urls, text);
});

Deno.test("only addresses of this machine are loopback", () => {
  for (const host of ["localhost", "::1", "127.0.0.1", "127.255.0.12"]) assert.ok(isLoopback(host));
  for (const host of ["", "0.0.0.0", "::", "127.0.0", "127.0.0.1.b", "a127.0.0.1", "localhost.b"]) {
    assert.ok(!isLoopback(host), host);
  }
});

Deno.test("percent-encoding is decoded, and a text with a stray percent sign unchanged", () => {
  assert.equal(percentDecode("p%40ss%2Fw"), "p@ss/w");
  assert.equal(percentDecode("100%40%"), "100%40%");
});

Deno.test("the name that Asterisk makes for one call has that of the application in it", () => {
  assert.equal(isPerCall("calls:PJSIP/alice-00000001"), true);
  assert.equal(configuredApplication("calls:PJSIP/alice-00000001"), "calls");
  for (const name of ["calls", "a:b", "a/b", ":PJSIP/a", "a:/b"]) {
    assert.equal(isPerCall(name), false, name);
    assert.equal(configuredApplication(name), name);
  }
});

Deno.test("the text of an error is its message, and that of anything else the thing itself", () => {
  assert.equal(errorText(new TypeError("It failed")), "It failed");
  assert.equal(errorText("It failed"), "It failed");
  assert.equal(errorText(undefined), "undefined");
});
