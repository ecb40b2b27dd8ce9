import type { Output } from "./output.ts";
import { truncate } from "./table.ts";

/** Milliseconds. */
const redraw = 100;
const barWidth = 24;

/** The progress of a batch. */
interface Progress {
  readonly done: number;
  /** How many of these failed. */
  readonly failed: number;
  /** How many there are; absent while unknown. */
  readonly total?: number;
}

/** A progress bar on a terminal. Elsewhere nothing is shown. */
export class ProgressBar implements Disposable {
  readonly #output: Output;
  readonly #look: () => Progress;
  readonly #begun = performance.now();
  readonly #timer: ReturnType<typeof setInterval> | undefined;

  /**
   * Draws until it is disposed of.
   *
   * @param look Returns the progress.
   */
  constructor(output: Output, look: () => Progress) {
    this.#output = output;
    this.#look = look;
    this.#timer = output.isTerminal ? setInterval(() => this.#draw(), redraw) : undefined;
  }

  /** Removes the bar. */
  [Symbol.dispose](): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#output.write("\r\x1b[K");
  }

  #draw(): void {
    const seconds = (performance.now() - this.#begun) / 1000;
    const line = progressLine(this.#look(), seconds);
    this.#output.write(`\r${truncate(line, this.#output.columns - 1)}\x1b[K`);
  }
}

/** The bar after so many seconds. */
function progressLine({ done, failed, total }: Progress, seconds: number): string {
  const rate = seconds > 0 ? Math.round(done / seconds) : 0;
  const parts = [`${rate}/s`, ...(failed > 0 ? [`${failed} failed`] : [])];
  if (total === undefined) return [`${done} done`, ...parts].join("  ");
  const share = total > 0 ? done / total : 1;
  const full = Math.floor(barWidth * share);
  const bar = `[${"=".repeat(full)}${" ".repeat(barWidth - full)}]`;
  return [bar, `${Math.floor(100 * share)}%`, `${done} of ${total}`, ...parts].join("  ");
}
