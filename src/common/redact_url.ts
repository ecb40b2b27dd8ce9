/**
 * Keeps credentials out of what people read.
 *
 * @module
 */

// From the scheme to the last `@` before a blank, a quote or the next URL of a list. Passwords that
// should have been percent-encoded contain anything, so rather too much is hidden than too little.
const USER_INFO = /(?<![a-z0-9+.-])([a-z0-9+.-]+:\/\/)(?:(?!,[a-z][a-z0-9+.-]*:\/\/)[^\s"'<>])*@/gi;
// Most of what is searched has nothing to hide, and is passed over quickly however long it is.
const WORD = /[^\s"'<>]+/g;
const SECRET_PARAMETER = /([?&](?:api_key|password|pass|token|secret)=)[^&\s"'<>#]*/gi;

/**
 * Hides user names, passwords and tokens of all URLs in a text.
 *
 * @param text A URL, several, or any text that contains some.
 * @returns The text with `***` in their place.
 *
 * @example
 * ```ts ignore
 * redactUrl("nats://anna:secret@bus:4222"); // "nats://***@bus:4222"
 * ```
 */
export function redactUrl(text: string): string {
  const shown = text.replace(
    WORD,
    (word) => word.includes("@") ? word.replace(USER_INFO, "$1***@") : word,
  );
  return shown.replace(SECRET_PARAMETER, "$1***");
}
