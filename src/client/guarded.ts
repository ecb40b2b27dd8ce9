/**
 * Calls what a program has handed in, or one of several listeners. What it throws is not lost and
 * keeps nobody else from being told: it becomes an uncaught error of the program, right after.
 */
export function guarded(call: () => void): void {
  try {
    call();
  } catch (error) {
    // Not every runtime has `reportError`.
    queueMicrotask(() => {
      throw error;
    });
  }
}
