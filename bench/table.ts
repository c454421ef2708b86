/** A column's cells are numbers, set right, or words, set left. */
export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
}

/** A Markdown table that is also readable as it stands. */
export function markdownTable(columns: readonly Column[], rows: readonly string[][]): string {
  const widths = columns.map(({ title }, index) =>
    Math.max(3, title.length, ...rows.map((cells) => cells[index]?.length ?? 0)),
  );
  const padded = (cell: string, index: number) =>
    columns[index]?.align === "right"
      ? cell.padStart(widths[index] ?? 0)
      : cell.padEnd(widths[index] ?? 0);
  const line = (cells: readonly string[]) =>
    `| ${columns.map((_, index) => padded(cells[index] ?? "", index)).join(" | ")} |`;
  const rule = columns.map(({ align }, index) => {
    const dashes = "-".repeat((widths[index] ?? 3) - 1);
    return align === "right" ? `${dashes}:` : `${dashes}-`;
  });
  return [line(columns.map(({ title }) => title)), line(rule), ...rows.map(line)].join("\n");
}
