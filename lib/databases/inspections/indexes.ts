import { filteredColumns } from "#lib/databases/inspections/filtered-columns.ts";
import {
  type Column,
  commands,
  found,
  type Inspected,
  type Inspection,
  type SeenStatement,
} from "#lib/databases/inspections/finding.ts";
import type { IndexRow, TableRow } from "#lib/databases/read/tables.ts";
import { quoteName, quotePath } from "#lib/databases/server/sql-text.ts";
import { formatText } from "#lib/format/value.ts";

const MIB = 1024 ** 2;

const pathOf = ({ schema, index }: IndexRow) => quotePath(schema, index);
const bytesText = (rows: IndexRow[]) =>
  formatText(
    rows.reduce((sum, { bytes }) => sum + bytes, 0),
    "bytes",
  );
const count = (rows: unknown[]) => `${rows.length} ${rows.length === 1 ? "index" : "indexes"}`;

const columns: Column<IndexRow>[] = [
  { title: "Database", cell: ({ database }) => database },
  { title: "Table", cell: ({ schema, table }) => `${schema}.${table}` },
  { title: "Index", cell: ({ index }) => index },
  { title: "On", cell: (row) => row.columns },
  { title: "Size", unit: "bytes", cell: ({ bytes }) => bytes },
  { title: "Scans", unit: "count", cell: ({ scans }) => scans },
];

const SMALL_BYTES = MIB;
const LARGE_BYTES = 100 * MIB;

/** Indexes that no query has used since the statistics began, and that hold no rule. */
export const inspectUnusedIndexes: Inspection = ({ snapshots }) => {
  const indexes = snapshots.indexes?.data ?? [];
  // Of some that do the same the other finding says which to drop, and the one that stays may be used once they are gone.
  const redundant = new Set(redundantOf(indexes).flatMap(({ index, by }) => [index, by]));
  const rows = indexes.filter(
    (row) =>
      row.scans === 0 && !row.unique && !row.constraint && row.valid && row.bytes >= SMALL_BYTES && !redundant.has(row),
  );
  if (rows.length === 0) return [];
  const large = rows.reduce((sum, { bytes }) => sum + bytes, 0) >= LARGE_BYTES;
  return [
    found(
      {
        key: "unused-indexes",
        severity: large ? "warning" : "info",
        title: `${count(rows)} of ${bytesText(rows)} ${rows.length === 1 ? "is" : "are"} never used`,
        why: "Each insert, and most updates, write every index of a table, and unused ones take room in cache and backups.",
        remedy:
          "Look first whether a standby uses it (its statistics are its own), and whether a query of each month does; then drop it.",
        sql: commands(rows, (row) => `DROP INDEX CONCURRENTLY ${pathOf(row)};`),
      },
      rows,
      columns,
    ),
  ];
};

const tableOf = ({ database, schema, table }: IndexRow) => [database, schema, table].join("\n");

/** The index that stays, of some that do the same: one that holds a rule, else the one that is used most. */
const rank = ({ primary, constraint, unique, scans }: IndexRow) =>
  (primary ? 4e15 : 0) + (constraint ? 2e15 : 0) + (unique ? 1e15 : 0) + Math.min(scans, 1e14);

type Redundant = { index: IndexRow; by: IndexRow };

function duplicatesOf(indexes: IndexRow[]): Redundant[] {
  const groups = Map.groupBy(
    indexes.filter(({ valid }) => valid),
    (row) => `${tableOf(row)}\n${row.shape}`,
  );
  return [...groups.values()].flatMap((group) => {
    const [kept, ...others] = group.toSorted((a, b) => rank(b) - rank(a));
    return kept ? others.filter(({ constraint }) => !constraint).map((index) => ({ index, by: kept })) : [];
  });
}

/** Whether the columns of one are the first of another's of its table, both plain B-trees: the other then serves the same queries. */
function isPrefix(index: IndexRow, other: IndexRow): boolean {
  if (index.unique || index.constraint || !index.valid || !other.valid) return false;
  const [mine, theirs] = [index.shape.split("/"), other.shape.split("/")];
  if (mine[0] !== "btree" || theirs[0] !== "btree" || mine.length !== 8 || theirs.length !== 8) return false;
  if ([6, 7].some((part) => mine[part] !== "" || theirs[part] !== "")) return false;
  if (Number(mine[2]) >= Number(theirs[2])) return false;
  return [1, 3, 4, 5].every((part) => `${theirs[part]} `.startsWith(`${mine[part]} `));
}

/** The indexes that another makes superfluous: those that do the same first. */
function redundantOf(indexes: IndexRow[]): (Redundant & { same: boolean })[] {
  const same = duplicatesOf(indexes);
  const gone = new Set(same.map(({ index }) => index));
  const kept = indexes.filter((index) => !gone.has(index));
  const byTable = Map.groupBy(kept, tableOf);
  const prefixes = kept.flatMap((index): Redundant[] => {
    const by = byTable.get(tableOf(index))?.find((other) => other !== index && isPrefix(index, other));
    return by ? [{ index, by }] : [];
  });
  return [...same.map((row) => ({ ...row, same: true })), ...prefixes.map((row) => ({ ...row, same: false }))];
}

