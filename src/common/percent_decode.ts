/** Decodes percent-encoding; a text with a stray percent sign, such as a password, is taken as it stands. */
export function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
