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
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
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

/**
 * Hides the same in the value of a setting, which may be a URL, or several with commas between. A
 * password that should have been percent-encoded may hold what ends a URL in other texts; then all up
 * to the last `@` is hidden.
 *
 * @param text Any text.
 *
 * @example
 * ```ts ignore
 * redactUrls("nats://anna:my secret@bus:4222"); // "nats://***@bus:4222"
 * ```
 */
export function redactUrls(text: string): string {
  const isOdd = text.includes("@") && /[\s"'<>]/.test(text);
  return isOdd && SCHEME.test(text) ? hideToLastAt(text) : redactUrl(text);
}

/**
 * Hides the same in what should have been a URL and is none. Where a password would begin and end in
 * it nobody can tell, so everything up to the last `@` is hidden, and without a scheme all of it.
 */
export function redactNoUrl(text: string): string {
  return text.includes("@") ? hideToLastAt(text) : redactUrl(text);
}

/** Hides all between the scheme and the last `@`; without a scheme the whole text. */
function hideToLastAt(text: string): string {
  const scheme = SCHEME.exec(text)?.[0];
  return scheme === undefined ? "***" : `${scheme}***${text.slice(text.lastIndexOf("@"))}`;
}
