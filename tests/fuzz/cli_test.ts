/** What people and files pass to the command line, and what it shows of events. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { normalizeArguments } from "../../src/cli/arguments.ts";
import { buildRequest, fieldsOfKind } from "../../src/cli/call/by_kind.ts";
import { ConfigTextError, formatOf, parseConfigText } from "../../src/cli/settings/config_text.ts";
import { createEventPrinter } from "../../src/cli/events/line.ts";
import { fieldName } from "../../src/cli/call/fields.ts";
import {
  parseApplications,
  parseBoolean,
  parseBusUrls,
  parseListen,
} from "../../src/cli/settings/values.ts";
import { memberLines, tableLines } from "../../src/cli/table.ts";
import { UsageError } from "../../src/cli/errors.ts";
import { checkPublishSubject } from "../../src/bus/subjects.ts";
import { AriProxyError } from "../../src/protocol/errors.ts";
import { parseEvent } from "../../src/protocol/event_text.ts";
import { parseJson } from "../../src/protocol/json.ts";
import { kinds } from "../../src/protocol/kinds/kinds.ts";
import { encodeRequest } from "../../src/protocol/request.ts";
import { events, others } from "./corpus.ts";
import { Fuzz } from "./fuzz.ts";
import { anyText, hostileJson, hostileTexts, mutatedBytes, mutatedJson } from "./hostile.ts";

const fuzz = new Fuzz("cli");
const decoder = new TextDecoder();

const yaml = [
  "ari:\n  application: demo\n  username: asterisk\n  password_file: /run/secrets/ari\n",
  "messagebus:\n  url: nats://127.0.0.1:4222\nverbose: true\n# a word\nlist: [a, b]\n",
  'x: &a {b: 1}\ny: *a\nz:\n  <<: *a\nw: |\n  text\n  more\nv: "\\u00e9"\n---\nother: 1\n',
  '{"ari":{"application":"demo"},"node_id":"0012"}',
];
const toml = [
  '[ari]\napplication = "demo"\nport = 8088\nat = 1979-05-27T07:32:00Z\n',
  'verbose = true\nmessagebus.url = "nats://m"\nlist = ["a", 1, [2]]\n[[t]]\nx = {y = 1.5e3}\n',
];

async function assertConfig(text: string, format: "yaml" | "toml"): Promise<void> {
  try {
    for (const [name, value] of await parseConfigText(text, format)) {
      assert.equal(name, name.toLowerCase());
      assert.equal(typeof value, "string");
    }
  } catch (error) {
    if (!(error instanceof ConfigTextError)) throw error;
    assert.ok(error.line === undefined || error.line > 0);
  }
}

Deno.test("a configuration file of any text is read or refused", async () => {
  const pieces = fc.constantFrom(
    ..."&a|*a|<<: |: |- |, |[|]|{|}|\n|  |a|b|'|\"|!!str |---\n|? |# |%|=".split("|"),
    ..."[[a]]\n|[a]\n|__proto__|toString|1e400|0x1|nan|1979-05-27|'''|\"\"\"|\\".split("|"),
  );
  const rambling = fc.array(pieces, { maxLength: 14 }).map((parts) => parts.join(""));
  const damaged = (texts: readonly string[]) =>
    fc.oneof(mutatedBytes(texts).map((bytes) => decoder.decode(bytes)), rambling);
  await fuzz.tryAll({ input: damaged(yaml), runs: 15_000 }, (text) => assertConfig(text, "yaml"));
  await fuzz.tryAll({ input: damaged(toml), runs: 10_000 }, (text) => assertConfig(text, "toml"));
});

Deno.test("a configuration file that refers to itself is refused, however large it would become", async () => {
  const rows = Array.from("bcdefghij", (name, index) => {
    const before = "abcdefghij"[index];
    return `${name}: &${name} {${
      Array.from("pqrstuvw", (key) => `${key}: *${before}`).join(", ")
    }}`;
  });
  const large = ["a: &a {k: 1}", ...rows].join("\n");
  await assert.rejects(parseConfigText(large, "yaml"), ConfigTextError);
  await assert.rejects(parseConfigText("a: &a {b: *a}", "yaml"), ConfigTextError);
  await assertConfig("a: &a [*a]", "yaml");
  await assertConfig("a: [{toString: 1}]", "yaml");
  const lists = rows.map((row) =>
    row.replace("{", "[").replace("}", "]").replaceAll(/\w: \*/g, "*")
  );
  await assertConfig(["a: &a [1]", ...lists].join("\n"), "yaml");
});

