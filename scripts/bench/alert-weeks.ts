import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { observe } from "#lib/alerts/conditions/conditions.ts";
import { INACTIVE, judge, type Timing } from "#lib/alerts/state-machine.ts";
import { anomalyConfidence } from "#lib/anomalies/confidence.ts";
import { Detector } from "#lib/anomalies/detector.ts";
import { conditionSchema } from "#lib/contract/alert-conditions.ts";
import { DAY_MS, MINUTE_MS } from "#lib/time/durations.ts";
import type { SeriesInfo } from "#lib/tsdb/catalog.ts";
import type { BenchResult } from "../bench.ts";
import { type NabFile, readCorpus } from "../steps/nab-corpus.ts";
import { ROOT } from "../steps/paths.ts";
import { round } from "./statistics.ts";

// How many alerts a day rules raise on recorded weeks of real servers, and how many of these lie outside of what people labelled as wrong: those call
// somebody for nothing. No independent result: the series are of the open half of the Numenta Anomaly Benchmark, on which the detector was developed and
// its confidence fitted, and the wait of the shipped CPU rule was chosen among the three that stand here, by these same five machines.

const CORPUS = process.env.NAB_CORPUS ?? join(ROOT, "..", "shared", "nab");
const SERVERS = /^(realAWSCloudwatch|realKnownCause)\//;
const STEP_MS = 5 * MINUTE_MS;

type CorpusFile = { name: string; limits: [number, number][] };
type Found = { alerts: number; useless: number; days: number };

const SERIES: SeriesInfo = {
  ...{
    id: 1,
    sourceId: 1,
    metric: "x",
    labels: {},
    name: "x",
    unit: "percent",
    kind: "gauge",
    group: "Other",
    help: "",
  },
};

/** The alerts that a condition raises on values of rows, by the evaluation's own code. */
function alertsOf(
  condition: object,
  timing: Timing,
  { times }: NabFile,
  valueAt: (row: number) => number | undefined,
): number[] {
  const judged = {
    series: "x",
    windowMs: STEP_MS,
    aggregate: "avg" as const,
    condition: conditionSchema.parse(condition),
  };
  const subject = { series: SERIES, parts: [], intervalMs: () => 0 };
  const rows: number[] = [];
  let memory = INACTIVE;
  for (const [row, at] of times.entries()) {
    const { observation } = observe(judged, subject, { value: () => valueAt(row) });
    const before = memory.state;
    memory = judge({ ...memory, seenAt: memory.seenAt || at }, observation, timing, at);
    if (memory.state === "firing" && before !== "firing") rows.push(row);
  }
  return rows;
}

/** The confidence of the anomaly that goes on at each row. */
function confidences({ times, values }: NabFile): (number | undefined)[] {
  const detector = new Detector();
  let surest = 0;
  return values.map((value, row) => {
    const { phase, evidence } = detector.observe(times[row] as number, value);
    surest = phase === "quiet" ? 0 : Math.max(surest, anomalyConfidence(evidence));
    return surest > 0 ? surest : undefined;
  });
}

function countAlerts(rows: number[], file: NabFile, { limits }: CorpusFile): Found {
  const days = ((file.times.at(-1) ?? 0) - (file.times[0] ?? 0)) / DAY_MS;
  const isWrong = (row: number) => limits.some(([from, to]) => row >= from && row <= to);
  return { alerts: rows.length, useless: rows.filter((row) => !isWrong(row)).length, days };
}

const perDay = (found: Found[]): string => {
  const sum = (key: keyof Found) => found.reduce((total, each) => total + each[key], 0);
  const rate = (count: number) => round(count / sum("days"));
  return `${rate(sum("alerts"))} alerts a series and day, ${rate(sum("useless"))} of them outside of what was labelled (${found.length} series, ${Math.round(sum("days"))} days)`;
};

const TIMING: Timing = { forMs: 0, keepFiringMs: 0, noData: "keep", onError: "keep" };

/** Alerts a day on recorded weeks. NAB_CORPUS names another folder. */
export async function run(): Promise<BenchResult> {
  const scorer = (await import(pathToFileURL(join(CORPUS, "score.mjs")).href)) as {
    loadCorpus(dir: string): CorpusFile[];
  };
  const labels = new Map(scorer.loadCorpus(CORPUS).map((file) => [file.name, file]));
  const files = readCorpus(CORPUS).filter(({ name }) => SERVERS.test(name));
  const counted = (some: NabFile[], rowsOf: (file: NabFile) => number[]) =>
    perDay(some.map((file) => countAlerts(rowsOf(file), file, labels.get(file.name) as CorpusFile)));
  const processors = files.filter(({ name }) => name.includes("cpu_utilization"));
  const cpu = { kind: "threshold", operator: ">=", level: 80, resolveLevel: 76 };
  const result: BenchResult = {
    "shipped rule, CPU 80 % for 5 min": counted(processors, (file) =>
      alertsOf(cpu, { ...TIMING, forMs: 5 * MINUTE_MS, keepFiringMs: 2 * MINUTE_MS }, file, (row) => file.values[row]),
    ),
  };
  for (const minutes of [15, 30])
    result[`the same for ${minutes} min`] = counted(processors, (file) =>
      alertsOf(
        cpu,
        { ...TIMING, forMs: minutes * MINUTE_MS, keepFiringMs: 2 * MINUTE_MS },
        file,
        (row) => file.values[row],
      ),
    );
  for (const file of processors)
    result[file.name.replace(/^.*_/, "CPU rule on ")] = counted([file], (each) =>
      alertsOf(cpu, { ...TIMING, forMs: 5 * MINUTE_MS, keepFiringMs: 2 * MINUTE_MS }, each, (row) => each.values[row]),
    );
  for (const confidence of [0.5, 0.9, 0.99])
    result[`anomaly, confidence ${confidence}`] = counted(files, (file) => {
      const sure = confidences(file);
      return alertsOf({ kind: "anomaly", confidence }, TIMING, file, (row) => sure[row]);
    });
  return result;
}
