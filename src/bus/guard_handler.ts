/**
 * Keeps what a handler throws away from the connection that calls it.
 *
 * @module
 */

/**
 * Wraps a handler so that it never throws, and a promise that it returns never goes unhandled.
 *
 * @param onError Is told what was thrown.
 */
export function guardHandler<T>(
  handler: (value: T) => void,
  onError: (reason: string) => void,
): (value: T) => void {
  const fail = (thrown: unknown) => onError(thrown instanceof Error ? thrown.message : `${thrown}`);
  return (value) => {
    try {
      // An async function passes for a handler that returns nothing.
      const result: unknown = handler(value);
      if (result instanceof Promise) result.catch(fail);
    } catch (error) {
      fail(error);
    }
  };
}
