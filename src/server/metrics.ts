import type { AnnouncedCounts } from "../protocol/announcement.ts";

/** What a proxy has done since its start. All members are counts. */
export interface Stats {
  /** Events that came from Asterisk. */
  eventsReceived: number;
  /** Messages with events that the bus accepted, copies for dialogs included. */
  eventsPublished: number;
  /** Messages with events that were given up: the buffer was full, the event too large, or its
   * application one too many. */
  eventsLost: number;
  /** Events that were under way when the connection to the bus broke, and may have arrived. */
  eventsDoubtful: number;
  /** Notices to listeners that events are missing, one for each application and node. */
  gaps: number;
  /** Bindings to dialogs that ended before their entities did. */
  bindingsDropped: number;
  /** Requests that came from the bus. */
  requestsReceived: number;
  /** Of those, the ones answered with an error. */
  requestsFailed: number;
  /** Of those, the ones that the policy does not allow. */
  requestsDenied: number;
  /** Requests that were not carried out because of a reply subject that is not one for responses. */
  replySubjectsRefused: number;
  /** Answers that the bus did not take. */
  answersLost: number;
}

/** Counts that all begin at zero. */
export function createStats(): Stats {
  return {
    eventsReceived: 0,
    eventsPublished: 0,
    eventsLost: 0,
    eventsDoubtful: 0,
    gaps: 0,
    bindingsDropped: 0,
    requestsReceived: 0,
    requestsFailed: 0,
    requestsDenied: 0,
    replySubjectsRefused: 0,
    answersLost: 0,
  };
}

/** The counts that a proxy announces. */
export function announcedCounts(stats: Readonly<Stats>): AnnouncedCounts {
  return {
    events: stats.eventsReceived,
    lost: stats.eventsLost,
    gaps: stats.gaps,
    requests: stats.requestsReceived,
    failed: stats.requestsFailed,
  };
}

/** The sums of several counts, as of proxies in one process. */
export function sumStats(all: readonly Readonly<Stats>[]): Stats {
  const sum = createStats();
  const names = Object.keys(sum).filter((name) => isStat(name, sum));
  for (const stats of all) for (const name of names) sum[name] += stats[name];
  return sum;
}

function isStat(name: string, stats: Stats): name is keyof Stats {
  return Object.hasOwn(stats, name);
}

/** What a proxy holds at this moment. */
export interface Levels {
  /** Asterisks that are connected. */
  readonly asterisks: number;
  /** Messages with events that wait for the bus. */
  readonly waitingMessages: number;
  /** Their size, in bytes. */
  readonly waitingBytes: number;
  /** The size at which the oldest are given up, in bytes. */
  readonly waitingBytesLimit: number;
  /** Requests that have not been answered yet. */
  readonly requestsUnderWay: number;
  /** Of those, the ones that wait for a connection to Asterisk. */
  readonly requestsWaiting: number;
  /** Answers that are kept for who sends a request again. */
  readonly answersRemembered: number;
  /** Memory that the last events take, in bytes. */
  readonly historyBytes: number;
  /** Entities that are bound to dialogs, which get copies of their events. */
  readonly boundEntities: number;
  /** Sources of events and filters of them that Asterisk has forgotten and does not have again yet. */
  readonly unrestoredSources: number;
}

/** The sums of several proxies in one process. */
export function sumLevels(all: readonly Levels[]): Levels {
  const sum = (name: keyof Levels) => all.reduce((total, levels) => total + levels[name], 0);
  return {
    asterisks: sum("asterisks"),
    waitingMessages: sum("waitingMessages"),
    waitingBytes: sum("waitingBytes"),
    waitingBytesLimit: sum("waitingBytesLimit"),
    requestsUnderWay: sum("requestsUnderWay"),
    requestsWaiting: sum("requestsWaiting"),
    answersRemembered: sum("answersRemembered"),
    historyBytes: sum("historyBytes"),
    boundEntities: sum("boundEntities"),
    unrestoredSources: sum("unrestoredSources"),
  };
}
