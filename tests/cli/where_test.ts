import assert from "node:assert/strict";
import fc from "fast-check";
import { createEventFormat } from "../../src/cli/events/format.ts";
import { createWhere } from "../../src/cli/events/where.ts";
import { UsageError } from "../../src/cli/errors.ts";

const event = {
  type: "ChannelDtmfReceived",
  timestamp: "2026-11-22T22:18:58.338+0000",
  digit: "5",
  duration_ms: 120,
  args: ["x", "y"],
  channel: {
    id: "1.1",
    name: "PJSIP/a-1",
    state: "Up",
    caller: { name: "", number: "100" },
    "odd name": true,
  },
  asterisk_id: "n1",
};

const holding = [
  'channel.state == "Up" && duration_ms > 10',
  "channel.state == 'Up' && (digit == 1 || digit == 5)",
  "type ~ /^channel/i",
  "type ~ 'Dtmf'",
  "type !~ /^Bridge/",
  'digit in ["1", "5", "#"]',
  '!(digit in ["1", "#"])',
  '"y" in args',
  'args[1] == "y"',
  "args ~ /^y$/",
  "channel.caller.number",
  "!channel.caller.name",
  "!bridge && !bridge.id",
  "bridge.id == null",
  'bridge.id != "x"',
  '!(bridge.id == "x")',
  'channel["odd name"] == true',
  "duration_ms >= 120 && duration_ms <= 1.2e2 && duration_ms != -1",
  'timestamp > "2026-11-22T22"',
  "100 == channel.caller.number",
];
const failing = [
  "bridge",
  "bridge.count > 1",
  "bridge.count < 1",
  'type ~ /^bridge/i && digit == "5"',
  'channel.state < "Up"',
  "channel == 5",
  "constructor || toString || __proto__",
];

Deno.test("an expression compares, matches and joins members, and takes a missing one for null", () => {
  for (const source of holding) assert.equal(createWhere(source)(event), true, source);
  for (const source of failing) assert.equal(createWhere(source)(event), false, source);
});

Deno.test("an expression compares numbers, and texts by their characters", () => {
  const values = {
    three: 3,
    text: "b",
    numeral: "3.0",
    list: [3],
    nothing: null,
    empty: [],
    zero: 0,
  };
  const cases: Readonly<Record<string, boolean>> = {
    "three < 3": false,
    "three < 4": true,
    "three <= 2": false,
    "three <= 3": true,
    "three <= 4": true,
    "three > 3": false,
    "three > 2": true,
    "three >= 4": false,
    "three >= 3": true,
    "three >= 2": true,
    'text < "b"': false,
    'text < "c"': true,
    'text <= "a"': false,
    'text <= "b"': true,
    'text > "a"': true,
    'text > "b"': false,
    'text >= "b"': true,
    'text >= "c"': false,
    "numeral == 3": true,
    "numeral < 3.5": true,
    'numeral == "3"': false,
    "list == [3]": true,
    "list == [4]": false,
    "3 in list": true,
    "nothing == null": true,
    "nothing": false,
    "nothing < 1": false,
    "empty": false,
    "zero": true,
    "text in 'abc'": true,
    "three in '3'": false,
    "'x' in text": false,
    "'three' in nothing": false,
    "!three": false,
    "!!three": true,
    "!nothing && !empty": true,
    "three ~ /^3$/": true,
    "three !~ /^3$/": false,
    "nothing ~ /null/": false,
  };
  for (const [source, holds] of Object.entries(cases)) {
    assert.equal(createWhere(source)(values), holds, source);
  }
  assert.equal(createWhere(`${"(".repeat(100)}three${")".repeat(100)}`)(values), true);
  assert.throws(() => createWhere(`${"(".repeat(101)}three${")".repeat(101)}`), /too deeply/);
  assert.equal(createWhere(`${"(three) && ".repeat(150)}three`)(values), true);
});

