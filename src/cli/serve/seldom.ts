/** Time between two tellings of the same, in milliseconds. */
const interval = 30_000;
/** Texts that are remembered: more than these are not the few reasons of one thing. */
const remembered = 100;

/**
 * Makes a function that tells whether a text is to be said: when it is new, and then every 30 s at
 * the most, so that what is tried again and again says neither everything nor nothing.
 *
 * @param now The time in milliseconds, from wherever it is counted.
 */
export function seldom(now: () => number = () => performance.now()): (text: string) => boolean {
  const said = new Map<string, number>();
  return (text) => {
    const time = now();
    const last = said.get(text);
    if (last !== undefined && time - last < interval) return false;
    if (said.size >= remembered) said.clear();
    said.set(text, time);
    return true;
  };
}
