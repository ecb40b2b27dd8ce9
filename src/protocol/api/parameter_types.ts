/**
 * Types of parameters that Asterisk's own description leaves open.
 *
 * @module
 */

/** Parameters and result of an operation. */
export interface RestTypes<P, R> {
  /** Its parameters by name. */
  readonly parameters: P;
  /** What it returns. */
  readonly result: R;
}

/** No parameters. */
export type NoParameters = Readonly<Record<never, never>>;

/** Types of events that an application gets; `type` names one, as in `ChannelVarset`. */
export interface RestEventFilter {
  /** Types that are let through; none in the list, or no list, lets all through. */
  readonly allowed?: readonly { readonly type: string }[];
  /** Types that are held back. */
  readonly disallowed?: readonly { readonly type: string }[];
}

/** Variables by name. */
export type RestVariablesToSet = Readonly<
  Record<
    string,
    string | {
      /** The value. */
      readonly value: string;
      /** Whether later events report it. @default false */
      readonly report_events?: boolean;
    }
  >
>;
