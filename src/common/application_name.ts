/**
 * Names of Stasis applications as events have them.
 *
 * @module
 */

/** A name that Asterisk makes for one call: that of the application, and behind a colon the channel's. */
const PER_CALL = /^(.+?):[^:/]+\//;

/** Whether a name is that of one call, whose WebSocket Asterisk has dialled for it alone. */
export function isPerCall(name: string): boolean {
  return PER_CALL.test(name);
}

/**
 * The application as `ari.conf` has it.
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
