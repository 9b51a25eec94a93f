import { type HeatGrid, type HeatRow, levelOf } from "#components/charts/heat.ts";

export const HEAT_MARGIN = { left: 68, right: 8, top: 14, bottom: 22 };
/** From that width on cells have a gap between them. */
const ROOMY = 5;

/** A heat map in pixels. `rows` are the slowest first, as they are drawn. */
export type HeatSize = { grid: HeatGrid; rows: HeatRow[]; width: number; height: number };

/** Where a cell is: its column among the steps, and its row. */
export type Cell = { column: number; row: number };

/** How large cells are, and where columns and rows begin, pixels. */
export type HeatFrame = {
  columnWidth: number;
  rowHeight: number;
  x: (column: number) => number;
  y: (row: number) => number;
  /** The cell at a point, undefined beside all. */
  at: (x: number, y: number) => Cell | undefined;
};

export function frameOf({ grid, rows, width, height }: HeatSize): HeatFrame {
  const { left, right, top, bottom } = HEAT_MARGIN;
  const columnWidth = Math.max(1, width - left - right) / grid.steps.length;
  const rowHeight = (height - top - bottom) / rows.length;
  const at = (x: number, y: number) => {
    const [column, row] = [Math.floor((x - left) / columnWidth), Math.floor((y - top) / rowHeight)];
    return grid.steps[column] && rows[row] ? { column, row } : undefined;
  };
  return { columnWidth, rowHeight, x: (n) => left + n * columnWidth, y: (n) => top + n * rowHeight, at };
}

/** One path for all cells of a level: thousands of elements would be slow. */
export function pathsOf({ grid, rows }: HeatSize, levels: number[], frame: HeatFrame): string[] {
  const [width, height] = [frame.columnWidth - (frame.columnWidth >= ROOMY ? 1 : 0), frame.rowHeight - 1];
  const paths = levels.map(() => "");
  for (const [column, { counts }] of grid.steps.entries())
    for (const [row, { index }] of rows.entries()) {
      const level = levelOf(counts?.[index] ?? 0, levels);
      if (level === undefined) continue;
      const corner = `M${frame.x(column).toFixed(2)} ${frame.y(row).toFixed(2)}`;
      paths[level] += `${corner}h${width.toFixed(2)}v${height.toFixed(2)}h${(-width).toFixed(2)}z`;
    }
  return paths;
}

const clamp = (value: number, most: number): number => Math.min(most, Math.max(0, value));

const MOVES: Record<string, Cell> = {
  ArrowLeft: { column: -1, row: 0 },
  ArrowRight: { column: 1, row: 0 },
  ArrowUp: { column: 0, row: -1 },
  ArrowDown: { column: 0, row: 1 },
};

/** The cell that an arrow key leads to: from none to the newest and fastest. Undefined for another key. */
export function cellAfter(key: string, cell: Cell | undefined, { grid, rows }: HeatSize): Cell | undefined {
  const move = MOVES[key];
  const last = { column: grid.steps.length - 1, row: rows.length - 1 };
  if (!move) return undefined;
  if (!cell) return last;
  return { column: clamp(cell.column + move.column, last.column), row: clamp(cell.row + move.row, last.row) };
}
