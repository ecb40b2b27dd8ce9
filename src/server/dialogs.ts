import type { EntityKind, EntityRef } from "../protocol/entities.ts";

/** Options of {@linkcode Dialogs}. */
export interface DialogsOptions {
  /**
   * How long the bindings of an ended entity last, in milliseconds: some events of a channel follow
   * its end.
   *
   * @default {30_000}
   */
  readonly grace?: number;
  /**
   * How long a binding lasts whose entity has neither been bound again nor had an event, in
   * milliseconds. It is for entities whose end nobody tells.
   *
   * @default {86_400_000}
   */
  readonly idle?: number;
  /**
   * How many entities can be bound. The one bound or heard of longest ago makes way for another.
   *
   * @default {100_000}
   */
  readonly limit?: number;
  /**
   * How many characters the names of entities and dialogs can have in all, with the same consequence.
   *
   * @default {16_777_216}
   */
  readonly sizeLimit?: number;
  /**
   * How many dialogs an entity can be bound to; the one it was bound to first makes way for another.
   *
   * @default {100}
   */
  readonly dialogLimit?: number;
  /** Tells the time, in milliseconds. */
  readonly now?: () => number;
}

interface Bound {
  readonly kind: EntityKind;
  readonly dialogs: Set<string>;
  /** When the binding goes. */
  expires: number;
  ended: boolean;
}

/**
 * Which dialogs an entity's events go to. A binding ends some time after its entity, so that memory
 * does not grow and a reused ID does not inherit dialogs.
 */
export class Dialogs {
  readonly #bound = new Map<string, Bound>();
  readonly #grace: number;
  readonly #idle: number;
  readonly #limit: number;
  readonly #sizeLimit: number;
  readonly #dialogLimit: number;
  readonly #now: () => number;
  /** Characters of all names. */
  #size = 0;

  /** Makes an empty table. */
  constructor(options: DialogsOptions = {}) {
    this.#grace = options.grace ?? 30_000;
    this.#idle = options.idle ?? 86_400_000;
    this.#limit = options.limit ?? 100_000;
    this.#sizeLimit = options.sizeLimit ?? 16 * 1024 * 1024;
    this.#dialogLimit = options.dialogLimit ?? 100;
    this.#now = options.now ?? Date.now;
  }

  /** How many entities are bound. */
  get size(): number {
    return this.#bound.size;
  }

  /** Binds entities to a dialog; those with an empty ID are ignored. */
  bind(dialog: string, entities: readonly EntityRef[]): void {
    for (const { kind, id } of entities) {
      if (!id) continue;
      const name = nameOf({ kind, id });
      const bound = this.#alive(name) ?? this.#add(name, kind);
      this.#include(bound, dialog);
      bound.ended = false;
      this.#touch(name, bound);
    }
    while (this.#bound.size > this.#limit || this.#size > this.#sizeLimit) {
      const oldest = this.#bound.entries().next();
      if (oldest.done) break;
      this.#drop(...oldest.value);
    }
  }

  /** The dialogs that the entities of an event are bound to, each once. */
  of(entities: readonly EntityRef[]): Iterable<string> {
    const dialogs = new Set<string>();
    for (const entity of entities) {
      const name = nameOf(entity);
      const bound = this.#alive(name);
      if (!bound) continue;
      if (!bound.ended) this.#touch(name, bound);
      bound.dialogs.forEach((dialog) => dialogs.add(dialog));
    }
    return dialogs;
  }

  /** All dialogs that something is bound to, each once. */
  all(): Iterable<string> {
    const now = this.#now();
    const dialogs = new Set<string>();
    for (const bound of this.#bound.values()) {
      if (bound.expires > now) bound.dialogs.forEach((dialog) => dialogs.add(dialog));
    }
    return dialogs;
  }

  /** Lets the bindings of an entity that has ended go, after the grace period. */
  end(entity: EntityRef): void {
    const bound = this.#bound.get(nameOf(entity));
    if (bound) this.#end(bound);
  }

  /** Whether an entity of the kind is bound and not known to have ended. */
  has(kind: EntityKind): boolean {
    return this.#bound.values().some((bound) => bound.kind === kind && !bound.ended);
  }

  /**
   * Ends the bindings of those entities of a kind that are not among the living. Those bound or
   * heard of within the grace period are spared: they may be about to be made.
   */
  retain(kind: EntityKind, living: ReadonlySet<string>): void {
    const recent = this.#now() + this.#idle - this.#grace;
    for (const [name, bound] of this.#bound) {
      if (bound.kind !== kind || bound.expires > recent) continue;
      if (!living.has(name.slice(kind.length + 1))) this.#end(bound);
    }
  }

  /** Drops the bindings whose time is over. */
  sweep(): void {
    const now = this.#now();
    for (const [name, bound] of this.#bound) {
      if (bound.expires <= now) this.#drop(name, bound);
    }
  }

  #add(name: string, kind: EntityKind): Bound {
    this.#size += name.length;
    const bound = { kind, dialogs: new Set<string>(), expires: 0, ended: false };
    this.#bound.set(name, bound);
    return bound;
  }

  #include({ dialogs }: Bound, dialog: string): void {
    if (dialogs.has(dialog)) return;
    dialogs.add(dialog);
    this.#size += dialog.length;
    if (dialogs.size <= this.#dialogLimit) return;
    const [first] = dialogs;
    dialogs.delete(first);
    this.#size -= first.length;
  }

  #drop(name: string, { dialogs }: Bound): void {
    this.#bound.delete(name);
    this.#size -= name.length;
    for (const dialog of dialogs) this.#size -= dialog.length;
  }

  #alive(name: string): Bound | undefined {
    const bound = this.#bound.get(name);
    if (!bound || bound.expires > this.#now()) return bound;
    this.#drop(name, bound);
    return undefined;
  }

  #end(bound: Bound): void {
    if (bound.ended) return;
    bound.ended = true;
    bound.expires = this.#now() + this.#grace;
  }

  /** Puts an entity last, so that the first one is always the one heard of longest ago. */
  #touch(name: string, bound: Bound): void {
    bound.expires = this.#now() + this.#idle;
    this.#bound.delete(name);
    this.#bound.set(name, bound);
  }
}

function nameOf({ kind, id }: EntityRef): string {
  return `${kind} ${id}`;
}
