/**
 * Which messages `tail` shows.
 *
 * @module
 */
import { parseEvent } from "../../protocol/event_text.ts";
import type { JsonObject } from "../../protocol/json.ts";
import { CallFollower } from "../events/call_follower.ts";
import { createEventFilter } from "../events/event_filter.ts";
import { createWhere } from "../events/where.ts";
import { gapType } from "../../protocol/gap.ts";

/** What is wanted; what is absent lets all pass. */
export interface TailFilterOptions {
  /** As in {@linkcode createEventFilter}. @default all */
  readonly types?: readonly string[];
  /** As in {@linkcode createEventFilter}. @default all */
  readonly channels?: readonly string[];
  /** Expression that has to hold. @default none */
  readonly where?: string;
  /** ID of a channel or bridge of the call that is wanted. @default all */
  readonly call?: string;
}

/** Decides about messages, in order. */
export class TailFilter {
  readonly #named: (text: string) => boolean;
  readonly #where: ((event: JsonObject) => boolean) | undefined;
  readonly #call: CallFollower | undefined;
  /** Whether anything is kept out. */
  readonly isSelective: boolean;
  /** Whether notices of missing events are asked for by their name. */
  readonly namesGaps: boolean;

  /**
   * Makes a filter.
   *
   * @throws {UsageError} When the expression is none.
   */
  constructor({ where, call, ...named }: TailFilterOptions) {
    this.#named = createEventFilter(named);
    this.#where = where === undefined ? undefined : createWhere(where);
    this.#call = call === undefined ? undefined : new CallFollower(call);
    const { types = [], channels = [] } = named;
    this.isSelective = [types, channels].some(({ length }) => length > 0) ||
      where !== undefined || call !== undefined;
    const words = [...types, where ?? ""].join(" ").toLowerCase();
    this.namesGaps = words.includes(gapType.toLowerCase());
  }

  /** Whether the call is known to be over. */
  get over(): boolean {
    return this.#call?.over ?? false;
  }

  /** Takes note of an event of the past, so that what comes before it is known to belong to the call. */
  foresee(text: string): void {
    const event = parseEvent(text);
    if (event) this.#call?.see(event);
  }

  /** Whether an event is wanted. Each has to be shown to it, since a call is followed by them. */
  wants(text: string): boolean {
    if (!this.#where && !this.#call) return this.#named(text);
    const event = parseEvent(text);
    if (!event) return false;
    const belongs = this.#call?.see(event) ?? true;
    return belongs && this.#named(text) && (this.#where?.(event) ?? true);
  }
}
