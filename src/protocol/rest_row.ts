/** What is known of an operation of Asterisk's REST interface. */
export interface RestRow {
  /** What it does. */
  readonly doc: string;
  /** Versions of Asterisk that brought it. */
  readonly since: readonly string[];
  /** What it answers, by Asterisk's name; `void` for nothing, `binary` for the bytes of a file. */
  readonly result: string;
  /** Whether it opens the event socket, and so cannot be called. */
  readonly socket?: true;
  /** Its parameters by name. */
  readonly parameters: Readonly<Record<string, RestParameter>>;
}

/** A parameter of an operation. */
export interface RestParameter {
  /** What it means. */
  readonly doc: string;
  /** Where it stands: in the path, the query, as a member of the body, or as the whole body. */
  readonly place: "path" | "query" | "member" | "body";
  /** What it holds; `json` is an object or a list. */
  readonly type: "string" | "integer" | "boolean" | "json";
  /** Whether it cannot be left out. */
  readonly required?: true;
  /** Whether there can be several values. */
  readonly multiple?: true;
  /** The values that it can have. */
  readonly values?: readonly string[];
  /** The least value of a number. */
  readonly min?: number;
  /** What holds when it is left out. */
  readonly default?: string;
}
