import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ALERT_THRESHOLD, Detector } from "#lib/anomalies/detector.ts";
import { DAY_MS } from "#lib/time/durations.ts";
import type { BenchResult } from "../bench.ts";
import { readCorpus, scoreFile } from "../steps/nab-corpus.ts";
import { ROOT } from "../steps/paths.ts";
import { round } from "./statistics.ts";

const CORPUS = process.env.NAB_CORPUS ?? join(ROOT, "..", "shared", "nab");
const FOLDS = 5;

type CorpusFile = { name: string; stamps: string[]; values: number[]; limits: [number, number][] };
type Profile = "standard" | "reward_low_FP" | "reward_low_FN";
type Scorer = {
  loadCorpus(dir: string): CorpusFile[];
  scoreCorpus(corpus: CorpusFile[], score: (file: CorpusFile) => number[]): Record<Profile, { score: number }>;
};

type Alarm = { evidence: number; right: boolean };

/** The events that the shipped detector begins after its first 15 %, each with its highest evidence; right within a labelled window. */
function alarms(file: CorpusFile, times: number[]): Alarm[] {
  const detector = new Detector();
  const found: Alarm[] = [];
  const probation = Math.min(Math.floor(0.15 * file.values.length), 750);
  file.values.forEach((value, row) => {
    const { phase, evidence } = detector.observe(times[row] as number, value);
    const last = found.at(-1);
    if (phase === "onset" && row >= probation)
      found.push({ evidence, right: file.limits.some(([from, to]) => row >= from && row <= to) });
    else if (phase === "running" && last) last.evidence = Math.max(last.evidence, evidence);
  });
  return found;
}

/** How often alarms were right, by the evidence that they reached, in groups of equal size. */
function reliability(all: Alarm[], groups: number): BenchResult {
  const sorted = [...all].sort((a, b) => a.evidence - b.evidence);
  const size = Math.ceil(sorted.length / groups);
  return Object.fromEntries(
    Array.from({ length: groups }, (_, n) => sorted.slice(n * size, (n + 1) * size))
      .filter((group) => group.length > 0)
      .map((group) => [
        `right at evidence ${round(group.reduce((sum, { evidence }) => sum + evidence, 0) / group.length)}`,
        `${group.filter(({ right }) => right).length} of ${group.length}`,
      ]),
  );
}

/**
 * The shipped detector on the open half of the Numenta Anomaly Benchmark, as a whole and in folds of files that share no
 * category order, with how reliable its alarms were. NAB_CORPUS names another folder.
 */
export async function run(): Promise<BenchResult> {
  const scorer = (await import(pathToFileURL(join(CORPUS, "score.mjs")).href)) as Scorer;
  const corpus = scorer.loadCorpus(CORPUS);
  const files = new Map(readCorpus(CORPUS).map((file) => [file.name, file]));
  const timesOf = (name: string) => files.get(name)?.times ?? [];
  const scores = new Map([...files].map(([name, file]) => [name, scoreFile(file)]));
  const score = (some: CorpusFile[]) => scorer.scoreCorpus(some, ({ name }) => scores.get(name) ?? []);
  const whole = score(corpus);
  const folds = Array.from({ length: FOLDS }, (_, fold) => score(corpus.filter((_, n) => n % FOLDS !== fold)));
  const spread = (profile: Profile) => folds.map((fold) => fold[profile].score.toFixed(1)).join(" ");
  const raised = corpus.flatMap((file) => alarms(file, timesOf(file.name)));
  const days = corpus.reduce((sum, { name }) => {
    const times = timesOf(name);
    return sum + ((times.at(-1) ?? 0) - (times[0] ?? 0)) / DAY_MS;
  }, 0);
  return {
    standard: round(whole.standard.score),
    rewardLowFp: round(whole.reward_low_FP.score),
    rewardLowFn: round(whole.reward_low_FN.score),
    "standard with each fifth left out": spread("standard"),
    "low FP with each fifth left out": spread("reward_low_FP"),
    threshold: ALERT_THRESHOLD,
    "false alarms a series and day": round(raised.filter(({ right }) => !right).length / days),
    ...reliability(raised, 6),
  };
}
