/** The program was not called as it has to be. Its text has a line for each thing that is wrong. */
export class UsageError extends Error {
  /** Makes an error. */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UsageError";
  }
}
