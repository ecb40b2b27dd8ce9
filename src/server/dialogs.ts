import type { AriResult } from "../protocol/kinds/engine.ts";
import { entityId, type EntityKind, type EntityRef } from "../protocol/entity.ts";
import { parseJson } from "../protocol/json.ts";
import type { AriCall } from "../protocol/ari_call.ts";

/** Bindings that ended before their entity is known to have ended. */
export interface DroppedBindings {
  /**
   * Why: the entity was bound to too many dialogs, too many entities were bound, or this one had no event
   * for long.
   */
  readonly why: "dialogs" | "entities" | "idle";
  readonly entity: EntityRef;
  /** The dialogs that it was bound to. */
  readonly dialogs: readonly string[];
}

interface DialogsOptions {
  /**
   * How long the bindings of an ended entity last, in milliseconds: some events of a channel follow
   * its end.
   *
   * @default {30_000}
   */
  readonly grace?: number;
  /**
   * How long a binding lasts whose entity has neither been bound again nor had an event, in
   * milliseconds. It is for entities whose end is not reported by an event.
   *
   * @default {86_400_000}
   */
  readonly idle?: number;
  /**
   * How many entities can be bound. Beyond that the one is dropped whose last binding or event is oldest.
   *
   * @default {100_000}
   */
  readonly limit?: number;
  /**
   * How many characters the names of entities and dialogs can have in all; beyond that the same happens.
   *
   * @default {16_777_216}
   */
  readonly sizeLimit?: number;
  /**
   * How many dialogs an entity can be bound to; beyond that the one is dropped that it was bound to first.
   *
   * @default {100}
   */
  readonly dialogLimit?: number;
  /** Called when bindings end while their entity may still exist. It must not throw. */
  readonly onDropped?: (dropped: DroppedBindings) => void;
  /** Returns the time, in milliseconds. */
  readonly now?: () => number;
}

interface Bound {
  readonly kind: EntityKind;
  readonly id: string;
  readonly dialogs: Set<string>;
  /** When the binding ends. */
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
  readonly #onDropped: (dropped: DroppedBindings) => void;
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
    this.#onDropped = options.onDropped ?? (() => {});
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
      const bound = this.#alive(name) ?? this.#add(name, { kind, id });
      bound.ended = false;
      this.#include(bound, dialog);
      this.#touch(name, bound);
    }
    while (this.#bound.size > this.#limit || this.#size > this.#sizeLimit) {
      const oldest = this.#bound.entries().next();
      if (oldest.done) break;
      const [name, bound] = oldest.value;
      this.#drop(name, bound, bound.expires <= this.#now() ? "idle" : "entities");
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
   * Ends the bindings of those entities of a kind that are not among the living. Entities that were bound
   * or had an event within the grace period are spared: they may be about to be created.
   */
  retain(kind: EntityKind, living: ReadonlySet<string>): void {
    const recent = this.#now() + this.#idle - this.#grace;
    for (const bound of this.#bound.values()) {
      if (bound.kind !== kind || bound.expires > recent) continue;
      if (!living.has(bound.id)) this.#end(bound);
    }
  }

  /** Drops the bindings whose time is over. */
  sweep(): void {
    const now = this.#now();
    for (const [name, bound] of this.#bound) {
      if (bound.expires <= now) this.#drop(name, bound, "idle");
    }
  }

  #add(name: string, { kind, id }: EntityRef): Bound {
    this.#size += name.length;
    const bound = { kind, id, dialogs: new Set<string>(), expires: 0, ended: false };
    this.#bound.set(name, bound);
    return bound;
  }

  #include(bound: Bound, dialog: string): void {
    const { dialogs } = bound;
    if (dialogs.has(dialog)) return;
    dialogs.add(dialog);
    this.#size += dialog.length;
    if (dialogs.size <= this.#dialogLimit) return;
    const [first] = dialogs;
    dialogs.delete(first);
    this.#size -= first.length;
    this.#report(bound, "dialogs", [first]);
  }

  #drop(name: string, bound: Bound, why: DroppedBindings["why"]): void {
    const dialogs = [...bound.dialogs];
    this.#bound.delete(name);
    this.#size -= name.length;
    for (const dialog of dialogs) this.#size -= dialog.length;
    this.#report(bound, why, dialogs);
  }

  /** Reports dropped bindings, unless the entity has ended, so that no client waits for its events. */
  #report({ ended, kind, id }: Bound, why: DroppedBindings["why"], dialogs: string[]): void {
    if (!ended) this.#onDropped({ why, entity: { kind, id }, dialogs });
  }

  #alive(name: string): Bound | undefined {
    const bound = this.#bound.get(name);
    if (!bound || bound.expires > this.#now()) return bound;
    this.#drop(name, bound, "idle");
    return undefined;
  }

  #end(bound: Bound): void {
    if (bound.ended) return;
    bound.ended = true;
    bound.expires = this.#now() + this.#grace;
  }

  /** Moves an entity to the end, so that the first one is always the one to drop. */
  #touch(name: string, bound: Bound): void {
    bound.expires = this.#now() + this.#idle;
    this.#bound.delete(name);
    this.#bound.set(name, bound);
  }
}

function nameOf({ kind, id }: EntityRef): string {
  return `${kind} ${id}`;
}

/**
 * Compares the bindings with what Asterisk has: counts its channels, and ends the bindings of channels and
 * bridges that do not exist any more, since the event of their end may have been missed.
 *
 * @returns How many channels there are; undefined when Asterisk did not list them.
 * @throws What `send` rejects with.
 */
export async function reconcileDialogs(
  dialogs: Dialogs,
  send: (call: AriCall) => Promise<AriResult>,
): Promise<number | undefined> {
  const living = async (kind: EntityKind, path: string) => {
    const { status, body } = await send({ method: "GET", path, query: "" });
    const items = status === 200 ? parseJson(body) : undefined;
    return Array.isArray(items) ? new Set(items.map((item) => entityId(kind, item))) : undefined;
  };
  const channels = await living("channel", "/channels");
  if (channels) dialogs.retain("channel", channels);
  if (dialogs.has("bridge")) {
    const bridges = await living("bridge", "/bridges");
    if (bridges) dialogs.retain("bridge", bridges);
  }
  dialogs.sweep();
  return channels?.size;
}
