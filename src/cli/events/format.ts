/**
 * Templates for events, for `--format`: `{time} {type:20} {channel.name}`.
 *
 * @module
 */
import { isObject, type JsonObject, jsonText } from "../../protocol/json.ts";
import { type EventLine, eventLine } from "./line.ts";
import { type EventPath, readPath, valueAt } from "./path.ts";
import { pad, printable, width } from "../table.ts";
import { UsageError } from "../errors.ts";

/** An event for a template. */
export interface FormattedEvent {
  /** Subject on which it was published. */
  readonly subject: string;
  /** Its text. */
  readonly text: string;
  /** The parsed text; empty when it is not an event. */
  readonly event: JsonObject;
}

type Part = (event: FormattedEvent) => string;

/** Names beside the members of the event. */
const own: Readonly<Record<string, (event: FormattedEvent, line: () => EventLine) => string>> = {
  time: (_, line) => line().time,
  node: (_, line) => line().node,
  summary: (_, line) => line().matter,
  subject: ({ subject }) => subject,
  event: ({ text }) => text.trim(),
};

/**
 * Compiles a template into a function that formats an event.
 *
 * Braces hold a member of the event, or `time` (local time of day), `node`, `summary`, `subject`, or
 * `event` (all of it); behind a colon comes the least width, with `>` for alignment to the right. `{{`
 * and `}}` are braces, `\n`, `\t` and `\\` a line end, a tab and a backslash. Missing members are empty.
 *
 * @param options.clean Whether control characters of events are made visible.
 * @throws {UsageError} When the template cannot be parsed.
 */
export function createEventFormat(
  template: string,
  { clean = false }: { readonly clean?: boolean } = {},
): (event: FormattedEvent) => string {
  const parts = readParts(template, clean ? printable : onOneLine);
  return (event) => parts.map((part) => part(event)).join("");
}

const piece = /([^{}\\]+)|(\{\{|\}\})|\\([ntr\\])|\{([^{}]*)\}/uy;

const escaped: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  "\\": "\\",
};

function readParts(template: string, tame: (text: string) => string): Part[] {
  const parts: Part[] = [];
  const refuse = (why: string, at: number): never => {
    const caret = `${" ".repeat([...template.slice(0, at)].length)}^`;
    const shown = template.replace(/[\s\p{Cc}]/gu, " ");
    throw new UsageError(`Cannot use --format: ${why}\n  ${shown}\n  ${caret}`);
  };
  for (let at = 0; at < template.length; at = piece.lastIndex) {
    piece.lastIndex = at;
    const match = piece.exec(template);
    if (!match) {
      const why = template[at] === "\\"
        ? "a backslash has to be followed by n, t, r or another one"
        : "the brace has no partner; a brace itself is written twice";
      return refuse(why, at);
    }
    const [, plain, brace, escape, field] = match;
    const literal = plain ?? brace?.[0] ?? escaped[escape];
    parts.push(
      literal !== undefined
        ? () => literal
        : readField(field, tame) ?? refuse("braces hold a member, as in {type:20}", at),
    );
  }
  return parts;
}

function readField(field: string, tame: (text: string) => string): Part | undefined {
  const found = readPath(field);
  if (!found) return undefined;
  const { path, end } = found;
  const [whole, , right, digits = ""] = /^(:([<>]?)(\d{1,3}))?$/.exec(field.slice(end)) ?? [];
  if (whole === undefined) return undefined;
  const columns = Number(digits);
  return (event) => {
    const text = tame(fieldText(event, path));
    if (right !== ">") return pad(text, columns);
    return `${" ".repeat(Math.max(0, columns - width(text)))}${text}`;
  };
}

/** Each event is one line. */
function onOneLine(text: string): string {
  return text.replace(/[\r\n]+/g, " ");
}

function fieldText(event: FormattedEvent, path: EventPath): string {
  const value = valueAt(event.event, path);
  if (value !== undefined) return textOf(value);
  const [name] = path;
  if (path.length > 1 || typeof name !== "string" || !Object.hasOwn(own, name)) return "";
  return own[name](event, () => eventLine(event.event));
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === null) return "";
  return (isObject(value) || Array.isArray(value) ? jsonText(value) : String(value)) ?? "";
}
