/**
 * What the rest of the program knows of a connection to Asterisk, whoever dialled whom.
 *
 * @module
 */
import type { AriState } from "./ari_state.ts";
import type { AriEvent } from "./read_event.ts";
import type { AriRest } from "./rest.ts";

export { AriError } from "./errors.ts";
export type { AriEvent } from "./read_event.ts";
export type { AriDownload } from "./http/download.ts";
export type { AriRest } from "./rest.ts";

/**
 * Is told what goes wrong without changing a state. What differs each time, as addresses do, is in
 * the details, so that repetitions are known by the text.
 */
export type OnWarning = (text: string, details?: Readonly<Record<string, string>>) => void;

/** What a link tells and asks. None of the functions may wait or throw. */
export interface LinkHooks {
  /** Called with each event, in order. */
  readonly onEvent: (event: AriEvent) => void;
  /** Called at each change of the state, and at each attempt to connect that failed. */
  readonly onState: (state: AriState) => void;
  /** Called, once a burst, with what goes wrong without changing the state. @default ignored */
  readonly onWarning?: OnWarning;
  /**
   * Asked between two reads of the event socket; what it returns is waited for before the next one.
   * A link on which Asterisk dials does not ask: its sockets bring answers as well.
   *
   * @default it is read all the time
   */
  readonly giveWay?: () => Promise<void> | undefined;
}

/**
 * Keeps one Asterisk connected, from {@linkcode AsteriskLink.start} until it is disposed of. While it
 * closes it may still bring events that Asterisk had sent; afterwards nothing is told any more.
 */
export interface AsteriskLink extends AsyncDisposable {
  /** REST, to be used at any time; without a connection its requests are rejected. */
  readonly rest: AriRest;
  /** Whether Asterisk is connected at this moment. */
  readonly state: AriState;
  /** Begins to connect. Idempotent; does nothing once the link is closed. */
  start(): void;
}

/** Makes a link that tells these hooks what happens; it begins with {@linkcode AsteriskLink.start}. */
export type ConnectAsterisk = (hooks: LinkHooks) => AsteriskLink;