Deno.test("an expression that cannot be parsed is refused with the place where it is wrong", () => {
  const cases: [string, RegExp, number][] = [
    ['channel.state == "Up" &&', /A member or a value is missing here/, 24],
    ["type = 1", /= is written == here/, 5],
    ["digit and type", /and is written && here/, 6],
    ["(type", /The parenthesis is not closed/, 0],
    ["type)", /no parenthesis to close/, 4],
    ["type type", /Something like && is missing before/, 5],
    ["type ~ /(/", /The pattern is not valid: /, 7],
    ["type ~ /x/gy", /The flags of a pattern are i, m, s and u/, 7],
    ["type ~ digit", /A pattern is missing here/, 7],
    ["/x/ == type", /A pattern follows ~ only/, 0],
    ['type == "a', /The text has no closing quote/, 8],
    ["digit in [1 2]", /A comma or \] is missing here/, 12],
    ["é == ?", /This is not a member, value or sign/, 5],
    ["type ~ /^S", /The pattern has no closing \//, 7],
    ["type == StasisStart", /A text needs quotes, as in "StasisStart"/, 8],
    ["", /A member or a value is missing here/, 0],
    ["(".repeat(200), /nested too deeply/, 100],
  ];
  for (const [source, message, at] of cases) {
    assert.throws(() => createWhere(source), (error: unknown) => {
      assert.ok(error instanceof UsageError);
      const [first, shown, caret] = error.message.split("\n");
      assert.match(first, message);
      assert.equal(shown.slice(2), source);
      assert.equal(caret.indexOf("^") - 2, at, error.message);
      return true;
    });
  }
});

Deno.test("an expression of any text is refused or decides, and nothing else happens", () => {
  const word = fc.oneof(
    fc.constantFrom("&&", "||", "!", "(", ")", "==", "~", "in", "[", "]", ",", "/a/", '"x"', "1"),
    fc.constantFrom("type", "channel.state", "args[0]", "null", ".", '"', "\\"),
    fc.string({ maxLength: 4 }),
  );
  fc.assert(fc.property(fc.array(word, { maxLength: 12 }), fc.object(), (words, object) => {
    try {
      assert.equal(typeof createWhere(words.join(" "))(object), "boolean");
    } catch (error) {
      assert.ok(error instanceof UsageError, String(error));
    }
  }));
});

Deno.test("a template shows members, in their width, and nothing for what is not there", () => {
  const show = (template: string, options = {}) =>
    createEventFormat(template, options)({ subject: "s.1", text: " {} ", event });
  assert.equal(show("{type:22}|{channel.name:>11}|"), "ChannelDtmfReceived   |  PJSIP/a-1|");
  assert.equal(show("{bridge.id:3}|{nothing}|{args[1]}"), "   ||y");
  assert.equal(show("{digit:<3}|{digit:120}").length, 124);
  assert.equal(show("{{{digit}}}\\t\\\\\\n"), "{5}\t\\\n");
  assert.equal(show("{channel.caller} {args}"), '{"name":"","number":"100"} ["x","y"]');
  assert.equal(show("{node} {subject} {event}"), "n1 s.1 {}");
  assert.match(show("{time}"), /^\d\d:\d\d:58\.338$/);
  assert.equal(
    show('{duration_ms:>6}|{channel["odd name"]}|{channel.caller.name}|'),
    "   120|true||",
  );
  assert.equal(show("{time.x}{type.x}{args[2]}"), "");
  assert.match(show("{summary}"), /^digit 5 {2}PJSIP\/a-1 \(1\.1\) Up/);
  const odd = { subject: "s", text: "", event: { x: "a\r\nb\x1b[31m" } };
  assert.equal(createEventFormat("{x}")(odd), "a b\x1b[31m");
  assert.equal(createEventFormat("{x}", { clean: true })(odd), "a\ufffd\ufffdb\ufffd[31m");
  for (
    const wrong of [
      "{type",
      "type}",
      "\\x",
      "{}",
      "{type:x}",
      "{type:9999}",
      "{a b}",
      "{type:^9}",
      "a{",
    ]
  ) {
    assert.throws(
      () => createEventFormat(wrong),
      /^UsageError: Cannot use --format: .*\n.*\n *\^$/,
    );
  }
});
