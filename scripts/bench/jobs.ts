import { setTimeout as sleep } from "node:timers/promises";
import { quantile } from "#lib/stats/quantile.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";
import type { BenchResult } from "../bench.ts";
import { onCluster } from "./cluster.ts";
import { round } from "./statistics.ts";

const JOBS = 2_000;
const WORKERS = 4;
const WAKES = 50;
const SETTLE_MS = 3_000;

const privateMiB = async (): Promise<number> => {
  const { readFile } = await import("node:fs/promises");
  const text = await readFile("/proc/self/smaps_rollup", "utf8");
  const kib = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text)?.[1] ?? 0);
  return (kib("Private_Clean") + kib("Private_Dirty")) / 1024;
};

async function measure(url: string): Promise<BenchResult> {
  const { openDatabase } = await import("#lib/db/client.ts");
  const db = openDatabase(url, { maxConnections: WORKERS + 1, queryLimitMs: MINUTE_MS });
  await db.$executeRaw`CREATE EXTENSION IF NOT EXISTS pg_stat_statements`;
  await sleep(SETTLE_MS);
  const before = await privateMiB();
  const [{ Dispatcher }, { JOB_CHANNEL, sendJob }, { runDueJobs }, { listen }] = await Promise.all([
    import("#lib/jobs/dispatcher.ts"),
    import("#lib/jobs/queue.ts"),
    import("#lib/jobs/worker.ts"),
    import("#lib/stream/listener.ts"),
  ]);
  const delays: number[] = [];
  let sentAt = 0;
  const work = (signal: AbortSignal) =>
    runDueJobs(db, "webhook", { run: async () => void delays.push(performance.now() - sentAt) }, { signal });
  const none = async () => undefined;
  const dispatcher = new Dispatcher(db, {
    webhook: work,
    mail: none,
    alert: none,
    notice: none,
    export: none,
    "report schedule": none,
  });
  const stop = new AbortController();
  const wake = () => dispatcher.wake();
  const listener = listen(url, [JOB_CHANNEL], wake, wake);
  const running = dispatcher.run(stop.signal);
  await sleep(SETTLE_MS);
  const after = await privateMiB();

  console.error("… a minute at idle");
  await db.$executeRaw`SELECT pg_stat_statements_reset()`;
  await sleep(MINUTE_MS);
  const [row] = await db.$queryRaw<{ calls: number }[]>`
    SELECT coalesce(sum(calls), 0)::int AS calls FROM pg_stat_statements WHERE query NOT LIKE '%pg_stat_statements%'`;
  for (let n = 0; n < WAKES; n++) {
    sentAt = performance.now();
    await sendJob(db, "webhook", { key: `wake ${n}`, payload: { n } });
    while (delays.length <= n) await sleep(1);
  }
  stop.abort();
  await running;
  await listener.close();

  for (let n = 0; n < JOBS; n++) await sendJob(db, "webhook", { key: `${n}`, payload: { n } });
  const began = performance.now();
  const nothing = { run: async () => undefined };
  await Promise.all(Array.from({ length: WORKERS }, () => runDueJobs(db, "webhook", nothing)));
  const seconds = (performance.now() - began) / 1000;
  await db.$disconnect();
  return {
    idleQueriesPerMinute: row?.calls ?? 0,
    idlePrivateMiB: round(after - before),
    sentToStartedMsP50: round(quantile(delays, 0.5)),
    jobsPerSecond: Math.round(JOBS / seconds),
  };
}

/** The queue: how many jobs a second four workers end, how soon one starts that is sent, and what it costs at idle. */
export const run = (): Promise<BenchResult> => onCluster(({ url }) => measure(url));
