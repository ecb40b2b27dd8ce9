import type { Key } from "../../protocol/key.ts";
import { guarded } from "../guarded.ts";
import type { Delivery } from "./delivery.ts";
import type { AriProxyGapEvent } from "./gap_notice.ts";

/** One who listens to a subject. */
export interface EventListener {
  /** Entities of which an event has to be about one. @default all events */
  readonly keys?: readonly Key[];
  /** Takes an event. */
  onEvent(delivery: Delivery): void;
  /** Is told that events are missing, whatever entities they may have been about. */
  onGap(gap: AriProxyGapEvent): void;
}

/**
 * Those who listen to a subject. Who wants to hear of some entities only is found by their IDs, so that
 * an event costs nothing for all the others. One that throws takes nothing from the others.
 */
export class EventListeners {
  readonly #all = new Set<EventListener>();
  readonly #ofEverything = new Set<EventListener>();
  readonly #byId = new Map<string, Set<EventListener>>();

  /** How many there are. */
  get size(): number {
    return this.#all.size;
  }

  /** Adds one. */
  add(listener: EventListener): void {
    this.#all.add(listener);
    for (const id of idsOf(listener) ?? []) {
      const others = this.#byId.get(id);
      if (others) others.add(listener);
      else this.#byId.set(id, new Set([listener]));
    }
    if (!idsOf(listener)) this.#ofEverything.add(listener);
  }

  /** Takes one away. */
  delete(listener: EventListener): void {
    this.#all.delete(listener);
    this.#ofEverything.delete(listener);
    for (const id of idsOf(listener) ?? []) {
      const others = this.#byId.get(id);
      others?.delete(listener);
      if (others?.size === 0) this.#byId.delete(id);
    }
  }

  /** Gives an event to those whom it concerns. */
  deliver(delivery: Delivery): void {
    for (const listener of this.#ofEverything) guarded(() => listener.onEvent(delivery));
    if (this.#byId.size === 0) return;
    const found = new Set<EventListener>();
    for (const { id = "" } of delivery.entities) {
      for (const listener of this.#byId.get(id) ?? []) {
        if (delivery.concerns(listener.keys ?? [])) found.add(listener);
      }
    }
    for (const listener of found) guarded(() => listener.onEvent(delivery));
  }

  /** Tells all of a gap. */
  tell(gap: AriProxyGapEvent): void {
    for (const listener of this.#all) guarded(() => listener.onGap(gap));
  }
}

/** The IDs that a listener waits for; undefined when any event concerns it. */
function idsOf({ keys }: EventListener): readonly string[] | undefined {
  const ids = keys?.map(({ id = "" }) => id);
  return ids?.every((id) => id) ? ids : undefined;
}
