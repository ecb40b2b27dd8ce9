/** Does things under the same name one after the other, in the order in which they were asked for. */
export class InOrder {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Does something when everything under the name that was asked for before is done or has failed. */
  run<T>(name: string, task: () => Promise<T>): Promise<T> {
    const done = (this.#last.get(name) ?? Promise.resolve()).then(task);
    const over = done.catch(() => {}).then(() => {
      if (this.#last.get(name) === over) this.#last.delete(name);
    });
    this.#last.set(name, over);
    return done;
  }
}
