import assert from "node:assert/strict";
import { test } from "node:test";
import { capacityDate } from "#lib/stats/forecast/capacity.ts";
import { forecast } from "#lib/stats/forecast/forecast.ts";
import { seededNormal, seededRandom } from "#lib/stats/random.ts";
import { DAY_MS, HOUR_MS } from "#lib/time/durations.ts";

const noise = (seed: number) => seededNormal(seededRandom(seed));

/** A working day: a wave by the hour with some noise. */
function days(count: number, seed = 1, noisy = 1): number[] {
  const next = noise(seed);
  return Array.from({ length: count * 24 }, (_, n) => 50 + 20 * Math.sin((n / 24) * 2 * Math.PI) + noisy * next());
}

test("a daily wave is foreseen a day ahead, better than by repeating yesterday", () => {
  const all = days(15);
  const made = forecast(all.slice(0, 14 * 24), 24, [24]);
  assert.ok(made && made.period === 24);
  assert.ok(made.mase < 0.85, `${made.mase}`);
  made.steps.forEach(({ expected }, h) => {
    assert.ok(Math.abs(expected - (50 + 20 * Math.sin((h / 24) * 2 * Math.PI))) < 2, `hour ${h}: ${expected}`);
  });
});

test("80 % intervals hold some 80 % of what comes, and 95 % ones more", () => {
  let [in80, in95, count] = [0, 0, 0];
  for (let seed = 1; seed <= 40; seed++) {
    const all = days(12, seed, 3);
    forecast(all.slice(0, 11 * 24), 24, [24])?.steps.forEach((step, h) => {
      const actual = all[11 * 24 + h] as number;
      in80 += Number(actual >= step.low80 && actual <= step.high80);
      in95 += Number(actual >= step.low95 && actual <= step.high95);
      count++;
    });
  }
  assert.ok(in80 / count > 0.74 && in80 / count < 0.87, `${in80 / count}`);
  assert.ok(in95 / count > 0.9 && in95 / count > in80 / count, `${in95 / count}`);
});

test("a series that climbs goes on climbing, and a constant stays what it is", () => {
  const next = noise(3);
  const climbing = forecast(
    Array.from({ length: 200 }, (_, n) => 10 + n + next()),
    10,
  );
  assert.ok((climbing?.steps.at(-1)?.expected ?? 0) > 213);
  const constant = forecast(new Array(50).fill(7), 5);
  assert.deepEqual(
    constant?.steps.map(({ expected, low95, high95 }) => [expected, low95, high95]),
    new Array(5).fill([7, 7, 7]),
  );
});

test("missing samples are bridged, and of too few nothing is said", () => {
  const holes = days(10).map((value, n) => (n % 5 === 0 ? Number.NaN : value));
  const made = forecast(holes, 24, [24]);
  assert.ok(made?.steps.every(({ expected, low80, high80 }) => low80 <= expected && expected <= high80));
  assert.equal(forecast(days(10).slice(0, 20), 5), undefined);
});

const growing = (perDay: number, seed = 1): [number, number][] => {
  const next = noise(seed);
  return Array.from({ length: 30 * 24 }, (_, n) => [n * HOUR_MS, 40 + (perDay * n) / 24 + 0.02 * next()]);
};

test("a disk that grows by a percent a day fills when a ruler says, within its interval", () => {
  const date = capacityDate(growing(1), { limit: 100, horizonMs: 365 * DAY_MS });
  const expected = 30 * DAY_MS + 30 * DAY_MS;
  assert.ok(date?.at && date.earliest && date.latest);
  assert.ok(Math.abs(date.at - expected) < 2 * DAY_MS, new Date(date.at).toISOString());
  assert.ok(date.earliest <= date.at && date.at <= date.latest);
  assert.equal(date.probability, 1);
});

test("a disk that does not grow has no date, and growth in bursts a wider interval", () => {
  const idle = capacityDate(growing(0), { limit: 100, horizonMs: 90 * DAY_MS });
  assert.deepEqual([idle?.at, idle?.probability], [null, 0]);
  const random = seededRandom(9);
  let level = 40;
  const bursts = Array.from({ length: 30 * 24 }, (_, n): [number, number] => {
    level += random() < 1 / 100 ? (100 / 24) * 1 : 0;
    return [n * HOUR_MS, level];
  });
  const date = capacityDate(bursts, { limit: 100, horizonMs: 365 * DAY_MS });
  const steady = capacityDate(growing(1), { limit: 100, horizonMs: 365 * DAY_MS });
  const width = (d: typeof date) => (d?.latest ?? Number.POSITIVE_INFINITY) - (d?.earliest ?? 0);
  assert.ok(width(date) > 3 * width(steady), `${width(date) / DAY_MS} ${width(steady) / DAY_MS}`);
});