/** Indexes that another makes superfluous. */
export const inspectDuplicateIndexes: Inspection = ({ snapshots }) => {
  const rows = redundantOf(snapshots.indexes?.data ?? []);
  if (rows.length === 0) return [];
  const list = rows.map(({ index }) => index);
  return [
    found(
      {
        key: "duplicate-indexes",
        severity: rows.some(({ same }) => same) ? "warning" : "info",
        title: `${count(list)} of ${bytesText(list)} ${list.length === 1 ? "does" : "do"} what another does`,
        why: "Both are written at each change, and the second helps no query.",
        remedy: "Drop the superfluous ones.",
        sql: commands(list, (row) => `DROP INDEX CONCURRENTLY ${pathOf(row)};`),
      },
      rows,
      [
        ...columns.map(({ title, unit, cell }) => ({
          title,
          ...(unit && { unit }),
          cell: ({ index }: Redundant) => cell(index),
        })),
        { title: "Same as", cell: ({ by }) => by.index },
      ],
    ),
  ];
};

/** Indexes that a failed CREATE INDEX CONCURRENTLY has left. */
export const inspectInvalidIndexes: Inspection = ({ snapshots }) => {
  const rows = (snapshots.indexes?.data ?? []).filter(({ valid }) => !valid);
  if (rows.length === 0) return [];
  return [
    found(
      {
        key: "invalid-indexes",
        severity: "warning",
        title: `${count(rows)} ${rows.length === 1 ? "is" : "are"} invalid`,
        why: "It is written at each change and used by no query: building it has failed, or still goes on.",
        remedy: "Build it anew, or drop it.",
        sql: commands(rows, (row) => `REINDEX INDEX CONCURRENTLY ${pathOf(row)};`),
      },
      rows,
      columns,
    ),
  ];
};

const SCAN = { rows: 10_000, scans: 20, share: 0.1 };

type Candidate = { table: TableRow; perScan: number; columns: string[]; statement: string };

/** What the costliest statement that filters a table filters it by. */
function candidateOf(table: TableRow, statements: SeenStatement[]): Candidate {
  const perScan = table.sequentialRows / Math.max(1, table.sequentialScans);
  for (const { text, database } of statements.toSorted((a, b) => b.ms - a.ms)) {
    const columns = database === table.database ? filteredColumns(text, table.table) : [];
    if (columns.length > 0) return { table, perScan, columns, statement: text.slice(0, 300) };
  }
  return { table, perScan, columns: [], statement: "" };
}

/** Is there an index whose first column is the first of the candidate's? */
function isCovered({ table, columns: wanted }: Candidate, { snapshots }: Inspected): boolean {
  const [first] = wanted;
  return (snapshots.indexes?.data ?? []).some(
    (row) =>
      [row.database, row.schema, row.table].join() === [table.database, table.schema, table.table].join() &&
      first !== undefined &&
      new RegExp(`^\\w+ \\("?${first}"?[,) ]`).test(row.columns),
  );
}

function createIndex({ table, columns: names }: Candidate): string {
  const path = quotePath(table.schema, table.table);
  if (names.length > 0) return `CREATE INDEX CONCURRENTLY ON ${path} (${names.map(quoteName).join(", ")});`;
  return `-- see what the statements filter by:\nSELECT calls, mean_exec_time, query FROM pg_stat_statements WHERE query ILIKE '%${table.table.replaceAll("'", "''")}%' ORDER BY total_exec_time DESC LIMIT 10;\n-- then: CREATE INDEX CONCURRENTLY ON ${path} (column);`;
}

/** Large tables that are read whole again and again. */
export const inspectMissingIndexes: Inspection = (inspected) => {
  const rows = (inspected.snapshots.tables?.data ?? [])
    .filter(
      ({ rows: all, sequentialScans, sequentialRows, indexScans }) =>
        all >= SCAN.rows &&
        sequentialScans >= SCAN.scans &&
        sequentialRows / sequentialScans >= SCAN.share * all &&
        sequentialScans > indexScans / 100,
    )
    .sort((a, b) => b.sequentialRows - a.sequentialRows)
    .map((table) => candidateOf(table, inspected.statements))
    .filter((candidate) => !isCovered(candidate, inspected));
  const [worst] = rows;
  if (!worst) return [];
  const { schema, table, sequentialScans } = worst.table;
  return [
    found(
      {
        key: "missing-indexes",
        severity: "warning",
        title: `${schema}.${table} was read whole ${formatText(sequentialScans, "count")} times${rows.length > 1 ? `, and ${rows.length - 1} more tables` : ""}`,
        why: `Each read takes ${formatText(worst.perScan, "count")} rows to find what an index could find at once.`,
        remedy: "Create an index on what the statements filter by; look at their plans first (Queries).",
        sql: commands(rows, createIndex),
      },
      rows,
      [
        { title: "Database", cell: (row) => row.table.database },
        { title: "Table", cell: (row) => `${row.table.schema}.${row.table.table}` },
        { title: "Rows", unit: "count", cell: (row) => row.table.rows },
        { title: "Read whole", unit: "count", cell: (row) => row.table.sequentialScans },
        { title: "Rows a read", unit: "count", cell: ({ perScan }) => perScan },
        { title: "By index", unit: "count", cell: (row) => row.table.indexScans },
        { title: "Filtered by", cell: (row) => row.columns.join(", ") || "not known" },
        { title: "Statement", cell: ({ statement }) => statement },
      ],
    ),
  ];
};
