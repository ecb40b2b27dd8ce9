/**
 * The words of an expression for `--where`.
 *
 * @module
 */
import { type EventPath, readPath, unquote } from "./path.ts";

/** A word of an expression, and where it stands. */
export type Token =
  & {
    /** Where it begins. */
    readonly at: number;
    /** As it is written. */
    readonly text: string;
  }
  & (
    | { readonly type: "path"; readonly path: EventPath }
    | { readonly type: "value"; readonly value: string | number | boolean | null }
    | { readonly type: "pattern"; readonly pattern: RegExp }
    | { readonly type: "sign" }
    | { readonly type: "end" }
  );

/** An expression that is none, and where. */
export class WhereError extends Error {
  /** Where it is wrong, as an index. */
  readonly at: number;

  /** Makes an error. */
  constructor(message: string, at: number) {
    super(message);
    this.name = "WhereError";
    this.at = at;
  }
}

const blank = /\s*/y;
const number = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\p{L}_])/uy;
const text = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/suy;
const pattern = /\/((?:[^/\\\n]|\\.)+)\/([a-z]*)/uy;
const sign = /==|!=|!~|<=|>=|&&|\|\||[<>!~()[\],]/y;

const words: ReadonlyMap<string, boolean | null> = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/** What people write who know another language, and what it is here. */
const foreign: Readonly<Record<string, string>> = {
  and: "&&",
  or: "||",
  not: "!",
  "=": "==",
  "=~": "~",
  "&": "&&",
  "|": "||",
};

/**
 * Takes an expression apart.
 *
 * @returns The words, behind them the end.
 * @throws {WhereError} At what is no word.
 */
export function readTokens(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (form: RegExp): RegExpExecArray | null => {
    form.lastIndex = at;
    return form.exec(source);
  };
  for (;;) {
    at += match(blank)?.[0].length ?? 0;
    if (at >= source.length) return [...tokens, { type: "end", at, text: "" }];
    const token = readToken(source, at, match);
    tokens.push(token);
    at += token.text.length;
  }
}

function readToken(
  source: string,
  at: number,
  match: (form: RegExp) => RegExpExecArray | null,
): Token {
  const numeral = match(number);
  if (numeral) return { type: "value", value: Number(numeral[0]), at, text: numeral[0] };
  const quoted = match(text);
  if (quoted) {
    const value = unquote(quoted[1] ?? quoted[2] ?? "");
    return { type: "value", value, at, text: quoted[0] };
  }
  const expression = match(pattern);
  if (expression) {
    const [whole, body, flags] = expression;
    return { type: "pattern", pattern: toPattern(body, flags, at), at, text: whole };
  }
  const wrong = /^(=~|=(?!=)|&(?!&)|\|(?!\|)|(?:and|or|not)\b)/i.exec(source.slice(at))?.[0];
  if (wrong) throw new WhereError(`${wrong} is written ${foreign[wrong.toLowerCase()]} here`, at);
  const found = readPath(source, at);
  if (found) {
    const word = source.slice(at, found.end);
    if (word === "in") return { type: "sign", at, text: word };
    const constant = words.get(word);
    return constant === undefined
      ? { type: "path", path: found.path, at, text: word }
      : { type: "value", value: constant, at, text: word };
  }
  const [mark] = match(sign) ?? [];
  if (mark) return { type: "sign", at, text: mark };
  if (/["']/.test(source[at])) throw new WhereError("The text has no end", at);
  if (source[at] === "/") throw new WhereError("The pattern has no closing /", at);
  throw new WhereError("This is no member, value or sign", at);
}

/**
 * A pattern of its text and flags.
 *
 * @throws {WhereError} When it is none.
 */
export function toPattern(body: string, flags: string, at: number): RegExp {
  if (!/^[imsu]*$/.test(flags)) {
    throw new WhereError("The flags of a pattern are i, m, s and u", at);
  }
  try {
    return new RegExp(body, flags);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^.*: /s, "") : String(error);
    throw new WhereError(`The pattern is none: ${reason}`, at);
  }
}
