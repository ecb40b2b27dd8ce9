/**
 * The operations that list what a node has, so that the lists of all nodes make one.
 *
 * Made by `scripts/generate_api.ts` from Asterisk's own description; change the script, not this
 * file.
 *
 * @module
 */

/** The operations by method and path. */
export const restLists: ReadonlySet<string> = new Set([
  "GET /applications",
  "GET /asterisk/modules",
  "GET /asterisk/logging",
  "GET /bridges",
  "GET /channels",
  "GET /deviceStates",
  "GET /endpoints",
  "GET /endpoints/{tech}",
  "GET /mailboxes",
  "GET /recordings/stored",
  "GET /sounds",
]);
