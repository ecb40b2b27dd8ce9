/**
 * Subjects: which ones a bus takes, and which subscriptions match one.
 *
 * A subject is one part or more, joined by dots. A part is one character or more; blanks and control
 * characters are refused, and a part that is `*` or `>` is a wildcard.
 *
 * @module
 */

import { BusError } from "./bus.ts";

/**
 * The longest subject, in bytes of UTF-8. A server cuts the connection when the line that carries a
 * subject and a subject for the answers is over 4 KiB.
 */
export const MAX_SUBJECT = 1024;

const DOT = 0x2e;
const STAR = 0x2a;
const TAIL = 0x3e;
const SPACE = 0x20;
const DELETE = 0x7f;

/**
 * Checks that a message can be published on the subject.
 *
 * @param max The longest subject, in bytes.
 * @throws {BusError} With the code `invalid`.
 */
export function checkPublishSubject(subject: string, max = MAX_SUBJECT): void {
  const problem = problemOf(subject, { wildcards: false, max });
  if (problem !== undefined) throw refusal("publish on", subject, problem);
}

/**
 * Checks that a subject, with or without wildcards, can be subscribed to.
 *
 * @param max The longest subject, in bytes.
 * @throws {BusError} With the code `invalid`.
 */
export function checkSubscribeSubject(subject: string, max = MAX_SUBJECT): void {
  const problem = problemOf(subject, { wildcards: true, max });
  if (problem !== undefined) throw refusal("subscribe to", subject, problem);
}

/**
 * Checks that a queue group can have this name.
 *
 * @throws {BusError} With the code `invalid`.
 */
export function checkQueueName(queue: string): void {
  const problem = problemOf(queue, { wildcards: true, max: MAX_SUBJECT });
  if (problem !== undefined) throw refusal("join the queue", queue, problem);
}

function problemOf(
  subject: string,
  { wildcards, max }: { readonly wildcards: boolean; readonly max: number },
): string | undefined {
  const length = subject.length;
  if (length === 0) return "it is empty";
  let bytes = length;
  let start = 0;
  for (let index = 0; index <= length; index++) {
    const code = index === length ? DOT : subject.charCodeAt(index);
    if (code === DOT) {
      const size = index - start;
      if (size === 0) return "it has an empty part";
      if (size === 1) {
        const only = subject.charCodeAt(start);
        if ((only === STAR || only === TAIL) && !wildcards) return "it has a wildcard";
        if (only === TAIL && index !== length) return "'>' is not its last part";
      }
      start = index + 1;
    } else if (code <= SPACE || code === DELETE) {
      return "it has a blank or a control character";
    } else if (code > DELETE) {
      bytes += code < 0x800 ? 1 : 2;
    }
  }
  return bytes > max ? `it is longer than ${max} bytes` : undefined;
}

function refusal(what: string, subject: string, problem: string): BusError {
  // Quoted as JSON so that a control character does not reach a terminal.
  const shown = JSON.stringify(subject.length > 80 ? `${subject.slice(0, 80)}…` : subject);
  return new BusError("invalid", `Cannot ${what} ${shown}: ${problem}`);
}

interface Node<T> {
  readonly children: Map<string, Node<T>>;
  /** Those of the pattern that ends here. */
  readonly values: Set<T>;
}

/** Values by subject pattern: `*` matches one part, a final `>` one or more. */
export class SubjectTree<T> {
  readonly #root: Node<T> = makeNode();

  /** Adds a value under a pattern. The same value is held once per pattern. */
  add(pattern: string, value: T): void {
    let node = this.#root;
    for (const part of pattern.split(".")) {
      let child = node.children.get(part);
      if (child === undefined) node.children.set(part, child = makeNode());
      node = child;
    }
    node.values.add(value);
  }

  /** Takes a value from under a pattern, if it is there. */
  remove(pattern: string, value: T): void {
    const path: [Node<T>, string][] = [];
    let node = this.#root;
    for (const part of pattern.split(".")) {
      const child = node.children.get(part);
      if (child === undefined) return;
      path.push([node, part]);
      node = child;
    }
    node.values.delete(value);
    // Empty branches are removed, so that subjects used once do not pile up.
    for (const [parent, part] of path.reverse()) {
      if (node.values.size > 0 || node.children.size > 0) return;
      parent.children.delete(part);
      node = parent;
    }
  }

  /** The values of all patterns that match a subject, in no particular order. */
  match(subject: string): T[] {
    const found: T[] = [];
    collect(this.#root, subject.split("."), 0, found);
    return found;
  }
}

function collect<T>(node: Node<T>, parts: readonly string[], depth: number, found: T[]): void {
  if (depth === parts.length) {
    found.push(...node.values);
    return;
  }
  const tail = node.children.get(">");
  if (tail !== undefined) found.push(...tail.values);
  const any = node.children.get("*");
  if (any !== undefined) collect(any, parts, depth + 1, found);
  const exact = node.children.get(parts[depth]);
  if (exact !== undefined) collect(exact, parts, depth + 1, found);
}

function makeNode<T>(): Node<T> {
  return { children: new Map(), values: new Set() };
}
