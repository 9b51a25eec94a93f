import { quantile } from "#lib/stats/quantile.ts";
import { DAY_MS } from "#lib/time/durations.ts";
import { addHistory } from "../../tests/support/history.ts";
import type { BenchResult } from "../bench.ts";
import { onCluster } from "./cluster.ts";
import { drawnOut } from "./recording.ts";
import { round } from "./statistics.ts";

const START = Date.UTC(2026, 0, 5);
const DAYS = 60;
const STEP_MS = 30_000;

async function measure(url: string): Promise<BenchResult> {
  const [{ openDatabase }, { draftReport }, { compactDue }] = await Promise.all([
    import("#lib/db/client.ts"),
    import("#lib/reports/compose.ts"),
    import("#lib/tsdb/maintenance.ts"),
  ]);
  const { series, columns } = drawnOut((DAYS * DAY_MS) / STEP_MS);
  const end = START + DAYS * DAY_MS;
  const id = await addHistory(url, "bench", {
    ...{ series, from: START, to: end, stepMs: STEP_MS },
    valuesAt: (_, n) => columns.map((column) => column[n] as number),
  });
  const db = openDatabase(url, { maxConnections: 3, queryLimitMs: 900_000 });
  await compactDue(db, end + DAY_MS);
  const result: BenchResult = { series: series.length, days: 30 };
  for (const type of ["executive", "performance", "full"] as const) {
    const times: number[] = [];
    for (let n = 0; n < 5; n++) {
      const began = performance.now();
      await draftReport(db, { type, hostIds: [id], from: end - 30 * DAY_MS, to: end }, { now: end });
      times.push(performance.now() - began);
    }
    result[`${type} seconds`] = round(quantile(times, 0.5) / 1000);
  }
  await db.$disconnect();
  return result;
}

/** Standard reports over 30 days of one host, compared with the 30 before. */
export const run = (): Promise<BenchResult> => onCluster(({ url }) => measure(url));
