import { eventEntities } from "../../protocol/event_entities.ts";
import type { JsonObject } from "../../protocol/json.ts";
import { type Key, keysMatch } from "../../protocol/key.ts";
import { originOf } from "./event_origin.ts";
import { eventTarget } from "./event_target.ts";
import { type AriEvent, toEvent } from "./model.ts";

/** An event on its way to its listeners. Whatever they want to know of it is worked out once. */
export class Delivery {
  /** The event as it came; nobody may change it, since others get the same object. */
  readonly message: JsonObject;
  /** Its type; empty when it has none. */
  readonly type: string;
  #event: { readonly value: AriEvent | undefined } | undefined;
  #entities: readonly Key[] | undefined;

  constructor(message: JsonObject) {
    this.message = message;
    this.type = this.#text("type");
  }

  /** The node that it names; empty when it names none. */
  get node(): string {
    return this.#text("asterisk_id");
  }

  /** The event as a listener gets it; undefined for what is no event. */
  get event(): AriEvent | undefined {
    this.#event ??= { value: toEvent(this.message) };
    return this.#event.value;
  }

  /**
   * Keys of the entities that it is about. Other than for dialogs a channel or bridge is among those of
   * what is played to it or recorded of it: who follows a call wants to know.
   */
  get entities(): readonly Key[] {
    return this.#entities ??= this.#findEntities();
  }

  /** Tells whether it is about one of the entities. */
  concerns(keys: readonly Key[]): boolean {
    return keys.some((key) => this.entities.some((entity) => keysMatch(key, entity)));
  }

  #findEntities(): readonly Key[] {
    const origin = originOf({
      application: this.#text("application"),
      asterisk_id: this.node,
      dialog: this.#text("dialog"),
    });
    const target = eventTarget(this.message);
    const entities = [...eventEntities(this.message), ...(target ? [target] : [])];
    return entities.map((entity) => ({ ...origin, ...entity }));
  }

  #text(name: string): string {
    const value = this.message[name];
    return typeof value === "string" ? value : "";
  }
}
