import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "#lib/db/embedded/port.ts";
import { DebianPrometheus } from "../../tests/support/debian-prometheus.ts";
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

const VICTORIA = "/usr/bin/victoria-metrics";

/** What Debian's VictoriaMetrics keeps of samples once it is told to write and merge all: its data, and with its index of names. */
export async function bytesOfVictoria(series: WrittenSeries[]): Promise<{ data: number; all: number } | undefined> {
  if (!existsSync(VICTORIA)) return undefined;
  const [dir, port] = [mkdtempSync(join(tmpdir(), "sightline-victoria-")), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const args = [`-storageDataPath=${dir}`, `-httpListenAddr=127.0.0.1:${port}`, "-retentionPeriod=100y"];
  const child = spawn(VICTORIA, [...args, "-loggerLevel=ERROR"], { stdio: ["ignore", "ignore", "inherit"] });
  try {
    for (let n = 0; n < 100 && !(await fetch(`${url}/health`).catch(() => undefined))?.ok; n++) await sleep(100);
    for (const batch of batches(series)) await remoteWrite(url, batch);
    await fetch(`${url}/internal/force_flush`);
    await fetch(`${url}/internal/force_merge`);
    await sleep(5_000);
    child.kill("SIGTERM");
    await once(child, "exit");
    return { data: bytesIn(join(dir, "data")), all: bytesIn(join(dir, "data")) + bytesIn(join(dir, "indexdb")) };
  } finally {
    child.kill("SIGKILL");
    rmSync(dir, { recursive: true, force: true });
  }
}
