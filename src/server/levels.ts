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
