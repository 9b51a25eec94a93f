import { FORMATS } from "#lib/export/table.ts";
import { addHistory } from "../../tests/support/history.ts";
import type { BenchResult } from "../bench.ts";
import { onCluster } from "./cluster.ts";
import { round } from "./statistics.ts";

const START = Date.UTC(2026, 0, 5);
const DAY_MS = 86_400_000;
const SERIES = 50;
const DAYS = 7;
const STEP_MS = 15_000;
const MEGA = 2 ** 20;

async function measure(url: string): Promise<BenchResult> {
  const [{ openDatabase }, { samplesTable }, { render }, { sealDue }] = await Promise.all([
    import("#lib/db/client.ts"),
    import("#lib/export/samples.ts"),
    import("#lib/export/formats.ts"),
    import("#lib/store/seal.ts"),
  ]);
  const series = Array.from({ length: SERIES }, (_, n): [string, Record<string, string>] => [
    "app.load",
    { n: String(n) },
  ]);
  const id = await addHistory(url, "bench", {
    series,
    from: START,
    to: START + DAYS * DAY_MS,
    stepMs: STEP_MS,
    valuesAt: (_, n) => series.map((__, i) => Math.round(1_000 * Math.sin(n / 100 + i)) / 10),
  });
  const db = openDatabase(url, { maxConnections: 3, queryLimitMs: 600_000 });
  await sealDue(db, START + (DAYS + 1) * DAY_MS);
  const result: BenchResult = { samples: (SERIES * DAYS * DAY_MS) / STEP_MS };
  for (const format of FORMATS) {
    // A worksheet holds a million rows.
    const some = format === "xlsx" ? 10 : SERIES;
    const names = Array.from({ length: some }, (_, n) => `app.load{n="${n}"}`);
    const wanted = { host: { id, name: "bench" }, series: names, from: START, to: START + DAYS * DAY_MS };
    // Making the history took memory too: what counts is by how much an export grows it.
    const before = process.memoryUsage.rss();
    let [bytes, peak] = [0, before];
    const began = performance.now();
    for await (const chunk of render(await samplesTable(db, wanted), format)) {
      bytes += chunk.length;
      peak = Math.max(peak, process.memoryUsage.rss());
    }
    const seconds = (performance.now() - began) / 1000;
    result[`${format} rows a second`] = Math.round((some * DAYS * DAY_MS) / STEP_MS / seconds);
    result[`${format} MB`] = round(bytes / MEGA);
    result[`${format} memory grown by MB`] = Math.round((peak - before) / MEGA);
    console.error(`… ${format} in ${round(seconds)} s`);
  }
  await db.$disconnect();
  return result;
}

/** Two million samples out of the store in each format, thrown away as they come: rows a second, and the most memory meanwhile. */
export const run = (): Promise<BenchResult> => onCluster(({ url }) => measure(url));
