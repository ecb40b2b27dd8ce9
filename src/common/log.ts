/** Where the proxy tells what happens; one line a state change. */
export interface Log {
  /** For those who look for a fault. */
  debug(message: string, details?: LogDetails): void;
  /** A change of state that is as it should be. */
  info(message: string, details?: LogDetails): void;
  /** Something that needs attention, though the proxy goes on. */
  warn(message: string, details?: LogDetails): void;
  /** Something that keeps the proxy from its work. */
  error(message: string, details?: LogDetails): void;
}

/** What belongs to a line, by name. Never a secret. */
export type LogDetails = Readonly<Record<string, unknown>>;
