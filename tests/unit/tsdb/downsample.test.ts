import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { zoneOffset } from "#lib/time/instant.ts";
import { zonePieces } from "#lib/time/zone.ts";
import type { SeriesInfo } from "#lib/tsdb/catalog/series.ts";
import { bucketStart } from "#lib/tsdb/chunks/grid.ts";
import { rollupSteps } from "#lib/tsdb/chunks/rollup.ts";
import { bucketsAt, foldSteps, type StepColumns } from "#lib/tsdb/chunks/steps.ts";
import { groupBy, lttb, shift, top } from "#lib/tsdb/query/downsample.ts";
import { columnsOf, type Point, pointsOf } from "#lib/tsdb/query/fold.ts";
import type { SeriesPoints } from "#lib/tsdb/query/range.ts";
import { selectSeries } from "#lib/tsdb/query/selector.ts";

const series = (id: number, labels: Record<string, string>, points: Point[]): SeriesPoints => ({
  id,
  metric: "disk.read.bytes",
  labels,
  name: "",
  unit: "bytes",
  kind: "counter",
  intervalMs: 1,
  points,
});
const ALL = [
  series(1, { device: "sda", rack: "a" }, [
    [0, 1],
    [1, 2],
  ]),
  series(2, { device: "sdb", rack: "a" }, [
    [0, 10],
    [1, null],
  ]),
  series(3, { device: "sdc", rack: "b" }, [
    [0, 5],
    [1, 5],
  ]),
];

test("series join by a label, by sum or extreme", () => {
  const by = (how: "sum" | "avg" | "min" | "max") => groupBy(ALL, "rack", how).map((s) => [s.name, s.points]);
  assert.deepEqual(by("sum"), [
    [
      'disk.read.bytes{rack="a"}',
      [
        [0, 11],
        [1, 2],
      ],
    ],
    [
      'disk.read.bytes{rack="b"}',
      [
        [0, 5],
        [1, 5],
      ],
    ],
  ]);
  assert.deepEqual(by("avg")[0]?.[1], [
    [0, 5.5],
    [1, 2],
  ]);
  assert.deepEqual(
    [by("min")[0]?.[1], by("max")[0]?.[1]],
    [
      [
        [0, 1],
        [1, 2],
      ],
      [
        [0, 10],
        [1, 2],
      ],
    ],
  );
});

test("the highest means come first, and a shifted range lies in the place of the present one", () => {
  assert.deepEqual(
    top(
      ALL.map((s) => ({ ...s, points: columnsOf(s.points) })),
      2,
    ).map((s) => s.id),
    [2, 3],
  );
  const before = columnsOf([
    [5, 1],
    [6, null],
  ]);
  assert.deepEqual(pointsOf(shift(before, 100)), [
    [105, 1],
    [106, null],
  ]);
});

test("matchers choose by what a label is, is not, and looks like; a hostile pattern takes no time", () => {
  const infos = ALL as unknown as SeriesInfo[];
  const ids = (matchers: string) => selectSeries(infos, `disk.read.bytes{${matchers}}`).map((s) => s.id);
  assert.deepEqual(ids('device!="sda"'), [2, 3]);
  assert.deepEqual(ids('device=~"sd[ab]"'), [1, 2]);
  assert.deepEqual(ids('device!~"sd[ab]",rack="b"'), [3]);
  assert.deepEqual(ids('nothing=""'.replace('=""', '!="x"')), [1, 2, 3]);
  assert.throws(() => ids('device=~"sd"'), /matches no series/);
  assert.throws(() => ids('device=~"("'), /no regular expression/);
  assert.throws(() => ids(`device=~"${"a".repeat(201)}"`), /more than 200/);
  const long = [{ ...infos[0], labels: { device: `${"a".repeat(5_000)}!` } }] as SeriesInfo[];
  assert.throws(() => selectSeries(long, 'disk.read.bytes{device=~"(a+)+"}'), /matches no series/);
});

test("thinning keeps first, last, peaks and gaps, and never gives more than asked", () => {
  const points: Point[] = Array.from({ length: 1_000 }, (_, n) => [n, n === 617 ? 100 : Math.sin(n / 50)]);
  const thin = lttb(points, 100);
  assert.equal(thin.length, 100);
  assert.deepEqual([thin[0], thin.at(-1)], [points[0], points.at(-1)]);
  assert.ok(
    thin.some(([, value]) => value === 100),
    "the peak stays",
  );
  const broken = points.map(([at, value]): Point => [at, at > 300 && at < 320 ? null : value]);
  assert.equal(lttb(broken, 100).filter(([, value]) => value === null).length, 1);
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.integer()), { maxLength: 300 }),
      fc.integer({ min: 3, max: 100 }),
      (values, count) => {
        const given = values.map((value, n): Point => [n, value]);
        const result = lttb(given, count);
        assert.ok(result.length <= Math.max(count, 0) || result === given);
        assert.ok(result.every(([at], n) => n === 0 || at > (result[n - 1]?.[0] ?? 0)));
      },
    ),
  );
});

