/** Options of {@linkcode mapInOrder}. */
interface MapInOrderOptions {
  /** How many items are worked on at most. */
  readonly concurrency: number;
  /** How many results may wait for an earlier one before no more work is begun. */
  readonly window: number;
  /** Whether results are passed on as they come. @default in the order of the items */
  readonly asCompleted?: boolean;
  /** When it aborts, no more work is begun; the work in progress is waited for. */
  readonly signal: AbortSignal;
}

/**
 * Works on the items of a sequence, several at a time, and takes an item only when its work can begin.
 *
 * @param work Must not reject.
 * @param take Gets the results; its promise is awaited before more work begins.
 */
export async function mapInOrder<T, R>(
  items: AsyncIterator<T>,
  { work, take, ...options }: MapInOrderOptions & {
    readonly work: (item: T, index: number) => Promise<R>;
    readonly take: (result: R) => Promise<void> | void;
  },
): Promise<void> {
  const { concurrency, window, asCompleted = false, signal } = options;
  const inFlight = new Set<Promise<void>>();
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
      const full = inFlight.size >= concurrency || waiting.size >= window;
      if (full) {
        await Promise.race(inFlight);
        continue;
      }
      const { done, value } = await Promise.race([items.next(), aborted.promise]);
      if (done) break;
      const index = begun++;
      const working: Promise<void> = work(value, index)
        .then((result) => hand(index, result))
        .finally(() => inFlight.delete(working));
      inFlight.add(working);
    }
  } finally {
    signal.removeEventListener("abort", stop);
  }
  await Promise.all(inFlight);
}
