import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "#lib/db/embedded/port.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";
import type { WrittenSeries } from "../../tests/support/remote-write.ts";

const STEP_MS = 5_000;
type Scrape = [at: number, text: string];

/** Scrapes Debian's node_exporter for so many minutes, every 5 s. */
async function record(minutes: number): Promise<Scrape[]> {
  const port = await freePort();
  const child = spawn("prometheus-node-exporter", [`--web.listen-address=127.0.0.1:${port}`], { stdio: "ignore" });
  try {
    await sleep(1_000);
    const scrapes: Scrape[] = [];
    for (const until = Date.now() + minutes * MINUTE_MS; Date.now() < until; ) {
      await sleep(STEP_MS - (Date.now() % STEP_MS));
      scrapes.push([Date.now(), await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()]);
    }
    return scrapes;
  } finally {
    child.kill();
  }
}

function labelsOf(name: string): Record<string, string> {
  const [metric = "", rest = ""] = name.split(/\{(.*)\}$/);
  const labels = [...rest.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = "", value = ""]) => [label, value]);
  return { __name__: metric, ...Object.fromEntries(labels) };
}

/**
 * What a node_exporter says over some time: of a recording made before (a line of JSON for each scrape: its instant and its text), or made now.
 * Instants are those that the scrapes were meant for, as Prometheus stores them.
 */
export async function nodeExporterSeries(minutes: number, file?: string): Promise<WrittenSeries[]> {
  const scrapes = file
    ? readFileSync(file, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Scrape)
    : await record(minutes);
  const series = new Map<string, { times: number[]; values: number[] }>();
  for (const [at, text] of scrapes)
    for (const line of text.split("\n")) {
      if (line === "" || line.startsWith("#")) continue;
      const cut = line.lastIndexOf(" ");
      const own = series.get(line.slice(0, cut)) ?? { times: [], values: [] };
      series.set(line.slice(0, cut), own);
      own.times.push(Math.round(at / STEP_MS) * STEP_MS);
      own.values.push(Number(line.slice(cut + 1).replace("+Inf", "Infinity")));
    }
  return [...series].map(([name, { times, values }]) => ({
    labels: labelsOf(name),
    times,
    values: Float64Array.from(values),
  }));
}
