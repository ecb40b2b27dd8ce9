/**
 * One connection to Asterisk, from the first request to its end.
 *
 * @module
 */
import { pause } from "../common/pause.ts";
import { AriError } from "./errors.ts";
import { type AriFall, fallOf } from "./ari_state.ts";
import { type AsteriskInfo, readInfo, startupTime } from "./asterisk_info.ts";
import {
  type EventSocket,
  type EventSocketOptions,
  openEventSocket,
} from "./websocket/outbound.ts";
import type { AriEvent } from "./read_event.ts";
import type { AriRest } from "./rest.ts";
import { awaitSilence, Pulse } from "./websocket/silence.ts";
import { errorText } from "../common/error_text.ts";

/** Options of {@linkcode connectOnce}. */
export interface ConnectionOptions {
  /** REST of the same Asterisk. */
  readonly rest: AriRest;
  /** URL of the event socket. */
  readonly websocketUrl: string;
  /** ARI user. @default the one in the URL */
  readonly username?: string;
  /** Its password. @default the one in the URL */
  readonly password?: string;
  /** The applications to serve. */
  readonly applications: readonly string[];
  /** Certificates to trust, as PEM. @default the system's */
  readonly ca?: readonly string[];
  /** What to show as the origin of the event socket. @default "http://localhost/" */
  readonly origin?: string;
  /** Time for opening the socket, in milliseconds. @default 10_000 */
  readonly requestTimeout?: number;
  /** Time between looks at who Asterisk is, and whether it was restarted, in milliseconds. @default 10_000 */
  readonly checkInterval?: number;
  /** Silence after which the socket is pinged, in milliseconds. @default 15_000 */
  readonly silence?: number;
  /** Time for the pong, in milliseconds. @default 5_000 */
  readonly probeTimeout?: number;
  /** Called with each event, in order. */
  readonly onEvent: (event: AriEvent) => void;
  /** Called when the socket is open, and then with each look at Asterisk. */
  readonly onUp: (info: AsteriskInfo) => void;
  /** Called, once a burst, with what goes wrong without ending the connection. */
  readonly onWarning: (text: string) => void;
  /** Asked between two reads of the event socket for what to wait for. @default nothing */
  readonly giveWay?: () => Promise<void> | undefined;
  /** Ends the connection. */
  readonly signal: AbortSignal;
}

/** How a connection ended. */
export interface ConnectionEnd {
  /** Why. */
  readonly fall: AriFall;
  /** How long the socket was open, in milliseconds. */
  readonly lived: number;
  /** Resolves when nothing of the connection is left. */
  readonly closed: Promise<unknown>;
}

/** Connects, serves the connection until it ends, and tells why it did; never rejects. */
export async function connectOnce(options: ConnectionOptions): Promise<ConnectionEnd> {
  const { rest, signal, silence = 15_000, probeTimeout = 5_000 } = options;
  const ended = Promise.withResolvers<AriFall>();
  const pulse = new Pulse();
  const handle = eventHandler(options, ended.resolve);
  // What comes with the opening, before anybody knows that the connection stands.
  let early: AriEvent[] | undefined = [];
  let info: AsteriskInfo;
  let socket: EventSocket;
  try {
    info = await readInfo(rest, { signal });
    if (info.system.entity_id === "") return neverUp(NO_ENTITY_ID);
    socket = await openEventSocket({
      ...socketOptions(options),
      onEvent: (event) => early ? early.push(event) : handle(event),
      onSign: () => pulse.beat(),
    });
  } catch (error) {
    return neverUp(fallOf(asAriError(error)));
  }
  const begun = performance.now();
  pulse.beat();
  options.onUp(info);
  early.forEach(handle);
  early = undefined;

  const watching = new AbortController();
  const both = AbortSignal.any([signal, watching.signal]);
  const pinging = { ping: () => socket.ping(), silence, probeTimeout, signal: both };
  const watch = async (dead: Promise<void>, fall: AriFall) => {
    try {
      await dead;
      ended.resolve(fall);
    } catch (error) {
      if (!both.aborted) ended.resolve({ code: "lost", reason: errorText(error) });
    }
  };
  const closed = Promise.all([
    socket.closed.then((reason) => ended.resolve({ code: "lost", reason })),
    watch(awaitSilence(pulse, pinging), SILENT),
    watch(awaitRestart(options, { info, signal: both }), RESTARTED),
  ]);
  const fall = await ended.promise;
  const lived = performance.now() - begun;
  watching.abort();
  socket.close();
  return { fall, lived, closed };
}

function socketOptions(options: ConnectionOptions): Omit<EventSocketOptions, "onEvent" | "onSign"> {
  const { websocketUrl: url, requestTimeout: timeout } = options;
  const { username, password, applications, ca, origin, signal, giveWay } = options;
  const user = { username, password };
  return { url, ...user, applications, ca, origin, timeout, signal, giveWay };
}

function eventHandler(
  { applications, onEvent, onWarning }: ConnectionOptions,
  end: (fall: AriFall) => void,
): (event: AriEvent) => void {
  let failing = false;
  return (event) => {
    try {
      onEvent(event);
      failing = false;
    } catch (error) {
      if (!failing) onWarning(`Cannot handle an event: ${errorText(error)}`);
      failing = true;
    }
    const { type, application } = event;
    if (type === "ApplicationReplaced" && applications.includes(application)) {
      end(replaced(application));
    }
  };
}

/**
 * Asks Asterisk who it is, again and again. Resolves when it has been started anew since `info`:
 * then nothing comes from the socket any more, however alive it looks.
 */
async function awaitRestart(
  { rest, onUp, onWarning, checkInterval = 10_000 }: ConnectionOptions,
  { info: first, signal }: { info: AsteriskInfo; signal: AbortSignal },
): Promise<void> {
  let failures = 0;
  while (true) {
    await pause(checkInterval, signal);
    try {
      const info = await readInfo(rest, { signal });
      signal.throwIfAborted();
      if (startupTime(info) !== startupTime(first)) return;
      failures = 0;
      if (info.system.entity_id !== "") onUp(info);
    } catch (error) {
      signal.throwIfAborted();
      const { message } = asAriError(error);
      if (failures++ === 0) onWarning(`${message}; the event socket is open nevertheless`);
    }
  }
}

const NO_ENTITY_ID: AriFall = {
  code: "no_entity_id",
  reason: "Cannot tell which Asterisk this is: it has no entity id; set entityid in asterisk.conf",
};

const SILENT: AriFall = {
  code: "silent",
  reason: "Event socket dead: it looks open, but Asterisk does not answer a ping",
};

const RESTARTED: AriFall = {
  code: "silent",
  reason: "Event socket dead: it looks open, but Asterisk was restarted",
};

function replaced(application: string): AriFall {
  const reason = `Event socket given up: another program took the application ${application}; ` +
    "run only one at a time for each Asterisk and application";
  return { code: "replaced", reason };
}

function neverUp(fall: AriFall): ConnectionEnd {
  return { fall, lived: 0, closed: Promise.resolve() };
}

function asAriError(error: unknown): AriError {
  if (error instanceof AriError) return error;
  return new AriError("bad_answer", errorText(error), { cause: error });
}
