import type { Output } from "./output.ts";
import { truncate } from "./table.ts";

/** Time between two drawings, in milliseconds. */
const redraw = 100;
const barWidth = 24;

/** How far something is. */
interface Progress {
  /** How many are done. */
  readonly done: number;
  /** Of these, how many failed. */
  readonly failed: number;
  /** How many there are in all; absent while nobody knows. */
  readonly total?: number;
}

/** A line on a terminal that shows how far something is. Elsewhere it shows nothing. */
export class ProgressBar implements Disposable {
  readonly #output: Output;
  readonly #look: () => Progress;
  readonly #begun = performance.now();
  readonly #timer: ReturnType<typeof setInterval> | undefined;

  /**
   * Begins to show how far something is.
   *
   * @param output Where; if it is no terminal, nothing is shown.
   * @param look Tells how far it is.
   */
  constructor(output: Output, look: () => Progress) {
    this.#output = output;
    this.#look = look;
    this.#timer = output.isTerminal ? setInterval(() => this.#draw(), redraw) : undefined;
  }

  /** Takes the line away. */
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

/** The line for what is done after so many seconds. */
function progressLine({ done, failed, total }: Progress, seconds: number): string {
  const rate = seconds > 0 ? Math.round(done / seconds) : 0;
  const parts = [`${rate}/s`, ...(failed > 0 ? [`${failed} failed`] : [])];
  if (total === undefined) return [`${done} done`, ...parts].join("  ");
  const share = total > 0 ? done / total : 1;
  const full = Math.floor(barWidth * share);
  const bar = `[${"=".repeat(full)}${" ".repeat(barWidth - full)}]`;
  return [bar, `${Math.floor(100 * share)}%`, `${done} of ${total}`, ...parts].join("  ");
}
