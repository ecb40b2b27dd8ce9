/**
 * Keeps credentials out of logs and messages.
 *
 * @module
 */

// From the scheme to the last `@` before a blank, a quote or the next URL of a list. A password that is
// not percent-encoded can contain anything, so too much is hidden rather than too little.
const USER_INFO = /(?<![a-z0-9+.-])([a-z0-9+.-]+:\/\/)(?:(?!,[a-z][a-z0-9+.-]*:\/\/)[^\s"'<>])*@/gi;
// Most texts have nothing to hide, and are searched quickly, however long they are.
const WORD = /[^\s"'<>]+/g;
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const SECRET_PARAMETER = /([?&](?:api_key|password|pass|token|secret)=)[^&\s"'<>#]*/gi;

/**
 * Replaces user names, passwords and tokens of all URLs in a text by `***`.
 *
 * @param text A URL, several, or any text that contains some.
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
 * Does the same for the value of a setting: a URL, or several with commas between. A password that is not
 * percent-encoded may contain characters that end a URL in other texts; then all up to the last `@` is
 * hidden.
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
 * Does the same for a text that should be a URL and is not one. It is unknown where a password begins and
 * ends in it, so all up to the last `@` is hidden, and without a scheme the whole text.
 */
export function redactInvalidUrl(text: string): string {
  return text.includes("@") ? hideToLastAt(text) : redactUrl(text);
}

/** Hides all between the scheme and the last `@`; without a scheme the whole text. */
function hideToLastAt(text: string): string {
  const scheme = SCHEME.exec(text)?.[0];
  return scheme === undefined ? "***" : `${scheme}***${text.slice(text.lastIndexOf("@"))}`;
}
