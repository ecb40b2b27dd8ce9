/**
 * The bytes that large answers may take while they are read, of all connections together: each may be
 * within its own limit, and all at once would still take the memory of the machine.
 */
export class AnswerBudget {
  readonly #limit: number;
  #taken = 0;

  /**
   * Makes a budget of which nothing is taken.
   *
   * @param limit Bytes of it.
   */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes some bytes, if they are left; the first one may take more than there is. */
  take(bytes: number): boolean {
    if (this.#taken > 0 && this.#taken + bytes > this.#limit) return false;
    this.#taken += bytes;
    return true;
  }

  /** Gives bytes back that were taken. */
  giveBack(bytes: number): void {
    this.#taken -= bytes;
  }
}
