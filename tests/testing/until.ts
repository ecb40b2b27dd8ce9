import { PATIENCE } from "./received.ts";

/**
 * Waits for a condition without a notification, by checking it repeatedly.
 *
 * @throws {Error} When that takes longer than a test may.
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
): Promise<void> {
  const deadline = performance.now() + PATIENCE;
  while (!await condition()) {
    if (performance.now() > deadline) throw new Error(`Waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
