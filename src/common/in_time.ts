/**
 * Waits for a limited time.
 *
 * @module
 */

import { deferred } from "./deferred.ts";

/**
 * Returns whether a promise is fulfilled within a time. How it settles later is ignored.
 *
 * @param ms The time, in milliseconds.
 * @throws The reason with which the promise is rejected in that time.
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
