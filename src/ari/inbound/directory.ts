/**
 * Which Asterisk answers at which address for HTTP, where it is Asterisk that dials.
 *
 * An Asterisk that dials does not tell where its HTTP server is, and an address from the settings may
 * lead to any of them, or to another one after a while. So each address is asked again and again who
 * is there.
 *
 * @module
 */
import { pause } from "../../common/pause.ts";
import { errorText } from "../../common/error_text.ts";
import { type OnWarning, readInfo } from "../asterisk_link.ts";
import type { AriRest } from "../rest.ts";

/** Options of {@linkcode HttpDirectory}. */
interface HttpDirectoryOptions {
  /** Told once when an address begins to be of no use. @default ignored */
  readonly onWarning?: OnWarning;
  /** Time between two looks, in milliseconds. @default 10_000 */
  readonly interval?: number;
  /** Time for an answer, in milliseconds. @default 5_000 */
  readonly timeout?: number;
}

interface Entry {
  readonly rest: AriRest;
  /** The entity ID of who answers there; absent when nobody does. */
  node?: string;
  /** The look that is under way. */
  looking?: Promise<void>;
  failing: boolean;
}

/** The Asterisks that can be reached over HTTP. Disposing of it leaves their REST alone. */
export class HttpDirectory implements Disposable {
  readonly #options: HttpDirectoryOptions;
  readonly #entries: readonly Entry[];
  readonly #end = new AbortController();
  #watching = false;

  /** Takes REST of each address; nothing is sent before the first look. */
  constructor(rests: readonly AriRest[], options: HttpDirectoryOptions = {}) {
    this.#options = options;
    this.#entries = rests.map((rest) => ({ rest, failing: false }));
  }

  /** REST of an Asterisk; undefined while no address is known to lead to it. */
  of(node: string): AriRest | undefined {
    return this.#entries.find((entry) => entry.node === node)?.rest;
  }

  /** REST of an Asterisk, after a look if none is known. */
  async find(node: string): Promise<AriRest | undefined> {
    if (!this.of(node)) await this.look();
    return this.of(node);
  }

  /** An Asterisk has gone, or cannot be reached: its address counts again after the next look. */
  doubt(node: string): void {
    for (const entry of this.#entries) {
      if (entry.node === node) entry.node = undefined;
    }
  }

  /** Asks at all addresses, and from now on again and again. Never rejects. */
  async look(): Promise<void> {
    if (!this.#watching) this.#watch().catch(() => {});
    await Promise.all(this.#entries.map((entry) => this.#lookAt(entry)));
  }

  /** Asks no more, and knows nobody. */
  [Symbol.dispose](): void {
    this.#end.abort();
    for (const entry of this.#entries) entry.node = undefined;
  }

  async #watch(): Promise<void> {
    const { interval = 10_000 } = this.#options;
    this.#watching = true;
    while (this.#entries.length > 0) {
      await pause(interval, this.#end.signal);
      await this.look();
    }
  }

  #lookAt(entry: Entry): Promise<void> {
    return entry.looking ??= this.#ask(entry).finally(() => entry.looking = undefined);
  }

  async #ask(entry: Entry): Promise<void> {
    const { timeout = 5_000, onWarning } = this.#options;
    const { signal } = this.#end;
    try {
      const { system } = await readInfo(entry.rest, { timeout, signal });
      if (signal.aborted) return;
      entry.node = system.entity_id;
      entry.failing = false;
    } catch (error) {
      entry.node = undefined;
      if (signal.aborted || entry.failing) return;
      entry.failing = true;
      onWarning?.("Cannot use ari.http_url, so requests go over the WebSockets of Asterisk", {
        reason: errorText(error),
      });
    }
  }
}
