import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Accounting } from "#lib/collect/processes/accounting.ts";
import type { Stat } from "#lib/collect/processes/stat.ts";

type Given = Partial<Stat> & { read?: number; write?: number };

const stat = (given: Given): Stat => ({
  ...{ name: "x", state: "sleeping", parent: 1, kernel: false, ticks: 0, childTicks: 0, start: 100, pages: 1 },
  ...given,
});

/** Passes of processes by PID; answers what each used in the last. */
function passes(...all: [now: number, processes: Record<number, Given>][]) {
  let io: Record<number, Given> = {};
  const accounting = new Accounting((pid) => ({ read: io[pid]?.read ?? 0, write: io[pid]?.write ?? 0 }));
  let last: ReturnType<Accounting["pass"]> = [];
  for (const [now, processes] of all) {
    io = processes;
    last = accounting.pass(
      new Map(Object.entries(processes).map(([pid, given]) => [Number(pid), stat(given)])),
      now,
      1_000,
    );
  }
  return Object.fromEntries(last.map(({ pid, used }) => [pid, used]));
}

test("a process that ran before the first look counts from that look on", () => {
  assert.deepEqual(passes([5_000, { 7: { ticks: 90_000, write: 1e12 } }])[7], { ticks: 0, read: 0, write: 0 });
  const used = passes(
    [5_000, { 7: { ticks: 90_000, write: 1e12 } }],
    [5_500, { 7: { ticks: 90_250, write: 1e12 + 5 } }],
  );
  assert.deepEqual(used[7], { ticks: 250, read: 0, write: 5 });
});

test("a process that started since counts whole; an old one that was not seen before counts from now on", () => {
  const used = passes(
    [5_000, {}],
    [5_500, { 8: { ticks: 300, write: 9, start: 5_100 }, 9: { ticks: 70_000, write: 1e12, start: 100 } }],
  );
  assert.deepEqual(used[8], { ticks: 300, read: 0, write: 9 });
  assert.deepEqual(used[9], { ticks: 0, read: 0, write: 0 });
});

test("a PID that is used again is another process: nothing is negative or huge", () => {
  const used = passes(
    [5_000, { 7: { ticks: 90_000, write: 1e12, start: 100 } }],
    [5_500, { 7: { ticks: 20, write: 3, start: 5_300 } }],
  );
  assert.deepEqual(used[7], { ticks: 20, read: 0, write: 3 });
});

test("many short children are found at whoever waited for them", () => {
  const used = passes([5_000, { 7: { ticks: 1 } }], [5_500, { 7: { ticks: 2, childTicks: 480, write: 700 } }]);
  assert.deepEqual(used[7], { ticks: 481, read: 0, write: 700 });
});

test("the end of a long child is no peak of its parent: only what was not counted yet is", () => {
  const used = passes(
    [5_000, { 7: {}, 8: { parent: 7, ticks: 60_000, write: 5e9 } }],
    [5_500, { 7: {}, 8: { parent: 7, ticks: 60_400, write: 6e9 } }],
    [6_000, { 7: { childTicks: 60_450, write: 6e9 + 70 } }],
  );
  assert.deepEqual(used[7], { ticks: 50, read: 0, write: 70 });
});

test("where child and parent end together, what was counted of both is taken off whoever waited for the parent", () => {
  const used = passes(
    [5_000, { 6: {}, 7: { parent: 6, ticks: 10 }, 8: { parent: 7, ticks: 60_000, write: 5e9 } }],
    [5_500, { 6: { childTicks: 60_015, write: 5e9 } }],
  );
  assert.deepEqual(used[6], { ticks: 5, read: 0, write: 0 });
});

test("I/O is not asked of what rests, and is made up for once it runs", () => {
  const reads: number[] = [];
  let written = 0;
  const accounting = new Accounting((pid) => {
    reads.push(pid);
    return { read: 0, write: written };
  });
  const pass = (now: number, ticks: number) => accounting.pass(new Map([[7, stat({ ticks })]]), now)[0]?.used.write;
  pass(5_000, 3);
  written = 4_096;
  assert.equal(pass(5_500, 3), 0);
  assert.equal(pass(6_000, 4), 4_096);
  assert.deepEqual(reads, [7, 7]);
});

test("whatever comes and goes, nothing is negative, not finite or over the limit", () => {
  const process = fc.record({
    parent: fc.nat(6),
    ticks: fc.nat(1_000_000),
    childTicks: fc.nat(1_000_000),
    start: fc.nat(10),
    write: fc.nat(),
    kernel: fc.boolean(),
  });
  const look = fc.dictionary(fc.constantFrom("1", "2", "3", "4", "5", "6"), process);
  fc.assert(
    fc.property(fc.array(look, { minLength: 1, maxLength: 6 }), (looks) => {
      const used = passes(...looks.map((each, n): [number, Record<number, Given>] => [n * 5, each]));
      for (const { ticks, read, write } of Object.values(used)) {
        assert.ok(ticks >= 0 && ticks <= 1_000);
        assert.ok([read, write].every((bytes) => bytes >= 0 && Number.isFinite(bytes)));
      }
    }),
  );
});
