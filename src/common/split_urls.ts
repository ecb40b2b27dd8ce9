/**
 * The URLs of a list that is separated by commas. A comma within a URL, in a password for instance,
 * is not followed by another URL.
 */
export function splitUrls(text: string): string[] {
  return text.split(/,(?=[a-z][a-z0-9+.-]*:\/\/)|,\s+|,$/i)
    .map((part) => part.trim()).filter((part) => part !== "");
}
