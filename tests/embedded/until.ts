import { PATIENCE } from "../testing/received.ts";

/** Waits for a condition that nothing tells about. @throws {Error} When that takes too long. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + PATIENCE;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
