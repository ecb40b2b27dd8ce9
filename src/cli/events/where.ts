/**
 * Expressions over the members of an event, for `--where`:
 * `type ~ /^Channel/ && (channel.state == "Up" || duration > 10) && !(digit in ["1", "#"])`.
 *
 * @module
 */
import type { JsonObject } from "../../protocol/json.ts";
import { valueAt } from "./path.ts";
import { eventTypes } from "./known_types.ts";
import { UsageError } from "../usage_error.ts";
import { readTokens, type Token, toPattern, WhereError } from "./where_tokens.ts";
import { compare, equal, isIn, isThere, matches } from "./where_values.ts";

/** Computes a part of an expression. */
type Compute = (event: JsonObject) => unknown;

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
 * Makes a function that tells whether an expression holds for an event. What an event does not have
 * is like null; comparing it with `<` and the like does not hold.
 *
 * @throws {UsageError} For what is no expression, with the place where it is wrong.
 */
export function createWhere(source: string): (event: JsonObject) => boolean {
  try {
    const compute = new Parser(readTokens(source)).whole();
    return (event) => isThere(compute(event));
  } catch (error) {
    if (!(error instanceof WhereError)) throw error;
    // A character that moves the caret must not.
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

  whole(): Compute {
    const compute = this.#or();
    const { type, at, text } = this.#token;
    if (type === "end") return compute;
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

  #or(): Compute {
    const parts = [this.#and()];
    while (this.#take("||")) parts.push(this.#and());
    return parts.length === 1 ? parts[0] : (event) => parts.some((part) => isThere(part(event)));
  }

  #and(): Compute {
    const parts = [this.#not()];
    while (this.#take("&&")) parts.push(this.#not());
    return parts.length === 1 ? parts[0] : (event) => parts.every((part) => isThere(part(event)));
  }

  #not(): Compute {
    let negated = false;
    while (this.#take("!")) negated = !negated;
    const part = this.#comparison();
    return negated ? (event) => !isThere(part(event)) : part;
  }

  #comparison(): Compute {
    const left = this.#operand();
    const sign = this.#take("~", "!~", ...Object.keys(comparisons));
    if (!sign) return left;
    if (sign === "~" || sign === "!~") {
      const pattern = this.#pattern();
      return (event) => matches(left(event), pattern) === (sign === "~");
    }
    const { type, text, at } = this.#token;
    if (type === "path" && eventTypes.includes(text)) {
      throw new WhereError(`A text stands in quotes, as in "${text}"`, at);
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

  #operand(): Compute {
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
      const items: Compute[] = [];
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
