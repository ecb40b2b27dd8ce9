/** A table in Markdown, all columns but the first one flush right. The first row is the head. */
export function markdown(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) =>
    Math.max(3, ...rows.map((row) => row[column]?.length ?? 0))
  );
  const line = (row: readonly string[]) => {
    const cells = widths.map((width, column) =>
      column === 0 ? row[column].padEnd(width) : (row[column] ?? "").padStart(width)
    );
    return `| ${cells.join(" | ")} |`;
  };
  const rule = widths.map((width, column) =>
    column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`
  );
  return [line(rows[0]), line(rule), ...rows.slice(1).map(line)].join("\n");
}
