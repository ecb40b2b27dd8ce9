/**
 * Names of Stasis applications in events.
 *
 * @module
 */

/** A name that Asterisk makes for one call: the application, a colon, and the channel. */
const PER_CALL = /^(.+?):[^:/]+\//;

/** Whether a name is for one call, for which Asterisk has dialled a WebSocket of its own. */
export function isPerCall(name: string): boolean {
  return PER_CALL.test(name);
}

/**
 * The name of the application in `ari.conf`.
 *
 * @example
 * ```ts ignore
 * configuredApplication("calls:PJSIP/alice-00000001"); // "calls"
 * configuredApplication("calls"); // "calls"
 * ```
 */
export function configuredApplication(name: string): string {
  return PER_CALL.exec(name)?.[1] ?? name;
}
