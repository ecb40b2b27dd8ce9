/** A number and what it counts, in a word that takes an `s` for several. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
