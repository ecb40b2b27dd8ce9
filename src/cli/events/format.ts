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

/** An event, as a template sees it. */
export interface FormattedEvent {
  /** Subject that it came on. */
  readonly subject: string;
  /** Its text. */
  readonly text: string;
  /** What the text stands for; empty for what is no event. */
  readonly event: JsonObject;
}

/** Options of {@linkcode createEventFormat}. */
export interface EventFormatOptions {
  /** Whether characters of events are made visible that a terminal would obey. @default false */
  readonly clean?: boolean;
}

type Part = (event: FormattedEvent) => string;

/** Names beside those of the event's members. */
const own: Readonly<Record<string, (event: FormattedEvent, line: () => EventLine) => string>> = {
  time: (_, line) => line().time,
  node: (_, line) => line().node,
  summary: (_, line) => line().matter,
  subject: ({ subject }) => subject,
  event: ({ text }) => text.trim(),
};

/**
 * Makes a function that writes an event by a template.
 *
 * In braces stands a member of the event, or `time` (of day, here), `node`, `summary`, `subject`, or
 * `event` (all of it); behind a colon the least width, with `>` to the right. `{{` and `}}` stand for
 * braces, `\n`, `\t` and `\\` for a line end, a tab and a backslash. What is not there is empty.
 *
 * @throws {UsageError} For what is no template.
 */
export function createEventFormat(
  template: string,
  { clean = false }: EventFormatOptions = {},
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
  piece.lastIndex = 0;
  for (let at = 0; at < template.length; at = piece.lastIndex) {
    piece.lastIndex = at;
    const match = piece.exec(template);
    if (!match) {
      const why = template[at] === "\\"
        ? "a backslash stands before n, t, r or another one"
        : "the brace has no partner; a brace itself is written twice";
      return refuse(why, at);
    }
    const [, plain, brace, escape, field] = match;
    const literal = plain ?? brace?.[0] ?? escaped[escape];
    if (literal !== undefined) parts.push(() => literal);
    else {parts.push(
        readField(field, tame) ?? refuse("in braces stands a member, as in {type:20}", at),
      );}
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

/** An event makes a line. */
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
