/** Locates an entity in the cluster, or filters; every member is optional. */
export interface Key {
  /** Kind of the entity. */
  readonly kind?: string;
  /** ID of the entity; an endpoint's is `<tech>/<resource>`. */
  readonly id?: string;
  /** Node, that is Asterisk's entity ID. */
  readonly node?: string;
  /** Stasis application. */
  readonly app?: string;
  /** Dialog that gets the later events of the entity. */
  readonly dialog?: string;
}

/** Application and node together: what names one proxy. */
export interface Coordinates {
  /** Stasis application. */
  readonly app: string;
  /** Node, that is Asterisk's entity ID. */
  readonly node: string;
}

/** The members of a key, in the order in which they are written. */
export const keyMembers = ["kind", "id", "node", "dialog", "app"] as const;

/**
 * Whether two keys match: no member is set in both of them and different. An absent key
 * matches every key.
 */
export function keysMatch(a: Key | null | undefined, b: Key | null | undefined): boolean {
  if (!a || !b) return true;
  return keyMembers.every((member) => !a[member] || !b[member] || a[member] === b[member]);
}

/** The key with the coordinates of the proxy that responds, without empty members. */
export function stampKey(key: Key, self: Coordinates): Key {
  return compactKey({ ...key, app: self.app, node: self.node });
}

/** The key without its empty members. */
export function compactKey(key: Key): Key {
  return Object.fromEntries(
    keyMembers.filter((member) => key[member]).map((member) => [member, key[member]]),
  );
}
