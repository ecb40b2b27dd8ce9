/**
 * The page that lists what of Asterisk's interface is tested, and where.
 *
 * @module
 */
import { pad, width } from "../../src/cli/table.ts";
import { knownEventTypes } from "../../src/protocol/api/known_events.ts";
import { description } from "../../src/protocol/api/description.ts";

/** Where it is. */
export const coveragePage: URL = new URL("../../docs/coverage.md", import.meta.url);

/** What was exercised: operations by method and path, events by type. */
export interface Coverage {
  /** On the real Asterisk, with the name of the scenario. */
  readonly real: ReadonlyMap<string, string>;
  /** On the fake one, with the reason. */
  readonly fake: ReadonlyMap<string, string>;
}

/** The operations and events that nothing exercised. */
export function uncovered({ real, fake }: Coverage): string[] {
  return [...Object.keys(description), ...knownEventTypes].filter((name) =>
    !real.has(name) && !fake.has(name)
  );
}

/** The text of the page. */
export function coverageText(coverage: Coverage): string {
  const operations = Object.keys(description);
  const onReal = (names: readonly string[]) =>
    names.filter((name) => coverage.real.has(name)).length;
  return [
    "# Which parts of ARI are tested",
    "",
    "In `tests/coverage/coverage_test.ts` every operation and every type of event that Asterisk 22",
    "describes passes through a proxy and a bus. It compares each answer and event of the real Asterisk",
    "with Asterisk's own description, and this page with the result. The scenarios are in",
    "`tests/coverage/scenarios/`. `deno test -A tests/coverage/coverage_test.ts -- --update` writes the",
    "page.",
    "",
    `## The ${operations.length} operations`,
    "",
    `${onReal(operations)} of them on the real Asterisk, the others on the fake one.`,
    "",
    ...table("operation", operations, coverage),
    "",
    `## The ${knownEventTypes.length} types of events`,
    "",
    `${onReal(knownEventTypes)} of them from the real Asterisk, the others from the fake one.`,
    "",
    ...table("event", knownEventTypes, coverage),
    "",
  ].join("\n");
}

function table(what: string, names: readonly string[], { real, fake }: Coverage): string[] {
  const rows = names.map((name) => {
    const why = fake.get(name);
    const where = real.get(name) ?? (why ? "on the fake Asterisk" : "none");
    return [`\`${name}\``, where, real.has(name) ? "" : why ?? ""];
  });
  const all = [[what, "scenario", "why not on the real one"], ...rows];
  const widths = all[0].map((_, column) => Math.max(...all.map((row) => width(row[column]))));
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const [head, ...body] = all.map((row) => line(row.map((cell, i) => pad(cell, widths[i]))));
  return [head, line(widths.map((columns) => "-".repeat(columns))), ...body];
}
