/**
 * Subjects with wildcards, as the topic exchanges of RabbitMQ have them and as we do.
 *
 * @module
 */

/**
 * The binding key that all messages of a subject match. Others match it, too, when a part is `#`, which
 * is a wildcard for RabbitMQ only; {@linkcode covers} distinguishes them.
 *
 * @param pattern A subject with or without wildcards.
 */
export function bindingKey(pattern: string): string {
  // A `#` alone would also match no part at all.
  return pattern.split(".").map((part) => part === ">" ? "*.#" : part === "#" ? "*" : part).join(
    ".",
  );
}

/** Whether a pattern matches more than one subject. */
export function hasWildcards(pattern: string): boolean {
  return pattern.split(".").some((part) => part === "*" || part === ">");
}

/** Whether all subjects that match `inner` match `outer`, too. A subject without wildcards matches itself. */
export function covers(outer: string, inner: string): boolean {
  const [outers, inners] = [outer.split("."), inner.split(".")];
  for (const [index, part] of outers.entries()) {
    if (index >= inners.length) return false;
    if (part === ">") return true;
    if (part === "*" ? inners[index] === ">" : inners[index] !== part) return false;
  }
  return outers.length === inners.length;
}

/** Whether some subject matches both. */
export function overlaps(one: string, other: string): boolean {
  const [ones, others] = [one.split("."), other.split(".")];
  for (let index = 0; index < ones.length && index < others.length; index++) {
    const [a, b] = [ones[index], others[index]];
    if (a === ">" || b === ">") return true;
    if (a !== b && a !== "*" && b !== "*") return false;
  }
  return ones.length === others.length;
}
