import assert from "node:assert/strict";
import type { AriState, AsteriskLink } from "../../../src/ari/asterisk_link.ts";
import { AriListener } from "../../../src/ari/inbound/listener.ts";
import { Received } from "../../testing/received.ts";

/** Options of an {@linkcode AriListener}. */
export type AriListenerOptions = ConstructorParameters<typeof AriListener>[0];

/** The entity ID of an Asterisk. */
export const node = "02:00:00:00:00:0a";

/** A listener, and what it reported. */
export class TestListener implements AsyncDisposable {
  readonly links = new Map<string, AsteriskLink>();
  readonly events = new Received<Record<string, unknown>>();
  readonly states = new Received<AriState>();
  readonly warnings = new Received<string>();
  /** The peers that the warnings name. */
  readonly accused: string[] = [];
  readonly listener: AriListener;

  constructor(options: Partial<AriListenerOptions> = {}) {
    this.listener = new AriListener({
      hostname: "localhost",
      port: 0,
      onWarning: (text, details) => {
        this.accused.push(details?.from ?? "");
        this.warnings.add(text);
      },
      onAsterisk: (name, connect) => {
        const link = connect({
          onEvent: ({ text, bytes }) => {
            assert.equal(new TextDecoder().decode(bytes), text);
            this.events.add(JSON.parse(text));
          },
          onState: this.states.add,
          onWarning: this.warnings.add,
        });
        link.start();
        this.links.set(name, link);
      },
      ...options,
    });
  }

  get port(): number {
    return this.listener.port;
  }

  /** The link of an Asterisk, once it is up. */
  async link(name = node): Promise<AsteriskLink> {
    await this.states.until((states) => states.some((state) => state.up && state.node === name));
    return this.links.get(name)!;
  }

  /** Waits for the event with a number. */
  async numbered(n: number): Promise<void> {
    await this.events.until((events) => events.some((event) => event.n === n));
  }

  get numbers(): unknown[] {
    return this.events.items.map(({ n }) => n).filter((n) => n !== undefined);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.listener[Symbol.asyncDispose]();
  }
}
