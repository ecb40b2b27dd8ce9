/**
 * Waits, but not for ever.
 *
 * @module
 */

import { deferred } from "./deferred.ts";

/**
 * Resolves with whether a promise is fulfilled within some milliseconds. What becomes of it later is
 * ignored.
 *
 * @throws What the promise is rejected with in that time.
 */
export async function inTime(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const late = deferred<boolean>();
  const timer = setTimeout(() => late.resolve(false), ms);
  try {
    return await Promise.race([promise.then(() => true), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
