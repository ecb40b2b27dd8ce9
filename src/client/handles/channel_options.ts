/**
 * Options of the methods of a channel.
 *
 * @module
 */
import type { RestOperations } from "../../protocol/api/operation_types.ts";
import type { AriRequestOptions } from "../ari_client_options.ts";

/** Which direction of a channel: `in` is what its party says, `out` what its party hears. */
export type ChannelDirection = "in" | "out" | "both";

/** Options of {@linkcode ChannelSignalling.continueInDialplan}. */
export interface ContinueOptions extends AriRequestOptions {
  /**
   * Dialplan context.
   *
   * @default the one that it came from
   */
  readonly context?: string;
  /**
   * Dialplan extension.
   *
   * @default the one that it came from
   */
  readonly extension?: string;
  /**
   * Dialplan priority.
   *
   * @default the one after that which it came from
   */
  readonly priority?: number;
  /**
   * Dialplan label, instead of a priority. Proxies in Go pass it over.
   *
   * @default none
   */
  readonly label?: string;
}

/** A reason to hang up; for all others there is the code in {@linkcode HangupOptions}. */
export type HangupReason = NonNullable<
  RestOperations["DELETE /channels/{channelId}"]["parameters"]["reason"]
>;

/** Options of {@linkcode ChannelSignalling.hangup}. */
export interface HangupOptions extends AriRequestOptions {
  /**
   * A cause of Q.850 instead of a reason, by number, as 21, or by Asterisk's name. Proxies in Go pass it
   * over.
   *
   * @default the reason
   */
  readonly code?: number | string;
}

/** How a transfer that a party has asked for goes on. */
export type TransferState =
  | "channel_progress"
  | "channel_answered"
  | "channel_unavailable"
  | "channel_declined";

/** Options of the methods that set a variable. */
export interface SetVariableOptions extends AriRequestOptions {
  /**
   * Whether later events tell it, as a variable of their channel or bridge. Proxies in Go pass it over.
   *
   * @default {false}
   */
  readonly reportEvents?: boolean;
}

/** Options of {@linkcode ChannelSignalling.dial}. */
export interface DialOptions extends Omit<AriRequestOptions, "timeout"> {
  /**
   * ID of the channel that calls.
   *
   * @default none
   */
  readonly caller?: string;
  /**
   * How long to ring, in milliseconds, rounded up to whole seconds, which Asterisk counts in. It is not
   * how long to wait for the answer to the request, as `timeout` is of other requests.
   *
   * @default {0} for ever
   */
  readonly timeout?: number;
}

/** Options of {@linkcode Channel.sendDtmf}, in milliseconds; Asterisk's defaults hold for those that are 0. */
export interface DtmfOptions extends AriRequestOptions {
  /** Pause before the first digit. @default {0} */
  readonly before?: number;
  /** Pause between digits. @default {100} */
  readonly between?: number;
  /** Length of a digit. @default {100} */
  readonly duration?: number;
  /** Pause after the last digit. @default {0} */
  readonly after?: number;
}

/** Options of {@linkcode Channel.snoop}. */
export interface SnoopOptions extends AriRequestOptions {
  /** ID of the snoop channel. @default a new one */
  readonly id?: string;
  /** Application that gets the snoop channel. @default that of the channel */
  readonly app?: string;
  /** Arguments for the application. @default none */
  readonly appArgs?: string;
  /** What to hear. @default {"none"} */
  readonly spy?: ChannelDirection | "none";
  /** Where to speak. @default {"none"} */
  readonly whisper?: ChannelDirection | "none";
}
