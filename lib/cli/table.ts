/** Lays out a table for the terminal. */

const GAP = '  ';

export interface TableStyle {
  /** Columns that are aligned to the right. Default: none. */
  right?: readonly number[];
  /** Colours a padded cell. Row 0 is the heading. Default: no colours. */
  paint?: (cell: string, row: number, column: number) => string;
}

/** A line for each row. A column is as wide as its longest cell; lines have no space at their end. */
export function tableLines(
  rows: readonly (readonly string[])[],
  { right = [], paint = (cell) => cell }: TableStyle = {},
): string[] {
  const widthOf = (column: number) => Math.max(...rows.map((row) => (row[column] ?? '').length));
  const widths = (rows[0] ?? []).map((_, column) => widthOf(column));
  return rows.map((row, index) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return paint(right.includes(column) ? cell.padStart(width) : cell.padEnd(width), index, column);
      })
      .join(GAP)
      .trimEnd(),
  );
}
