/**
 * Calls a handler that may throw, so that the failure stops neither its caller nor other handlers.
 *
 * @param onError Gets what the handler throws, or what the promise that it returns is rejected with.
 * Without it that becomes an uncaught error of the program, right after.
 *
 * @example
 * ```ts ignore
 * callSafely(() => listener(event));
 * callSafely(() => handler(message), (error) => log.warn(errorText(error)));
 * ```
 */
export function callSafely(call: () => unknown, onError?: (error: unknown) => void): void {
  try {
    const result = call();
    // An async function is accepted where a handler that returns nothing is expected.
    if (onError && result instanceof Promise) result.catch(onError);
  } catch (error) {
    if (onError) return onError(error);
    // Not every runtime has `reportError`.
    queueMicrotask(() => {
      throw error;
    });
  }
}
