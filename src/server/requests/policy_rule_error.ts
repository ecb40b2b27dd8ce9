/** A rule that cannot be meant. */
export class PolicyRuleError extends Error {
  /** The part that is wrong; empty when it is nothing in particular. */
  readonly typed: string;
  /** What it could have been. */
  readonly known: readonly string[];

  /** Makes an error. */
  constructor(message: string, typed = "", known: readonly string[] = []) {
    super(message);
    this.name = "PolicyRuleError";
    this.typed = typed;
    this.known = known;
  }
}
