/**
 * Which Asterisk responds at which HTTP address, where Asterisk connects to this program.
 *
 * An Asterisk that connects does not report where its HTTP server is, and an address from the settings
 * may lead to any Asterisk, or to another one after a while. So each address is checked periodically.
 *
 * @module
 */
import { pause } from "../../common/pause.ts";
import { errorText } from "../../common/error_text.ts";
import { type OnWarning, readInfo } from "../asterisk_link.ts";
import type { AriRest } from "../rest.ts";

interface HttpDirectoryOptions {
  /** Called once when an address stops working. @default ignored */
  readonly onWarning?: OnWarning;
  /** Interval of the checks, in milliseconds. @default 10_000 */
  readonly interval?: number;
  /** Time for a response, in milliseconds. @default 5_000 */
  readonly timeout?: number;
}

interface Entry {
  readonly rest: AriRest;
  /** The entity ID of the Asterisk at the address; absent when there is none. */
  node?: string;
  /** The check in progress. */
  checking?: Promise<void>;
  failing: boolean;
}

/** The Asterisks that can be reached over HTTP. Disposing of it does not dispose of their REST. */
export class HttpDirectory implements Disposable {
  readonly #options: HttpDirectoryOptions;
  readonly #entries: readonly Entry[];
  readonly #end = new AbortController();
  #watching = false;

  /** @param rests REST of each address. Nothing is sent before the first check. */
  constructor(rests: readonly AriRest[], options: HttpDirectoryOptions = {}) {
    this.#options = options;
    this.#entries = rests.map((rest) => ({ rest, failing: false }));
  }

  /** REST of an Asterisk; undefined while no address leads to it. */
  of(node: string): AriRest | undefined {
    return this.#entries.find((entry) => entry.node === node)?.rest;
  }

  /** REST of an Asterisk, after a check if no address leads to it. */
  async find(node: string): Promise<AriRest | undefined> {
    if (!this.of(node)) await this.check();
    return this.of(node);
  }

  /** Disregards the address of an Asterisk, which is gone or cannot be reached, until the next check. */
  forget(node: string): void {
    for (const entry of this.#entries) {
      if (entry.node === node) entry.node = undefined;
    }
  }

  /** Checks all addresses, and after that periodically. Never rejects. */
  async check(): Promise<void> {
    if (!this.#watching) this.#watch().catch(() => {});
    await Promise.all(this.#entries.map((entry) => this.#checkEntry(entry)));
  }

  /** Ends the checks, and disregards all addresses. */
  [Symbol.dispose](): void {
    this.#end.abort();
    for (const entry of this.#entries) entry.node = undefined;
  }

  async #watch(): Promise<void> {
    const { interval = 10_000 } = this.#options;
    this.#watching = true;
    while (this.#entries.length > 0) {
      await pause(interval, this.#end.signal);
      await this.check();
    }
  }

  #checkEntry(entry: Entry): Promise<void> {
    return entry.checking ??= this.#ask(entry).finally(() => entry.checking = undefined);
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
