import assert from "node:assert/strict";
import { AriLink } from "../../src/ari/link.ts";
import type { AriDown, AriState, AriUp } from "../../src/ari/asterisk_link.ts";
import { withDeadline } from "../testing/deadline.ts";

/** Options of an {@linkcode AriLink}. */
export type AriLinkOptions = ConstructorParameters<typeof AriLink>[0];
/** Why a link is down. */
export type AriDownCode = AriDown["code"];

/** Pauses for tests that wait for the next attempt. */
export const QUICK = { first: 5, max: 20 };
/** Pauses for tests in which no further attempt shall follow. */
export const NEVER = { first: 1_000_000, max: 1_000_000 };

/** The addresses and credentials of an Asterisk, real or fake. */
export interface Target {
  readonly httpUrl: string;
  readonly websocketUrl: string;
  readonly username: string;
  readonly password: string;
}

/** A link and what it reported. */
export interface TestLink extends AsyncDisposable {
  readonly link: AriLink;
  readonly states: readonly AriState[];
  readonly events: readonly string[];
  readonly warnings: readonly string[];
  /** Resolves when the condition holds; checked after every report. */
  until(condition: () => boolean): Promise<void>;
  /** Resolves when the link is up, and was so `times` times in all. */
  up(times?: number): Promise<AriUp>;
  /** Resolves when the link was down for this reason. */
  down(code: AriDownCode): Promise<AriDown>;
}

/** A started link that records its reports, with ways to wait for them. */
export function linkTo(asterisk: Target, options: Partial<AriLinkOptions> = {}): TestLink {
  const states: AriState[] = [];
  const events: string[] = [];
  const warnings: string[] = [];
  let waiting: (() => void)[] = [];
  const note = <T>(list: T[]) => (item: T) => {
    list.push(item);
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };
  const noteEvent = note(events);
  const link = new AriLink({
    httpUrl: asterisk.httpUrl,
    websocketUrl: asterisk.websocketUrl,
    username: asterisk.username,
    password: asterisk.password,
    applications: ["demo"],
    onEvent: ({ text }) => noteEvent(text),
    onState: note(states),
    onWarning: note(warnings),
    pauses: { lost: QUICK, denied: NEVER, replaced: NEVER },
    ...options,
  });
  link.start();
  const until = async (condition: () => boolean) => {
    const met = async () => {
      while (!condition()) await new Promise<void>((resolve) => waiting.push(resolve));
    };
    await withDeadline(met(), { what: `the link waits for ${condition}` });
  };
  return {
    link,
    states,
    events,
    warnings,
    until,
    async up(times = 1) {
      await until(() => states.filter((state) => state.up).length >= times && link.state.up);
      assert.ok(link.state.up);
      return link.state;
    },
    async down(code) {
      const found = () => states.find((state) => !state.up && state.code === code);
      await until(() => found() !== undefined);
      const state = found();
      assert.ok(state !== undefined && !state.up);
      return state;
    },
    [Symbol.asyncDispose]: () => link[Symbol.asyncDispose](),
  };
}
