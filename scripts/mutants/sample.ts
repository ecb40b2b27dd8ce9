import { diffOf, type Slip } from "./slips.ts";

/** A slip that changes nothing that a test could notice. */
export interface EquivalentSlip {
  readonly file: string;
  readonly kind: string;
  /** The line as it is, without spaces at its ends. */
  readonly line: string;
  /** The line with the slip in it. */
  readonly becomes: string;
  /** Why nothing changes. */
  readonly why: string;
}

/** Whether an entry of the list of equivalent slips means a slip. */
export function isEquivalent(entry: EquivalentSlip, slip: Slip, text: string): boolean {
  if (entry.file !== slip.file || entry.kind !== slip.kind) return false;
  const diff = diffOf(text, slip).split("\n");
  const side = (sign: string) =>
    diff.filter((line) => line.startsWith(sign)).map((line) => line.slice(1).trim()).join(" ");
  return side("-") === entry.line && side("+") === entry.becomes;
}

/** Numbers from 0 up to 1, the same ones for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Yields all slips in random order, each kind as often as any other while it has some left. */
export function* inRandomOrder(slips: readonly Slip[], random: () => number): Generator<Slip> {
  const byKind = [...Map.groupBy(slips, ({ kind }) => kind.replace(/[+-]1$/, "")).values()];
  const take = <T>(from: T[]): T => from.splice(Math.floor(random() * from.length), 1)[0];
  while (byKind.length > 0) {
    const index = Math.floor(random() * byKind.length);
    yield take(byKind[index]);
    if (byKind[index].length === 0) byKind.splice(index, 1);
  }
}
