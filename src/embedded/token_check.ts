/**
 * Compares tokens.
 *
 * @module
 */

const encoder = new TextEncoder();

/**
 * Whether a token is the right one. How long that takes tells nothing of where the two differ.
 */
export function isToken(shown: string | undefined, right: string): boolean {
  const [a, b] = [encoder.encode(shown ?? ""), encoder.encode(right)];
  let difference = a.length ^ b.length;
  for (let index = 0; index < a.length; index++) difference |= a[index] ^ b[index % b.length];
  return shown !== undefined && difference === 0;
}
