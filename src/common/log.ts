/** A log. One line a change of state. */
export interface Log {
  /** Logs what helps to find a failure. */
  debug(message: string, details?: LogDetails): void;
  /** Logs a change of state that is as it should be. */
  info(message: string, details?: LogDetails): void;
  /** Logs what needs attention, though the program goes on. */
  warn(message: string, details?: LogDetails): void;
  /** Logs what keeps the program from its work. */
  error(message: string, details?: LogDetails): void;
}

/** Details of a line, by name. Never a secret. */
export type LogDetails = Readonly<Record<string, unknown>>;
