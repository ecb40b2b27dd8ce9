/**
 * Finds the subscriptions that a subject concerns.
 *
 * @module
 */

interface Node<T> {
  readonly children: Map<string, Node<T>>;
  /** What stands at the end of a pattern. */
  readonly values: Set<T>;
}

const ANY = "*";
const TAIL = ">";

/** Values by subject pattern: `*` stands for one part, a final `>` for one or more. */
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
    // Branches that hold nothing go, so that subjects used once do not pile up.
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
  const tail = node.children.get(TAIL);
  if (tail !== undefined) found.push(...tail.values);
  const any = node.children.get(ANY);
  if (any !== undefined) collect(any, parts, depth + 1, found);
  const exact = node.children.get(parts[depth]);
  if (exact !== undefined) collect(exact, parts, depth + 1, found);
}

function makeNode<T>(): Node<T> {
  return { children: new Map(), values: new Set() };
}
