/**
 * Bad input at scale: runs properties over generated input, counts it, and bounds its time.
 *
 * The input is the same in each run, so that a change is judged by itself. With `ARI_PROXY_FUZZ_SEED`
 * set to `random` it differs each time; a failure names the seed that repeats it.
 * `ARI_PROXY_FUZZ_RUNS` is the factor for trying more (or less) of it.
 *
 * @module
 */
import fc from "fast-check";

/** The longest that one input may take, in milliseconds; what is quadratic takes longer. */
const SLOW = 3_000;

const factor = Number(Deno.env.get("ARI_PROXY_FUZZ_RUNS") || 1);
const chosen = Deno.env.get("ARI_PROXY_FUZZ_SEED") || "20261126";
const seed = chosen === "random" ? undefined : Number(chosen);

/** What a property is tried on. */
export interface FuzzOptions<T> {
  /** The input. */
  readonly input: fc.Arbitrary<T>;
  /** How many inputs to try, but for the factor. */
  readonly runs: number;
}

/** The properties of one test file. */
export class Fuzz {
  #tried = 0;

  /** Prints at the end of the file how many inputs were tried. */
  constructor(name: string) {
    Deno.test.afterAll(() => console.log(`fuzz ${name}: ${this.#tried} inputs tried`));
  }

  /** How many times to do something that is to be done so often, but for the factor. */
  times(runs: number): number {
    return Math.max(1, Math.round(runs * factor));
  }

  /** Makes a test of a property. */
  test<T>(name: string, { input, runs }: FuzzOptions<T>, check: (value: T) => void): void {
    const property = fc.property(input, (value) => this.#timed(() => check(value)));
    Deno.test(name, () => report(fc.check(property, this.#parameters(runs))));
  }

  /** Tries a property that takes its time, within a test; one input after the other. */
  async tryAll<T>(
    { input, runs }: FuzzOptions<T>,
    check: (value: T) => Promise<void>,
  ): Promise<void> {
    const property = fc.asyncProperty(input, (value) => {
      this.#tried++;
      return check(value);
    });
    report(await fc.check(property, this.#parameters(runs)));
  }

  #timed(check: () => void): void {
    this.#tried++;
    const begun = performance.now();
    check();
    const took = performance.now() - begun;
    if (took > SLOW) throw new Error(`An input took ${Math.round(took)} ms`);
  }

  #parameters(runs: number): { numRuns: number; seed?: number } {
    return { numRuns: this.times(runs), ...(seed !== undefined && { seed }) };
  }
}

/** Throws when a property does not hold. Large inputs are cut; the seed makes them again. */
function report<T>(details: fc.RunDetails<T>): void {
  if (!details.failed) return;
  const { counterexample, seed, errorInstance: cause } = details;
  const shown = fc.stringify(readable(counterexample)).slice(0, 2_000);
  throw new Error(`Failed with ARI_PROXY_FUZZ_SEED=${seed}, at last for ${shown}`, { cause });
}

function readable(value: unknown): unknown {
  if (value instanceof Uint8Array) return new TextDecoder("latin1").decode(value);
  return Array.isArray(value) ? value.map(readable) : value;
}
