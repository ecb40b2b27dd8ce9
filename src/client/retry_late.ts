import { AriProxyError } from "../protocol/errors.ts";

/**
 * Does something again after each timeout, up to a number of times.
 *
 * @throws What it threw last.
 */
export async function retryLate<T>(attempt: () => Promise<T>, retries: number): Promise<T> {
  for (let left = retries;; left--) {
    try {
      return await attempt();
    } catch (error) {
      const late = error instanceof AriProxyError && error.code === "timeout";
      if (!late || left <= 0) throw error;
    }
  }
}
