import { fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { EXPORT_FORMATS, type ExportFormat } from "#lib/contract/enums.ts";
import type { Database } from "#lib/db/client.ts";
import { EXCEL_ROWS } from "#lib/tables/xlsx.ts";
import { DAY_MS, HOUR_MS } from "#lib/time/durations.ts";
import { addHistory } from "../../tests/support/history.ts";
import type { BenchOptions, BenchResult } from "../bench.ts";
import { buildPortal } from "../steps/build.ts";
import { ROOT } from "../steps/paths.ts";
import { onCluster } from "./cluster.ts";
import { round } from "./statistics.ts";

const START = Date.UTC(2026, 0, 5);
const SERIES = 50;
const STEP_MS = 1_000;
const MIB = 2 ** 20;

/** The most memory that a process had so far, in bytes, as Linux counts it; 0 once it is gone. */
function peakOf(pid: number | undefined): number {
  try {
    return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Runs the exporter as the jobs worker does, until it has made the one file that waits. */
async function exportOnce(url: string, dataDir: string): Promise<{ seconds: number; peak: number }> {
  const { EXPORTER_ENV, EXPORTER_FLAGS } = await import("#lib/exports/progress.ts");
  const began = performance.now();
  const child = fork(join(ROOT, "dist", "exporter.js"), {
    env: { ...process.env, ...EXPORTER_ENV, DATABASE_URL: url, DATA_DIR: dataDir },
    execArgv: EXPORTER_FLAGS,
  });
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid));
  }, 50);
  await new Promise((resolve) => child.once("exit", resolve));
  clearInterval(timer);
  return { seconds: (performance.now() - began) / 1000, peak };
}

async function measure(url: string, dataDir: string, samples: number): Promise<BenchResult> {
  const [{ openDatabase }, { createJob, listJobs, removeJob }, { exportDir }, { compactDue }] = await Promise.all([
    import("#lib/db/client.ts"),
    import("#lib/exports/jobs.ts"),
    import("#lib/exports/files.ts"),
    import("#lib/tsdb/maintenance.ts"),
  ]);
  const series = Array.from({ length: SERIES }, (_, n): [string, Record<string, string>] => [
    "app.load",
    { n: String(n) },
  ]);
  const end = START + (samples / SERIES) * STEP_MS;
  await addHistory(url, "bench", {
    ...{ series, from: START, to: end, stepMs: STEP_MS },
    valuesAt: (_, n) => series.map((__, i) => Math.round(1_000 * Math.sin(n / 100 + i)) / 10),
  });
  console.error("… stored");
  const db: Database = openDatabase(url, { maxConnections: 3, queryLimitMs: HOUR_MS });
  await compactDue(db, end + 2 * DAY_MS);
  console.error("… compacted");
  const { id: ownerId } = await db.user.create({
    data: { email: "b@example.org", name: "B", passwordHash: "x", role: "admin" },
  });
  const result: BenchResult = { samples };
  for (const format of EXPORT_FORMATS) {
    // A worksheet holds a million rows.
    const some = format === "xlsx" ? Math.min(samples, Math.floor(EXCEL_ROWS / SERIES) * SERIES) : samples;
    const to = String(START + (some / SERIES) * STEP_MS);
    const request = {
      kind: "samples" as const,
      series: ["app.load"],
      from: String(START),
      to,
      layout: "long" as const,
    };
    const { job } = await createJob(db, request, { ownerId, role: "admin", format, now: Date.now() });
    const { seconds, peak } = await exportOnce(url, dataDir);
    const done = (await listJobs(db, ownerId))[0];
    if (done?.status !== "done" || done.rowsDone !== some) throw new Error(`${format}: ${JSON.stringify(done)}`);
    const { size } = await stat(join(exportDir(dataDir), String(job.id)));
    await removeJob(db, ownerId, job.id);
    Object.assign(result, printed(format, { rows: some, seconds, size, peak }));
    console.error(`… ${format}: ${some} rows in ${round(seconds)} s, at most ${Math.round(peak / MIB)} MiB resident`);
  }
  await db.$disconnect();
  return result;
}

const printed = (
  format: ExportFormat,
  made: { rows: number; seconds: number; size: number; peak: number },
): BenchResult => ({
  [`${format} rows a second`]: Math.round(made.rows / made.seconds),
  [`${format} bytes a row`]: round(made.size / made.rows),
  [`${format} peak resident MiB`]: Math.round(made.peak / MIB),
});

/** Samples out of the store into a file of each format, by the worker that makes them: rows a second with its start, and its most memory. */
export async function run({ samples }: BenchOptions): Promise<BenchResult> {
  await buildPortal();
  return onCluster(({ url }, dir) => measure(url, dir, samples));
}
