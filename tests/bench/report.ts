import { type Figure, figureNames, figureRow, type Goal } from "./figures.ts";
import type { BusName } from "./options.ts";
import type { Program } from "./programs.ts";
import { markdown } from "./markdown.ts";
import { median } from "./statistics.ts";

type Name = Program["name"];

/** Measured numbers by program and figure, of which the medians are shown. */
export class Report {
  readonly #bus: BusName;
  readonly #programs: readonly Name[];
  readonly #numbers = new Map<string, number[]>();

  /** Makes an empty one for a bus and the programs that are measured on it. */
  constructor(bus: BusName, programs: readonly Name[]) {
    this.#bus = bus;
    this.#programs = programs;
  }

  /** Adds numbers of one round. */
  add(program: Name, numbers: Partial<Record<Figure, number>>): void {
    for (const [figure, number] of Object.entries(numbers)) {
      const name = `${program} ${figure}`;
      const list = this.#numbers.get(name) ?? [];
      this.#numbers.set(name, list);
      list.push(number);
    }
  }

  /**
   * A table for people: the proxy's ratio to each other program, what is wanted, and the medians.
   * Figures that were not measured are left out.
   */
  table(): string {
    const others = this.#programs.filter((name) => name !== "proxy");
    const head = [
      "figure",
      ...others.map((name) => `of ${name}`),
      "wanted",
      ...this.#programs,
      "proxy, range",
    ];
    const rows = this.#measured().map((figure) => {
      const { digits, goals } = figureRow(figure);
      const proxy = this.#of("proxy", figure);
      return [
        figure,
        ...others.map((name) => shown(this.#ratio(figure, name), 2)),
        this.#verdict(figure, goals?.[this.#bus]),
        ...this.#programs.map((name) => shown(median(this.#of(name, figure)), digits)),
        `${shown(Math.min(...proxy), digits)} to ${shown(Math.max(...proxy), digits)}`,
      ];
    });
    return markdown([head, ...rows]);
  }

  /** The same for programs, with all numbers. */
  json(): object {
    return Object.fromEntries(
      this.#measured().map((figure) => {
        const of = (name: Name) => {
          const rounds = this.#of(name, figure);
          return [name, { median: median(rounds), ratio: this.#ratio(figure, name), rounds }];
        };
        return [figure, Object.fromEntries(this.#programs.map(of))];
      }),
    );
  }

  #measured(): readonly Figure[] {
    return figureNames.filter((figure) => this.#of("proxy", figure).length > 0);
  }

  #of(program: Name, figure: Figure): readonly number[] {
    return this.#numbers.get(`${program} ${figure}`) ?? [];
  }

  /** The median of the rounds' ratios: what disturbs a round mostly disturbs both programs. */
  #ratio(figure: Figure, other: Name): number {
    const others = this.#of(other, figure);
    return median(this.#of("proxy", figure).map((number, round) => number / others[round]));
  }

  #verdict(figure: Figure, goal: Goal | undefined): string {
    if (!goal) return "";
    const { of, least, most } = goal;
    const number = of === "itself"
      ? median(this.#of("proxy", figure))
      : this.#ratio(figure, "original");
    const wanted = least !== undefined ? `≥ ${least}` : `≤ ${most}`;
    if (Number.isNaN(number)) return wanted;
    const reached = least !== undefined ? number >= least : number <= (most ?? Infinity);
    return `${wanted}${of === "original" ? " of it" : ""}: ${reached ? "yes" : "no"}`;
  }
}

function shown(number: number, digits: number): string {
  if (!Number.isFinite(number)) return "";
  return number.toLocaleString("en", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
