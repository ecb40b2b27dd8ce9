/**
 * Splits a list of URLs at its commas. A comma that is not followed by another URL belongs to a URL, for
 * instance to a password.
 */
export function splitUrls(text: string): string[] {
  return text.split(/,(?=[a-z][a-z0-9+.-]*:\/\/)|,\s+|,$/i)
    .map((part) => part.trim()).filter((part) => part !== "");
}
