import type { Connection } from "#lib/db/client.ts";
import type { ExperimentInfo } from "#lib/experiments/read-experiments.ts";
import { type EffectOverTime, type Results, readTimeline } from "#lib/experiments/read-results.ts";
import { type Field, listTable, oneBatch } from "#lib/tables/list-table.ts";
import type { LineChart, Table } from "#lib/tables/table.ts";

const EXPERIMENT: Field<ExperimentInfo>[] = [
  ["key", "Experiment", "text", (experiment) => experiment.key],
  ["name", "Name", "text", (experiment) => experiment.name],
  ["kind", "Kind", "text", (experiment) => experiment.kind],
  ["status", "Status", "text", (experiment) => experiment.status],
  ["verdict", "Verdict", "text", (experiment) => experiment.decision],
  ["owner", "Owner", "text", (experiment) => experiment.owner],
  ["tags", "Tags", "text", (experiment) => experiment.tags.join(", ")],
  ["variants", "Variants", "text", (experiment) => experiment.variants.map(({ key }) => key).join(", ")],
  ["started_at", "Started", "time", (experiment) => experiment.startedAt],
  ["stopped_at", "Stopped", "time", (experiment) => experiment.stoppedAt],
  ["hypothesis", "Hypothesis", "text", (experiment) => experiment.hypothesis],
];

/** All experiments, one a row. */
export const experimentsTable = (experiments: ExperimentInfo[]): Table =>
  listTable("Experiments", EXPERIMENT, oneBatch(experiments));

type Metric = Results["metrics"][number];
type Outcome = { metric: Metric; arm: Metric["arms"][number]; against: Metric["comparisons"][number] | undefined };

/** How the effects on the metrics grew, day by day, in percent. */
async function effectCharts(db: Connection, experiment: ExperimentInfo): Promise<LineChart[]> {
  if (experiment.kind !== "ab") return [];
  const charts: LineChart[] = [];
  for (const { key, name } of experiment.metrics) {
    const timeline = await readTimeline(db, experiment, key);
    const absolute = timeline.some(({ days }) => days[0]?.scale === "absolute");
    const factor = absolute ? 1 : 100;
    const line = ({ variant, days }: { variant: string; days: EffectOverTime }) => [
      { name: variant, points: days.map(({ at, effect }): [number, number] => [at, factor * effect]) },
      ...["from", "to"].map((end, n) => ({
        name: `${variant}, interval ${end}`,
        points: days.map(({ at, ci }): [number, number] => [at, factor * (ci[n] as number)]),
      })),
    ];
    const lines = timeline.flatMap(line);
    charts.push({ title: `Effect on ${name}`, unit: absolute ? "" : "percent", rate: false, lines });
  }
  return charts;
}

/** An experiment's results, a row for each metric and variant. */
export function resultsTable(db: Connection, experiment: ExperimentInfo, { metrics, verdict }: Results): Table {
  const outcomes = metrics.flatMap((metric) =>
    metric.arms.map((arm) => ({ metric, arm, against: metric.comparisons.find((c) => c.variant === arm.variant) })),
  );
  const fields: Field<Outcome>[] = [
    ["experiment", "Experiment", "text", () => experiment.key],
    ["status", "Status", "text", () => experiment.status],
    ["verdict", "Verdict", "text", () => verdict.decision],
    ["metric", "Metric", "text", ({ metric }) => metric.name],
    ["role", "Role", "text", ({ metric }) => metric.role],
    ["variant", "Variant", "text", ({ arm }) => arm.variant],
    ["n", "Sample size", "number", ({ arm }) => arm.n],
    ["mean", "Value", "number", ({ arm }) => arm.mean],
    ["scale", "Scale", "text", ({ against }) => against?.scale ?? null],
    ["effect", "Effect", "number", ({ against }) => against?.effect ?? null],
    ["ci_low", "Interval from", "number", ({ against }) => against?.ci[0] ?? null],
    ["ci_high", "Interval to", "number", ({ against }) => against?.ci[1] ?? null],
    ["p", "p", "number", ({ against }) => against?.p ?? null],
    ["adjusted_p", "p (corrected)", "number", ({ against }) => against?.adjustedP ?? null],
    ["chance_to_win", "Chance to win", "share", ({ against }) => against?.chanceToWin ?? null],
    ["method", "Method", "text", ({ against }) => against?.method ?? "control"],
  ];
  return {
    ...listTable("Results", fields, oneBatch(outcomes)),
    attachments: async () => ({ charts: await effectCharts(db, experiment), sheets: [] }),
  };
}
