import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { metricInfo } from "#lib/metrics/catalogue.ts";
import { beforeAfter } from "#lib/stats/before-after.ts";
import { seededNormal, seededRandom } from "#lib/stats/random.ts";
import { DAY_MS, HOUR_MS } from "#lib/time/durations.ts";
import { decodeChunk } from "#lib/tsdb/codec/chunk.ts";

const STEP = 10 * 60_000;

type Sample = [number, number];

/** A load with a working day and noise that remembers itself by `phi` from step to step. */
function load(seed: number, phi: number) {
  const next = seededNormal(seededRandom(seed));
  let memory = 0;
  return (from: number, to: number, factor = 1): Sample[] => {
    const samples: Sample[] = [];
    for (let at = from; at < to; at += STEP) {
      memory = phi * memory + Math.sqrt(1 - phi * phi) * next();
      samples.push([at, factor * (100 + 20 * Math.sin((at / DAY_MS) * 2 * Math.PI) + 5 * memory)]);
    }
    return samples;
  };
}

test("a rise of 10 % is found with its size, whatever the hour of the change", () => {
  for (const at of [14 * DAY_MS, 14 * DAY_MS + 9 * HOUR_MS]) {
    const next = load(7, 0.9);
    const change = beforeAfter(next(0, at), next(at, at + 2 * DAY_MS, 1.1), { at });
    assert.ok(change && change.p < 0.01 && change.probabilityUp > 0.99, JSON.stringify(change));
    assert.ok(Math.abs((change.relative ?? 0) - 0.1) < 0.03, `${change.relative}`);
    assert.ok((change.relativeCi?.[0] ?? 0) < 0.1 && (change.relativeCi?.[1] ?? 0) > 0.1);
    assert.equal(change.season, "day");
  }
});

test("of a series that nobody touched hardly more than one in twenty is called changed", () => {
  let wrong = 0;
  const runs = 400;
  for (let seed = 1; seed <= runs; seed++) {
    const next = load(seed * 31, [0, 0.9, 0.97][seed % 3] as number);
    const change = beforeAfter(next(0, 14 * DAY_MS), next(14 * DAY_MS, 15 * DAY_MS), { at: 14 * DAY_MS });
    if ((change?.p ?? 1) < 0.05) wrong++;
  }
  assert.ok(wrong / runs <= 0.06, `${wrong} of ${runs}`);
});

test("on a recording of a real host an injected 10 % is found where the series is calm enough, and nothing without it", () => {
  const folder = join(import.meta.dirname, "..", "..", "fixtures");
  const { series } = JSON.parse(readFileSync(join(folder, "host-5s.json"), "utf8")) as { series: [string, object][] };
  const { columns } = decodeChunk(readFileSync(join(folder, "host-5s.bin")));
  const calm = ["disk.usage", "disk.used", "disk.inodes.usage"];
  let [found, false_, tried] = [0, 0, 0];
  series.forEach(([metric], i) => {
    if (!calm.includes(metric) || metricInfo(metric).kind !== "gauge") return;
    const all = Array.from(columns[i] as ArrayLike<number>, (value, n): Sample => [n * 300_000, value]);
    const at = (all[Math.floor(all.length * 0.9)] as Sample)[0];
    const [before, after] = [all.filter(([time]) => time < at), all.filter(([time]) => time >= at)];
    const raised = beforeAfter(
      before,
      after.map(([time, value]): Sample => [time, value * 1.1]),
      { at },
    );
    tried++;
    found += Number((raised?.p ?? 1) < 0.05);
    false_ += Number((beforeAfter(before, after, { at })?.p ?? 1) < 0.05);
  });
  assert.ok(tried === 3 && found === 3 && false_ === 0, JSON.stringify({ tried, found, false_ }));
});

test("where too little is known nothing is claimed", () => {
  const next = load(3, 0);
  assert.equal(beforeAfter(next(0, 4 * HOUR_MS), next(4 * HOUR_MS, 8 * HOUR_MS), { at: 4 * HOUR_MS }), undefined);
  assert.equal(beforeAfter(next(0, 14 * DAY_MS), [], { at: 14 * DAY_MS }), undefined);
});
