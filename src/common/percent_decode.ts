/** Decodes percent-encoding. A text with a stray percent sign, such as a password, is returned unchanged. */
export function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
