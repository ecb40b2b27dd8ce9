/**
 * Which messages `tail` shows.
 *
 * @module
 */
import { readEventHead } from "../../common/event_head.ts";
import { concernsAny } from "../../protocol/event_entities.ts";
import { parseEvent } from "../../protocol/event_text.ts";
import { gapType } from "../../protocol/notice.ts";
import type { JsonObject } from "../../protocol/json.ts";
import { CallFollower } from "../events/call_follower.ts";
import { createWhere } from "../events/where.ts";

/** Decides which messages are shown. */
export class TailFilter {
  readonly #types: ReadonlySet<string>;
  readonly #keys: readonly { readonly kind: "channel"; readonly id: string }[];
  readonly #where: ((event: JsonObject) => boolean) | undefined;
  readonly #call: CallFollower | undefined;
  /** Whether any message is left out. */
  readonly isSelective: boolean;
  /** Whether notices of missing events are asked for by their name. */
  readonly namesGaps: boolean;

  /**
   * Creates a filter. What is absent or empty selects all.
   *
   * @param options.types Types, also several in a text with commas between them, in any letter case.
   * @param options.channels IDs of channels, in the same way; an event has to be about one of them.
   * @param options.where Expression that has to hold.
   * @param options.call ID of a channel or bridge of the call whose events are shown.
   * @throws {UsageError} When the expression cannot be parsed.
   */
  constructor({ types = [], channels = [], where, call }: {
    readonly types?: readonly string[];
    readonly channels?: readonly string[];
    readonly where?: string;
    readonly call?: string;
  }) {
    this.#types = new Set(splitNames(types).map((type) => type.toLowerCase()));
    this.#keys = splitNames(channels).map((id) => ({ kind: "channel", id }));
    this.#where = where === undefined ? undefined : createWhere(where);
    this.#call = call === undefined ? undefined : new CallFollower(call);
    this.isSelective = [types, channels].some(({ length }) => length > 0) ||
      where !== undefined || call !== undefined;
    const words = [...types, where ?? ""].join(" ").toLowerCase();
    this.namesGaps = words.includes(gapType.toLowerCase());
  }

  /** Whether the call is known to be over. */
  get over(): boolean {
    return this.#call?.over ?? false;
  }

  /** Records what the history holds of the call, so that its events before that are shown as well. */
  foresee(text: string): void {
    const event = parseEvent(text);
    if (event) this.#call?.see(event);
  }

  /** Whether a message is shown. Needs each message, in order, since a call is followed by them. */
  accepts(text: string): boolean {
    if (!this.#where && !this.#call) return this.#isNamed(text);
    const event = parseEvent(text);
    if (!event) return false;
    const belongs = this.#call?.see(event) ?? true;
    return belongs && this.#isNamed(text) && (this.#where?.(event) ?? true);
  }

  #isNamed(text: string): boolean {
    if (this.#types.size > 0 && !this.#types.has(readEventHead(text).type.toLowerCase())) {
      return false;
    }
    if (this.#keys.length === 0) return true;
    const event = parseEvent(text);
    return event !== undefined && concernsAny(event, this.#keys);
  }
}

/** The names in texts that may each hold several, with commas between them. */
export function splitNames(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.split(",")).map((text) => text.trim()).filter((text) =>
    text !== ""
  );
}
