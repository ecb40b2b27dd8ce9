/** Options of {@linkcode mapInOrder}. */
interface MapInOrderOptions {
  /** How many may be under way at a time. */
  readonly concurrency: number;
  /** How many results may wait for an earlier one; then nothing more is begun. */
  readonly window: number;
  /** Whether results are handed over as soon as they are there. @default in the order of the items */
  readonly asCompleted?: boolean;
  /** Begins nothing more when it aborts; what is under way is waited for. */
  readonly signal: AbortSignal;
}

/**
 * Does something with each item of a sequence, several at a time, and takes an item only when it can
 * be begun.
 *
 * @param items The sequence.
 * @param work What to do with an item. It must not reject.
 * @param take Gets the results; what it returns is waited for before more is begun.
 */
export async function mapInOrder<T, R>(
  items: AsyncIterator<T>,
  { work, take, ...options }: MapInOrderOptions & {
    readonly work: (item: T, index: number) => Promise<R>;
    readonly take: (result: R) => Promise<void> | void;
  },
): Promise<void> {
  const { concurrency, window, asCompleted = false, signal } = options;
  const underWay = new Set<Promise<void>>();
  const waiting = new Map<number, R>();
  let begun = 0;
  let next = 0;
  const hand = async (index: number, result: R): Promise<void> => {
    if (asCompleted) return await take(result);
    waiting.set(index, result);
    for (let ready; (ready = waiting.get(next)) !== undefined;) {
      waiting.delete(next++);
      await take(ready);
    }
  };
  const aborted = Promise.withResolvers<IteratorReturnResult<undefined>>();
  const stop = () => aborted.resolve({ done: true, value: undefined });
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  try {
    while (!signal.aborted) {
      const full = underWay.size >= concurrency || waiting.size >= window;
      if (full) {
        await Promise.race(underWay);
        continue;
      }
      const { done, value } = await Promise.race([items.next(), aborted.promise]);
      if (done) break;
      const index = begun++;
      const working: Promise<void> = work(value, index)
        .then((result) => hand(index, result))
        .finally(() => underWay.delete(working));
      underWay.add(working);
    }
  } finally {
    signal.removeEventListener("abort", stop);
  }
  await Promise.all(underWay);
}
