import type { Levels } from "../server/levels.ts";
import type { Stats } from "../server/metrics.ts";
import type { Readiness } from "./readiness.ts";

/** What the metrics are made of, looked at when somebody asks for them. */
export interface Figures {
  /** Version of the program. */
  readonly version: string;
  /** When the process began. */
  readonly started: Date;
  /** Whether bus and Asterisk are there. */
  readonly readiness: Readiness;
  /** Bytes that the connection to the bus holds; 0 without one. */
  busPending(): number;
  /** Lines of the log that nobody read in time. */
  logLinesDropped(): number;
  /** The proxy; undefined until the bus has been reached for the first time. */
  proxy(): ProxyFigures | undefined;
}

/** What is asked of a proxy. */
export interface ProxyFigures {
  /** What it has done so far. */
  readonly stats: Readonly<Stats>;
  /** What it holds at this moment. */
  readonly levels: Levels;
  /** What it serves; nothing while Asterisk is away. */
  readonly selves: readonly { readonly app: string; readonly node: string }[];
}
