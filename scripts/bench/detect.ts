import { anomalyConfidence, anomalySeverity } from "#lib/anomalies/confidence.ts";
import { Detector, STATE_BYTES } from "#lib/anomalies/detector.ts";
import { quantile } from "#lib/stats/quantile.ts";
import { seededNormal, seededRandom } from "#lib/stats/random.ts";
import { DAY_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { addHistory } from "../../tests/support/history.ts";
import type { BenchResult } from "../bench.ts";
import { onCluster } from "./cluster.ts";
import { round } from "./statistics.ts";

const SERIES = 1_000;
const START = Date.UTC(2026, 0, 5);
const POINTS = 20_000;

/** Daily waves with noise that differs by series. */
const wave = (series: number, at: number) =>
  50 + 20 * Math.sin((at / DAY_MS) * 2 * Math.PI + series) + Math.sin(at / 7_919 + series * 13) * 3;

/** Cost of one point in the detector alone, µs. */
function pointMicroseconds(): number {
  const times: number[] = [];
  for (let repeat = 0; repeat < 7; repeat++) {
    const detector = new Detector();
    const began = performance.now();
    for (let n = 0; n < POINTS; n++) detector.observe(START + n * MINUTE_MS, wave(repeat, n * MINUTE_MS));
    times.push(((performance.now() - began) * 1_000) / POINTS);
  }
  return quantile(times, 0.5);
}

type Series = (n: number, noise: () => number) => number;

const slow = (memory: number): Series => {
  let level = 0;
  return (_, noise) => {
    level = memory * level + noise();
    return 50 + level;
  };
};

/** Series in which nothing happens: what is raised there is a false alarm. */
const QUIET: Record<string, () => Series> = {
  "white noise": () => (_, noise) => 50 + noise(),
  "noise that remembers": () => slow(0.9),
  "a daily wave": () => (n, noise) => 50 + 20 * Math.sin((n / 1_440) * 2 * Math.PI) + 2 * noise(),
  "a slow drift": () => (n, noise) => 50 + n / 2_000 + noise(),
};

const DAYS = 28;
const SEEDS = 4;

/** Events a series and day over four weeks of minutes, all and those of grade warning or worse. */
function quietAlarms(): BenchResult {
  const rates = Object.entries(QUIET).map(([name, make]) => {
    let [all, warned] = [0, 0];
    for (let seed = 1; seed <= SEEDS; seed++) {
      const [detector, series, noise] = [new Detector(), make(), seededNormal(seededRandom(seed))];
      let peak = 0;
      for (let n = 0; n < DAYS * 1_440; n++) {
        const { phase, evidence } = detector.observe(START + n * MINUTE_MS, series(n, noise));
        const was = anomalySeverity(anomalyConfidence(peak)) !== "info";
        peak = phase === "quiet" ? 0 : Math.max(phase === "onset" ? 0 : peak, evidence);
        all += Number(phase === "onset");
        warned += Number(!(was && phase === "running") && anomalySeverity(anomalyConfidence(peak)) !== "info");
      }
    }
    const perDay = (count: number) => round(count / SEEDS / DAYS);
    return [`events a day, ${name} (of grade warning)`, `${perDay(all)} (${perDay(warned)})`];
  });
  return Object.fromEntries(rates);
}

async function cycles(url: string): Promise<BenchResult> {
  const [{ openDatabase }, { DetectionRunner }, { DEFAULT_SETTINGS }] = await Promise.all([
    import("#lib/db/client.ts"),
    import("#lib/anomalies/detection-runner.ts"),
    import("#lib/contract/settings.ts"),
  ]);
  const labels = Array.from({ length: SERIES }, (_, n): [string, Record<string, string>] => [
    "app.load",
    { n: String(n) },
  ]);
  const [learned, end] = [START + 6 * 60 * MINUTE_MS, START + 6.5 * 60 * MINUTE_MS];
  await addHistory(url, "bench", {
    series: labels,
    from: START,
    to: end,
    stepMs: 30_000,
    valuesAt: (at) => labels.map((_, n) => wave(n, at)),
  });
  const db = openDatabase(url, { maxConnections: 2, queryLimitMs: 120_000 });
  const runner = new DetectionRunner(db, "UTC");
  const warmUp = await runner.step(DEFAULT_SETTINGS, learned);
  const times: number[] = [];
  for (let now = learned + MINUTE_MS; now < end; now += MINUTE_MS)
    times.push((await runner.step(DEFAULT_SETTINGS, now)).ms);
  await db.$disconnect();
  return {
    series: SERIES,
    learnMicrosecondsPerSample: round((warmUp.ms * 1_000) / warmUp.samples),
    cycleMsP50: round(quantile(times, 0.5)),
    cycleMsMax: round(Math.max(...times)),
  };
}

/** What detection costs: a point, a series' state, and a cycle of 1,000 series read from the store and judged. */
export async function run(): Promise<BenchResult> {
  const microsecondsPerPoint = round(pointMicroseconds());
  return {
    microsecondsPerPoint,
    stateKB: round(STATE_BYTES / 1024),
    ...quietAlarms(),
    ...(await onCluster(({ url }) => cycles(url))),
  };
}
