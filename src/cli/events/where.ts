/**
 * Expressions over the members of an event, for `--where`:
 * `type ~ /^Channel/ && (channel.state == "Up" || duration > 10) && !(digit in ["1", "#"])`.
 *
 * @module
 */
import { isObject, type JsonObject } from "../../protocol/json.ts";
import { type EventPath, readPath, unquote, valueAt } from "./path.ts";
import { eventTypes } from "./known_types.ts";
import { UsageError } from "../errors.ts";

/** Evaluates a part of an expression. */
type Evaluate = (event: JsonObject) => unknown;

/** How deep parentheses may be nested. */
const maxDepth = 100;

const comparisons: Readonly<Record<string, (a: unknown, b: unknown) => boolean>> = {
  "==": equal,
  "!=": (a, b) => !equal(a, b),
  "<": (a, b) => compare(a, b) < 0,
  "<=": (a, b) => compare(a, b) <= 0,
  ">": (a, b) => compare(a, b) > 0,
  ">=": (a, b) => compare(a, b) >= 0,
  in: isIn,
};

/**
 * Compiles an expression into a function that returns whether it holds for an event. A member that an
 * event does not have is like null; comparisons with `<` and the like do not hold for it.
 *
 * @throws {UsageError} When the expression cannot be parsed, with the place of the error.
 */
