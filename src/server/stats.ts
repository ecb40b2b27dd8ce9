/** What a proxy has done since its start. All members are counts. */
export interface Stats {
  /** Events that came from Asterisk. */
  eventsReceived: number;
  /** Messages with events that the bus accepted, copies for dialogs included. */
  eventsPublished: number;
  /** Messages with events that were given up: the buffer was full, or the event was too large. */
  eventsLost: number;
  /** Requests that came from the bus. */
  requestsReceived: number;
  /** Of those, the ones answered with an error. */
  requestsFailed: number;
  /** Answers that the bus did not take. */
  answersLost: number;
}

/** Counts that all begin at zero. */
export function createStats(): Stats {
  return {
    eventsReceived: 0,
    eventsPublished: 0,
    eventsLost: 0,
    requestsReceived: 0,
    requestsFailed: 0,
    answersLost: 0,
  };
}
