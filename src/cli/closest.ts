/**
 * Suggestions for mistyped names.
 *
 * @module
 */

/**
 * The names that are closest to a mistyped one, ignoring letter case; none when all are too far from
 * it.
 */
export function closest(typed: string, names: readonly string[]): string[] {
  const text = typed.toLowerCase();
  const limit = Math.max(1, Math.min(4, Math.floor(text.length / 3)));
  const ranked = names.map((name) => ({ name, distance: distance(text, name.toLowerCase()) }));
  const least = Math.min(...ranked.map((item) => item.distance));
  if (least <= limit) return ranked.filter((item) => item.distance === least).map(nameOf);
  // Part of a name is the other usual mistake.
  return text.length < 4 ? [] : names.filter((name) => name.toLowerCase().includes(text));
}

/** `; did you mean A or B?` for the closest names; empty when there are none. */
export function didYouMean(typed: string, names: readonly string[]): string {
  const found = closest(typed, names).slice(0, 5);
  if (found.length === 0) return "";
  const last = found.pop();
  return `; did you mean ${found.length > 0 ? `${found.join(", ")} or ${last}` : last}?`;
}

const nameOf = ({ name }: { name: string }): string => name;

/** The edit distance: letters to insert, delete, replace or swap with their neighbour. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + same);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    before = above;
    above = row;
  }
  return above[b.length];
}
