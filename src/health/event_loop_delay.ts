/** How often it is looked, in milliseconds. */
const interval = 100;

/**
 * Measures by how much a timer comes late, ten times a second: as long as that, everything else has
 * to wait as well.
 *
 * @param observe Called with each delay, in seconds.
 */
export function watchEventLoop(observe: (seconds: number) => void): Disposable {
  let due = performance.now() + interval;
  const timer = setInterval(() => {
    const now = performance.now();
    observe(Math.max(0, now - due) / 1_000);
    due = now + interval;
  }, interval);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
