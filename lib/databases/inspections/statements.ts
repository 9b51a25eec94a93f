import { found, type Inspection } from "#lib/databases/inspections/finding.ts";
import { REST } from "#lib/databases/store/statement-deltas.ts";
import { formatText } from "#lib/format/value.ts";

const SLOW = { meanMs: 1_000, calls: 5, share: 0.1 };

/** Statements that take long each time and much of all time. */
export const inspectSlowStatements: Inspection = ({ statements }) => {
  const all = statements.reduce((sum, { ms }) => sum + ms, 0);
  const rows = statements
    .filter(
      ({ queryId, calls, ms }) =>
        queryId !== REST && calls >= SLOW.calls && ms / calls >= SLOW.meanMs && ms / all >= SLOW.share,
    )
    .sort((a, b) => b.ms - a.ms);
  const [worst] = rows;
  if (!worst) return [];
  return [
    found(
      {
        key: "slow-statements",
        severity: "warning",
        title: `A statement takes ${formatText(worst.ms / worst.calls, "ms")} on average and ${formatText((100 * worst.ms) / all, "count")} % of the time of all`,
        why: "What it spends, others wait for: CPU, disk and connections.",
        remedy: "Open it in Queries and look at its plan.",
      },
      rows,
      [
        { title: "Statement", cell: ({ text }) => text.slice(0, 300) },
        { title: "Database", cell: ({ database }) => database },
        { title: "Calls", unit: "count", cell: ({ calls }) => calls },
        { title: "Mean", unit: "ms", cell: ({ ms, calls }) => ms / calls },
        { title: "Of all", unit: "percent", cell: ({ ms }) => (100 * ms) / all },
      ],
    ),
  ];
};
