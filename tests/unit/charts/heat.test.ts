import assert from "node:assert/strict";
import { test } from "node:test";
import { mergeDeploys } from "#components/applications/merge-deploys.ts";
import { bucketText, countEstimate, levelOf, levelsOf, rowsOf } from "#components/charts/heat.ts";
import { cellAfter, frameOf, pathsOf } from "#components/charts/heat-frame.ts";
import { HOUR_MS } from "#lib/time/durations.ts";

const BOUNDS = [0.001, 0.01, 0.1, 1, 10, null];
const gridOf = (...counts: (number[] | null)[]) => ({
  bounds: BOUNDS,
  steps: counts.map((own, n) => ({ from: n * 60_000, counts: own })),
});

test("a heat map shows the buckets that hold something, and a few at least", () => {
  assert.deepEqual(rowsOf(gridOf(null, [0, 0, 0, 0, 0, 0])), []);
  assert.deepEqual(rowsOf({ bounds: [], steps: [] }), []);
  const indexes = (counts: number[]) => rowsOf(gridOf(counts)).map(({ index }) => index);
  assert.deepEqual(indexes([0, 5, 0, 0, 0, 1]), [1, 2, 3, 4, 5]);
  assert.deepEqual(indexes([7, 0, 0, 0, 0, 0]), [0, 1, 2, 3]);
  assert.deepEqual(indexes([0, 0, 0, 0, 0, 2]), [2, 3, 4, 5]);
  assert.deepEqual(rowsOf({ bounds: [null], steps: [{ from: 0, counts: [3] }] }), [{ index: 0, low: 0, high: null }]);
});

test("buckets are named as a reader says them, the last one too", () => {
  assert.equal(bucketText({ low: 0, high: 0.001 }), "up to 1 ms");
  assert.equal(bucketText({ low: 0.25, high: 0.5 }), "250 to 500 ms");
  assert.equal(bucketText({ low: 0.5, high: 1 }), "500 ms to 1 s");
  assert.equal(bucketText({ low: 60, high: null }), "over 60 s");
  assert.deepEqual([0, 0.01, 0.4, 12.4, 4321].map(countEstimate), ["0", "0", "fewer than 1", "12", "4.32 k"]);
});

test("levels of colour are even on a logarithmic scale and hold every count, however large", () => {
  for (const most of [0, 0.5, 1, 7, 99, 12_345, 1e9, 1e308]) {
    const levels = levelsOf(gridOf([most, 0, 0, 0, 0, 0]));
    assert.ok(levels.length >= 1 && levels.length <= 8, `${most}: ${levels}`);
    assert.ok(levels.every((level, n) => level > (levels[n - 1] ?? 0)));
    if (most > 0.05) assert.equal(levelOf(most, levels), levels.length - 1);
  }
  assert.deepEqual(levelsOf(gridOf([80, 0, 0, 0, 0, 0])), [1, 2, 5, 10, 20, 50, 100]);
  assert.equal(levelOf(0, [1, 10]), undefined);
  assert.equal(levelOf(0.5, [1, 10]), 0);
});

test("nothing is drawn where nothing was measured, and arrow keys stay within the map", () => {
  const grid = gridOf([0, 4, 0, 0, 0, 0], null);
  const rows = rowsOf(grid).toReversed();
  const size = { grid, rows, width: 276, height: 136 };
  const frame = frameOf(size);
  const paths = pathsOf(size, levelsOf(grid), frame);
  assert.equal(paths.join("").match(/M/g)?.length, 1);
  assert.deepEqual(frame.at(68 + 150, 20), { column: 1, row: 0 });
  assert.equal(frame.at(10, 20), undefined);
  assert.deepEqual(cellAfter("ArrowLeft", undefined, size), { column: 1, row: rows.length - 1 });
  assert.deepEqual(cellAfter("ArrowDown", { column: 0, row: rows.length - 1 }, size), {
    column: 0,
    row: rows.length - 1,
  });
  assert.equal(cellAfter("a", undefined, size), undefined);
});

test("a deploy that is reported and seen is one, with the address that either gives", () => {
  const deploy = (id: number, at: number, version: string, url = "") => ({
    ...{ id, hostId: 1, at: new Date(at), kind: "deploy" as const, text: "deployed", service: "shop", version, url },
  });
  const merged = mergeDeploys([
    deploy(3, 5 * HOUR_MS, "1.1"),
    deploy(2, 100_000, "v1.1", "https://ci.example/7"),
    deploy(1, 50_000, "1.1"),
    deploy(4, 60_000, ""),
    deploy(5, 60_000, ""),
  ]);
  assert.deepEqual(
    merged.map(({ id, url }) => [id, url]),
    [
      [1, "https://ci.example/7"],
      [4, ""],
      [5, ""],
      [3, ""],
    ],
  );
});
