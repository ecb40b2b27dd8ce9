/**
 * Options and results of a client.
 *
 * @module
 */
import type { AriProxyError } from "../protocol/errors.ts";
import type { Key } from "../protocol/key.ts";
import type { CallQueueOptions } from "./calls.ts";
import type { EventStreamOptions } from "./event_stream.ts";
import type { AriProxyGapEvent } from "./events/gap_notice.ts";
import type { AriEventType } from "./events/model.ts";

/** Options of a client. */
export interface AriClientOptions {
  /**
   * Stasis application for keys that name none, and for events and calls.
   *
   * @default none: requests and events are those of all applications
   */
  readonly app?: string;
  /**
   * Node for keys that name none.
   *
   * @default none: any node, or all of them
   */
  readonly node?: string;
  /**
   * Dialog for keys that name none.
   *
   * @default none
   */
  readonly dialog?: string;
  /**
   * How long to wait for an answer, in milliseconds.
   *
   * @default {5_000}
   */
  readonly timeout?: number;
  /**
   * Whether what acts carries an ID and a deadline, so that a proxy does it once and not late, and is
   * sent again when the bus lost it and that cannot do it twice: what had not been sent yet, and
   * what went to one proxy that is still the same process. The clocks of client and proxy have to
   * agree to within the timeout.
   *
   * @default {true}
   */
  readonly once?: boolean;
  /**
   * How often a request that only reads is sent again after a timeout. Commands and what makes
   * something are not sent again after one.
   *
   * @default {1}
   */
  readonly retries?: number;
  /**
   * Closes the client when it aborts. Requests under way reject with the signal's reason.
   *
   * @default none
   */
  readonly signal?: AbortSignal;
}

/** Options of {@linkcode AriClient.fromBus}. */
export interface FromBusOptions extends AriClientOptions {
  /**
   * Whether closing the client closes the bus.
   *
   * @default {false}
   */
  readonly ownsBus?: boolean;
  /**
   * How long a node counts after it was last heard of, in milliseconds.
   *
   * @default {300_000}
   */
  readonly nodeMaxAge?: number;
}

/** Options of {@linkcode AriClient.derive}; what is not given is as in the parent. */
export type DeriveOptions = AriClientOptions;

/** Options of a request. */
export interface AriRequestOptions {
  /**
   * How long to wait for answers, in milliseconds.
   *
   * @default that of the client
   */
  readonly timeout?: number;
  /**
   * Gives the request up; it then rejects with the signal's reason.
   *
   * @default none
   */
  readonly signal?: AbortSignal;
  /**
   * How often it is sent again after a timeout, if it only reads.
   *
   * @default that of the client
   */
  readonly retries?: number;
}

/** What became of a request to many nodes. */
export interface Answers<T> {
  /** What those that succeeded answered, in order of arrival. */
  readonly items: readonly T[];
  /** Why others failed. */
  readonly errors: readonly AriProxyError[];
  /** How many known nodes did not answer in time. */
  readonly missing: number;
}

/** Options of {@linkcode AriClient.events}. */
export interface EventsOptions<T extends AriEventType = AriEventType> extends EventStreamOptions {
  /**
   * The one type of events wanted.
   *
   * @default all types
   */
  readonly type?: T;
  /**
   * The types of events wanted; `UnknownEvent` is for all that the library does not know.
   *
   * @default all types
   */
  readonly types?: readonly T[];
  /**
   * An entity that the events have to concern, with its kind and ID, and where they come from. Events of
   * a playback or recording concern its channel or bridge as well.
   *
   * @default all entities
   */
  readonly key?: Key;
  /**
   * Several such entities, of which an event has to concern one.
   *
   * @default all entities
   */
  readonly keys?: readonly Key[];
  /**
   * The node that they come from.
   *
   * @default that of the key, else that of the client, else all nodes
   */
  readonly node?: string;
  /**
   * The dialog that they belong to; an empty one asks for the events of no dialog in particular.
   *
   * @default that of the key, else that of the client, else none in particular
   */
  readonly dialog?: string;
  /**
   * Ends the stream when it aborts, without an error.
   *
   * @default none
   */
  readonly signal?: AbortSignal;
  /**
   * What has to succeed, once the subscription stands, for the stream to be ready; if it fails, the
   * stream ends with its error.
   *
   * @default nothing
   */
  readonly prepare?: () => Promise<void>;
}

/** Options of {@linkcode AriClient.calls}. */
export interface ListenOptions extends CallQueueOptions {
  /**
   * Is told of each gap that a proxy tells of: calls may be among what is missing. As with calls, one
   * of those who listen is told. An outage of the client's own connection shows in its status.
   *
   * @default none
   */
  readonly onGap?: (gap: AriProxyGapEvent) => void;
  /**
   * Leaves the listeners when it aborts, without an error.
   *
   * @default none
   */
  readonly signal?: AbortSignal;
}
