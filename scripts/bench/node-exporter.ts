import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { ExposedSample } from "#lib/scrape/format/reader.ts";
import { readKey } from "#lib/scrape/format/series-key.ts";
import { parseText } from "#lib/scrape/format/text-format.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";
import { DebianExporters } from "../../tests/support/debian-exporters.ts";
import type { WrittenSeries } from "../../tests/support/remote-write.ts";

const STEP_MS = 5_000;
type Scrape = [at: number, text: string];

/** Scrapes Debian's node_exporter for so many minutes, every 5 s. */
async function record(minutes: number): Promise<Scrape[]> {
  const exporters = new DebianExporters();
  try {
    const port = await exporters.serve("prometheus-node-exporter", "--web.listen-address", []);
    const scrapes: Scrape[] = [];
    for (const until = Date.now() + minutes * MINUTE_MS; Date.now() < until; ) {
      await sleep(STEP_MS - (Date.now() % STEP_MS));
      scrapes.push([Date.now(), await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()]);
    }
    return scrapes;
  } finally {
    exporters.remove();
  }
}

function labelsOf(key: string): Record<string, string> {
  const { metric, labels } = readKey(key);
  return { __name__: metric, ...Object.fromEntries(labels) };
}

/** The samples of a scrape. */
function samplesOf(text: string): ExposedSample[] {
  const samples: ExposedSample[] = [];
  const reader = { sample: (sample: ExposedSample) => samples.push(sample), metadata() {}, exemplar() {} };
  for (const _ of parseText(text, reader));
  return samples;
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
    for (const { key, value } of samplesOf(text)) {
      const own = series.get(key) ?? { times: [], values: [] };
      series.set(key, own);
      own.times.push(Math.round(at / STEP_MS) * STEP_MS);
      own.values.push(value);
    }
  return [...series].map(([name, { times, values }]) => ({
    labels: labelsOf(name),
    times,
    values: Float64Array.from(values),
  }));
}
