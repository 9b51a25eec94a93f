import { type Column, commands, found, type Inspection } from "#lib/databases/inspections/finding.ts";
import type { TableRow } from "#lib/databases/read/tables.ts";
import { quotePath } from "#lib/databases/server/sql-text.ts";
import { formatText } from "#lib/format/value.ts";

const MIB = 1024 ** 2;

const pathOf = ({ schema, table }: TableRow) => quotePath(schema, table);

const named: Column<TableRow>[] = [
  { title: "Database", cell: ({ database }) => database },
  { title: "Table", cell: ({ schema, table }) => `${schema}.${table}` },
  { title: "Size", unit: "bytes", cell: ({ bytes }) => bytes },
];

const LATE = 2;
const VERY_LATE = 10;
const FEW_DEAD = 10_000;

/** Tables that autovacuum should have cleaned long ago. */
export const inspectDeadRows: Inspection = ({ snapshots }) => {
  const rows = (snapshots.tables?.data ?? [])
    .filter(({ deadRows, vacuumThreshold }) => deadRows >= FEW_DEAD && deadRows >= LATE * vacuumThreshold)
    .sort((a, b) => b.deadRows - a.deadRows);
  const [worst] = rows;
  if (!worst) return [];
  return [
    found(
      {
        key: "dead-rows",
        severity: worst.deadRows >= VERY_LATE * worst.vacuumThreshold ? "critical" : "warning",
        title: `Vacuum is late: ${formatText(worst.deadRows, "count")} dead rows in ${worst.schema}.${worst.table}${rows.length > 1 ? ` and ${rows.length - 1} more` : ""}`,
        why: "Dead rows are read by every scan and take room; statistics of such tables are old, and plans go wrong.",
        remedy:
          "Vacuum now. Where it stays late, something holds it back: an open transaction, a slot, or too few workers.",
        sql: commands(rows, (row) => `VACUUM (ANALYZE, VERBOSE) ${pathOf(row)};`),
      },
      rows,
      [
        ...named,
        { title: "Dead rows", unit: "count", cell: ({ deadRows }) => deadRows },
        { title: "Vacuum due at", unit: "count", cell: ({ vacuumThreshold }) => Math.round(vacuumThreshold) },
        { title: "Last vacuum", unit: "instant", cell: ({ vacuumedAt }) => vacuumedAt },
      ],
    ),
  ];
};

const LARGE_ROWS = 10_000;

/** Tables whose statistics the planner does not have. */
export const inspectAnalyze: Inspection = ({ snapshots }) => {
  const rows = (snapshots.tables?.data ?? []).filter(
    ({ analyzedAt, rows, changes }) => analyzedAt === null && Math.max(rows, changes) >= LARGE_ROWS,
  );
  if (rows.length === 0) return [];
  return [
    found(
      {
        key: "never-analyzed",
        severity: "info",
        title: `${rows.length} large ${rows.length === 1 ? "table was" : "tables were"} never analyzed`,
        why: "The planner guesses how many rows a condition matches, and may choose a slow plan.",
        remedy: "Analyze them; autovacuum does it from then on.",
        sql: commands(rows, (row) => `ANALYZE ${pathOf(row)};`),
      },
      rows,
      [...named, { title: "Rows", unit: "count", cell: ({ rows: count }) => count }],
    ),
  ];
};

const BLOAT = { bytes: 100 * MIB, share: 0.4, warningBytes: 1024 * MIB };

/** Tables that are mostly empty. */
export const inspectBloat: Inspection = ({ snapshots }) => {
  const rows = (snapshots.tables?.data ?? [])
    .filter(({ bloatBytes, bytes }) => (bloatBytes ?? 0) >= BLOAT.bytes && (bloatBytes ?? 0) >= BLOAT.share * bytes)
    .sort((a, b) => (b.bloatBytes ?? 0) - (a.bloatBytes ?? 0));
  if (rows.length === 0) return [];
  const bytes = rows.reduce((sum, { bloatBytes }) => sum + (bloatBytes ?? 0), 0);
  return [
    found(
      {
        key: "bloat",
        severity: bytes >= BLOAT.warningBytes ? "warning" : "info",
        title: `About ${formatText(bytes, "bytes")} of ${rows.length} ${rows.length === 1 ? "table is" : "tables are"} empty`,
        why: "Scans read the empty room too, and it takes cache from what is used. Estimated by the widths of columns.",
        remedy: "pg_repack gives the room back while the table is used; VACUUM FULL locks the table until it is done.",
        sql: commands(
          rows,
          (row) =>
            `-- locks the table; pg_repack --table=${pathOf(row)} does not:\nVACUUM (FULL, ANALYZE) ${pathOf(row)};`,
        ),
      },
      rows,
      [
        ...named,
        { title: "Empty, estimated", unit: "bytes", cell: ({ bloatBytes }) => bloatBytes },
        {
          title: "Share",
          unit: "percent",
          cell: ({ bloatBytes, bytes: all }) => (100 * (bloatBytes ?? 0)) / Math.max(1, all),
        },
      ],
    ),
  ];
};
