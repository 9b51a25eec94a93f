import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DebianPrometheus } from "../../tests/support/debian-prometheus.ts";
import { DebianVictoriaMetrics, missingDebianVictoriaMetrics } from "../../tests/support/debian-victoria-metrics.ts";
import { remoteWrite, type WrittenSeries } from "../../tests/support/remote-write.ts";

/** Samples of a request: what a sender has of each series. */
const BATCH = 500;

function* batches(series: WrittenSeries[]): Generator<WrittenSeries[]> {
  const longest = Math.max(...series.map(({ values }) => values.length));
  for (let from = 0; from < longest; from += BATCH)
    yield series.map((own) => ({
      ...own,
      times: Array.from(own.times).slice(from, from + BATCH),
      values: own.values.slice(from, from + BATCH),
    }));
}

const bytesIn = (dir: string): number =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

/** What Debian's Prometheus writes of samples into a block, index included. */
export async function bytesOfPrometheus(series: WrittenSeries[]): Promise<number> {
  const server = await DebianPrometheus.start();
  try {
    for (const batch of batches(series)) await server.write(batch);
    return bytesIn(await server.snapshot());
  } finally {
    server.remove();
  }
}

/** What Debian's VictoriaMetrics keeps of samples once all is written and merged: its data, and with its index of names. */
export async function bytesOfVictoria(series: WrittenSeries[]): Promise<{ data: number; all: number } | undefined> {
  if (await missingDebianVictoriaMetrics()) return undefined;
  const server = await DebianVictoriaMetrics.start();
  try {
    for (const batch of batches(series)) await remoteWrite(server.url, batch);
    await server.flush();
    await sleep(5_000);
    await server.stop();
    const data = bytesIn(join(server.storage, "data"));
    return { data, all: data + bytesIn(join(server.storage, "indexdb")) };
  } finally {
    server.remove();
  }
}