const argument = fc.oneof(
  fc.tuple(
    fc.oneof(
      fc.constantFrom(...new Set(kinds.flatMap((kind) => fieldsOfKind(kind).map(fieldName)))),
      fc.constantFrom("variables.__proto__", "variables.x", "__proto__", "constructor", ""),
    ),
    fc.oneof(fc.constantFrom(...hostileJson.filter((text) => text.length < 100)), anyText),
  ).map(([name, value]) => `${name}=${value}`),
  fc.constantFrom("timeout=1.5h", "beep=constructor", "timeout=999999999h", "-", ...hostileTexts),
);

Deno.test("arguments of any kind make a request, or are refused", async () => {
  const input = fc.tuple(
    fc.constantFrom(...kinds),
    fc.array(argument, { maxLength: 4 }),
    fc.oneof(fc.constant("{}"), mutatedJson(others)),
  );
  await fuzz.tryAll({ input, runs: 20_000 }, async ([kind, args, payload]) => {
    try {
      const readPayload = () => Promise.resolve(payload);
      const request = await buildRequest(kind, args, { key: {}, readPayload });
      encodeRequest(request.kind, request.key, request.payload);
    } catch (error) {
      if (!(error instanceof UsageError || error instanceof AriProxyError)) throw error;
    }
  });
});

Deno.test("a property of every object is not a value of a field", async () => {
  const parts = { key: {}, readPayload: () => Promise.resolve("{}") };
  for (const word of ["constructor", "__proto__", "toString"]) {
    await assert.rejects(
      buildRequest("ChannelRecord", ["c1", "name=x", `beep=${word}`], parts),
      /^UsageError: Cannot use ".+" for options.Beep: it is true or false$/,
    );
  }
});

fuzz.test(
  "arguments stay in their order and number, but for values that come apart",
  {
    input: fc.array(fc.oneof(anyText, fc.constantFrom("--a=", "--a=b\nc", "--", "-h", "call"))),
    runs: 10_000,
  },
  (args) => {
    const normal = normalizeArguments(args).filter((arg, index) => index > 0 || arg !== "serve");
    const whole = args.filter((arg, index) => index > 0 || arg !== "serve");
    assert.ok(normal.join("").length >= whole.join("").length - whole.length);
  },
);

const settingText = fc.oneof(
  anyText,
  fc.array(
    fc.constantFrom(
      ..."nats://|amqp://|tls://|host|:4222|,|, |user:pass@|[::1]|%zz|/|?x=y|127.0.0.1|:99999"
        .split("|"),
    ),
    { maxLength: 7 },
  ).map((parts) => parts.join("")),
);

fuzz.test(
  "a setting of any text has a value, or a reason why not that hides passwords",
  { input: settingText, runs: 20_000 },
  (text) => {
    for (const parse of [parseApplications, parseBoolean, parseBusUrls, parseListen]) {
      try {
        const value = parse(text);
        if (parse !== parseApplications || !Array.isArray(value)) continue;
        for (const app of value) if (app.length < 200) checkPublishSubject(`ari.get.${app}.n`);
      } catch (error) {
        assert.ok(error instanceof Error && !(error instanceof TypeError), String(error));
        if (parse === parseBusUrls || parse === parseListen) {
          assert.ok(!error.message.includes("pass@"), error.message);
        }
      }
    }
  },
);

fuzz.test(
  "the path of a file has a known format, or none",
  { input: anyText, runs: 5_000 },
  (path) => assert.ok([undefined, "yaml", "toml"].includes(formatOf(path))),
);

// deno-lint-ignore no-control-regex -- terminals obey control characters
const obeyed = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

fuzz.test(
  "an event of any content is one line without terminal control sequences",
  {
    input: fc.oneof(
      mutatedJson(events),
      mutatedBytes(events).map((bytes) => decoder.decode(bytes)),
    ),
    runs: 20_000,
  },
  (text) => {
    const event = parseEvent(text);
    if (!event) return;
    const line = createEventPrinter()(event, 120);
    assert.ok(!obeyed.test(line), JSON.stringify(line));
    assert.ok([...line].length <= 120);
  },
);

fuzz.test(
  "a response of any content is shown without terminal control sequences",
  { input: mutatedJson(others), runs: 15_000 },
  (text) => {
    const value = parseJson(text);
    if (value === undefined || /\[{200}|(?:\{"a":){200}/.test(text)) return;
    for (const shown of memberLines(value)) assert.ok(!obeyed.test(shown), JSON.stringify(shown));
    for (const row of tableLines(["A", "B"], [[text.slice(0, 50), "\u001b[2J"]])) {
      assert.ok(!obeyed.test(row));
    }
  },
);