export function createWhere(source: string): (event: JsonObject) => boolean {
  try {
    const evaluate = new Parser(readTokens(source)).whole();
    return (event) => isTruthy(evaluate(event));
  } catch (error) {
    if (!(error instanceof WhereError)) throw error;
    // Line breaks and control characters would move the caret.
    const shown = source.replace(/[\s\p{Cc}]/gu, " ");
    const caret = `${" ".repeat([...source.slice(0, error.at)].length)}^`;
    throw new UsageError(`Cannot use --where: ${error.message}\n  ${shown}\n  ${caret}`);
  }
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Evaluate {
    const evaluate = this.#or();
    const { type, at, text } = this.#token;
    if (type === "end") return evaluate;
    throw new WhereError(
      text === ")" ? "There is no parenthesis to close" : "Something like && is missing before",
      at,
    );
  }

  get #token(): Token {
    return this.#tokens[this.#next];
  }

  #take(...signs: readonly string[]): string | undefined {
    const { type, text } = this.#token;
    if (type !== "sign" || !signs.includes(text)) return undefined;
    this.#next++;
    return text;
  }

  #or(): Evaluate {
    const parts = [this.#and()];
    while (this.#take("||")) parts.push(this.#and());
    return parts.length === 1 ? parts[0] : (event) => parts.some((part) => isTruthy(part(event)));
  }

  #and(): Evaluate {
    const parts = [this.#not()];
    while (this.#take("&&")) parts.push(this.#not());
    return parts.length === 1 ? parts[0] : (event) => parts.every((part) => isTruthy(part(event)));
  }

  #not(): Evaluate {
    let negated = false;
    while (this.#take("!")) negated = !negated;
    const part = this.#comparison();
    return negated ? (event) => !isTruthy(part(event)) : part;
  }

  #comparison(): Evaluate {
    const left = this.#operand();
    const sign = this.#take("~", "!~", ...Object.keys(comparisons));
    if (!sign) return left;
    if (sign === "~" || sign === "!~") {
      const pattern = this.#pattern();
      return (event) => matches(left(event), pattern) === (sign === "~");
    }
    const { type, text, at } = this.#token;
    if (type === "path" && eventTypes.includes(text)) {
      throw new WhereError(`A text needs quotes, as in "${text}"`, at);
    }
    const right = this.#operand();
    const { [sign]: holds } = comparisons;
    return (event) => holds(left(event), right(event));
  }

  #pattern(): RegExp {
    const token = this.#token;
    this.#next++;
    if (token.type === "pattern") return token.pattern;
    if (token.type === "value" && typeof token.value === "string") {
      return toPattern(token.value, "", token.at);
    }
    throw new WhereError("A pattern is missing here, as in /^Channel/", token.at);
  }

  #operand(): Evaluate {
    const token = this.#token;
    if (token.type === "value") {
      this.#next++;
      return () => token.value;
    }
    if (token.type === "path") {
      this.#next++;
      return (event) => valueAt(event, token.path);
    }
    if (this.#take("(")) {
      if (++this.#depth > maxDepth) throw new WhereError("It is nested too deeply", token.at);
      const inner = this.#or();
      this.#close(")", token.at);
      this.#depth--;
      return inner;
    }
    if (this.#take("[")) {
      const items: Evaluate[] = [];
      while (!this.#take("]")) {
        if (items.length > 0 && !this.#take(",")) {
          throw new WhereError("A comma or ] is missing here", this.#token.at);
        }
        items.push(this.#operand());
      }
      return (event) => items.map((item) => item(event));
    }
    if (token.type === "pattern") throw new WhereError("A pattern follows ~ only", token.at);
    throw new WhereError("A member or a value is missing here", token.at);
  }

  #close(sign: string, opened: number): void {
    if (this.#take(sign)) return;
    if (this.#token.type === "end") {
      throw new WhereError("The parenthesis is not closed", opened);
    }
    throw new WhereError("Something like && is missing before", this.#token.at);
  }
}

/** A token of an expression: its index and its text, and what it means. */
type Token =
  & { readonly at: number; readonly text: string }
  & (
    | { readonly type: "path"; readonly path: EventPath }
    | { readonly type: "value"; readonly value: string | number | boolean | null }
    | { readonly type: "pattern"; readonly pattern: RegExp }
    | { readonly type: "sign" }
    | { readonly type: "end" }
  );

/** An error in an expression, with its index. */
class WhereError extends Error {
  readonly at: number;

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

/** Operators of other languages, and what they are here. */
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
 * Splits an expression into tokens, with one for the end behind them.
 *
 * @throws {WhereError} At what is not a token.
 */
function readTokens(source: string): Token[] {
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
  if (/["']/.test(source[at])) throw new WhereError("The text has no closing quote", at);
  if (source[at] === "/") throw new WhereError("The pattern has no closing /", at);
  throw new WhereError("This is not a member, value or sign", at);
}

function toPattern(body: string, flags: string, at: number): RegExp {
  if (!/^[imsu]*$/.test(flags)) {
    throw new WhereError("The flags of a pattern are i, m, s and u", at);
  }
  try {
    return new RegExp(body, flags);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^.*: /s, "") : String(error);
    throw new WhereError(`The pattern is not valid: ${reason}`, at);
  }
}

/** Whether a value by itself is true: it exists, and is neither null, false nor empty. */
function isTruthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== false && value !== "";
}

/** Whether two values are equal. A text of a number equals the number; a missing value equals null. */
function equal(a: unknown, b: unknown): boolean {
  if (a === undefined || a === null) return b === undefined || b === null;
  if (typeof a === "number" || typeof b === "number") return numeric(a) === numeric(b);
  if (typeof a === "object" && typeof b === "object") {
    return JSON.stringify(a) === JSON.stringify(b);
  }
  return a === b;
}

/** Negative when the first is less, positive when it is greater; NaN when they cannot be compared. */
function compare(a: unknown, b: unknown): number {
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
  return (numeric(a) ?? NaN) - (numeric(b) ?? NaN);
}

/** Whether a pattern matches a value, or an item of a list. */
function matches(value: unknown, pattern: RegExp): boolean {
  if (Array.isArray(value)) return value.some((item) => matches(item, pattern));
  if (value === undefined || value === null || typeof value === "object") return false;
  return pattern.test(String(value));
}

/** Whether a value is an item of a list, the name of a member, or a part of a text. */
function isIn(value: unknown, container: unknown): boolean {
  if (Array.isArray(container)) return container.some((item) => equal(item, value));
  if (typeof value !== "string") return false;
  if (typeof container === "string") return container.includes(value);
  return isObject(container) && Object.hasOwn(container, value);
}

function numeric(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  const isNumeral = typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value);
  return isNumeral ? Number(value) : undefined;
}