test("steps keep to a zone's days, also where its hours are halves", () => {
  const at = Date.UTC(2026, 5, 15, 12);
  assert.equal(zoneOffset("UTC", at), 0);
  assert.equal(zoneOffset("Europe/Berlin", at), 7_200_000);
  assert.equal(zoneOffset("Asia/Kolkata", at), 19_800_000);
  assert.equal(zoneOffset("America/New_York", at), -14_400_000);
  assert.throws(() => zoneOffset("Mars/Olympus", at), /not a time zone/);
  const day = DAY_MS;
  const times = [Date.UTC(2026, 5, 14, 21, 59), Date.UTC(2026, 5, 14, 22, 1)];
  const {
    times: [first, second],
  } = rollupSteps(
    { times, values: [1, 2], intervals: [day, day] },
    { stepMs: day, zone: zonePieces("Europe/Berlin", 0, at), from: 0, to: at },
    "gauge",
  );
  assert.deepEqual([first, second], [Date.UTC(2026, 5, 13, 22), Date.UTC(2026, 5, 14, 22)]);
});

const instants = (zone: string, stepMs: number, from: number, to: number): string[] => {
  const grid = { stepMs, zone: zonePieces(zone, from, to) };
  const starts = new Set<number>();
  for (let at = from; at < to; at += 10 * MINUTE_MS) starts.add(bucketStart(at, grid));
  return [...starts].map((at) => new Date(at).toISOString().slice(5, 16));
};

test("days and hours keep to the clock of the zone on the days that clocks are changed", () => {
  // Berlin goes back on 25 October 2026, at 1:00 UTC: that day has 25 hours, and its hour from 2 to 3 comes twice.
  assert.deepEqual(instants("Europe/Berlin", DAY_MS, Date.UTC(2026, 9, 24), Date.UTC(2026, 9, 27)), [
    ...["10-23T22:00", "10-24T22:00", "10-25T23:00", "10-26T23:00"],
  ]);
  assert.deepEqual(instants("Europe/Berlin", 6 * HOUR_MS, Date.UTC(2026, 9, 24, 22), Date.UTC(2026, 9, 25, 23)), [
    ...["10-24T22:00", "10-25T05:00", "10-25T11:00", "10-25T17:00"],
  ]);
  assert.equal(instants("Europe/Berlin", HOUR_MS, Date.UTC(2026, 9, 24, 22), Date.UTC(2026, 9, 25, 23)).length, 25);
  // It goes forward on 29 March: 23 hours.
  assert.deepEqual(instants("Europe/Berlin", DAY_MS, Date.UTC(2026, 2, 28, 12), Date.UTC(2026, 2, 30, 12)), [
    ...["03-27T23:00", "03-28T23:00", "03-29T22:00"],
  ]);
  // Lord Howe by half an hour, on 4 October 2026 at 15:30 UTC of the day before.
  assert.deepEqual(instants("Australia/Lord_Howe", DAY_MS, Date.UTC(2026, 9, 2, 14), Date.UTC(2026, 9, 5, 14)), [
    ...["10-02T13:30", "10-03T13:30", "10-04T13:00", "10-05T13:00"],
  ]);
  assert.deepEqual(instants("Asia/Kolkata", DAY_MS, Date.UTC(2026, 9, 24), Date.UTC(2026, 9, 26)), [
    ...["10-23T18:30", "10-24T18:30", "10-25T18:30"],
  ]);
  assert.deepEqual(instants("America/St_Johns", DAY_MS, Date.UTC(2026, 10, 1), Date.UTC(2026, 10, 3)), [
    ...["10-31T02:30", "11-01T02:30", "11-02T03:30"],
  ]);
});

test("a step never begins after what it holds, nor more than itself and a change of clocks before, in any zone", () => {
  const zones = [
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "America/New_York",
    "Africa/Casablanca",
    "Pacific/Chatham",
    "UTC",
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.constantFrom(15 * MINUTE_MS, HOUR_MS, 3 * HOUR_MS, DAY_MS, 7 * DAY_MS),
      fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2028, 0) }),
      (zone, stepMs, at) => {
        const start = bucketStart(at, { stepMs, zone: zonePieces(zone, at - 20 * DAY_MS, at) });
        assert.ok(start <= at && at - start < stepMs + 2 * HOUR_MS, `${zone} ${stepMs} ${at} ${start}`);
        assert.equal(
          bucketStart(start, { stepMs, zone: zonePieces(zone, at - 20 * DAY_MS, at) }),
          start,
          "and begins with itself",
        );
      },
    ),
    { numRuns: 500 },
  );
});

test("steps folded from finer steps are the steps folded from the samples", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 90_000 }), fc.integer({ min: 0, max: 1_000 })), {
        minLength: 1,
        maxLength: 200,
      }),
      fc.constantFrom("gauge" as const, "counter" as const),
      (steps, kind) => {
        let at = 0;
        const times = steps.map(([step]) => {
          at += step;
          return at;
        });
        const samples = { times, values: steps.map(([, value]) => value), intervals: steps.map(() => 30_000) };
        const fold = (stepMs: number) => rollupSteps(samples, { stepMs, from: 0, to: at + 1 }, kind);
        const near = (folded: StepColumns) =>
          bucketsAt(folded).map((b) => ({
            ...b,
            sum: Number(b.sum.toPrecision(10)),
            weight: Number(b.weight.toPrecision(10)),
          }));
        assert.deepEqual(near(foldSteps(fold(60_000), { stepMs: HOUR_MS })), near(fold(HOUR_MS)));
      },
    ),
  );
});
