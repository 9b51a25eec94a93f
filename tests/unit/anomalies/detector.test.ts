import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Detector, type Explanation, STATE_BYTES } from "#lib/anomalies/detector.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

const START = Date.UTC(2026, 0, 5);

/** Noise of mean 0 and standard deviation 1, the same at every run (a linear congruential generator, twelve summed). */
function noise(seed = 1): () => number {
  let state = seed;
  const uniform = () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
  return () => Array.from({ length: 12 }, uniform).reduce((sum, value) => sum + value, -6);
}

type Event = { at: number; n: number; why: Explanation };

/** The events that a series of so many samples raises. */
function eventsOf(count: number, stepMs: number, value: (at: number, n: number) => number | undefined): Event[] {
  const detector = new Detector();
  const events: Event[] = [];
  for (let n = 0; n < count; n++) {
    const at = START + n * stepMs;
    const sample = value(at, n);
    if (sample === undefined) continue;
    const { phase } = detector.observe(at, sample);
    if (phase === "onset") events.push({ at, n, why: detector.explain() });
  }
  return events;
}

const hourOf = (at: number) => (at % DAY_MS) / HOUR_MS;

test("a constant and a perfect square wave raise nothing, and a steady drift hardly anything", () => {
  assert.deepEqual(
    eventsOf(5_000, MINUTE_MS, () => 45),
    [],
  );
  assert.deepEqual(
    eventsOf(5_000, 5 * MINUTE_MS, (_, n) => (n % 288 < 100 ? 20 : 80)),
    [],
  );
  const wobble = noise();
  const drift = eventsOf(10_000, 5 * MINUTE_MS, (_, n) => 100 + n / 2_000 + wobble());
  assert.ok(drift.length <= 4 && drift.every(({ n }) => n < 6_000), JSON.stringify(drift.map(({ n }) => n)));
});

test("a spike far out of the noise is told at once, and once", () => {
  const wobble = noise();
  const events = eventsOf(3_000, 5 * MINUTE_MS, (_, n) => 50 + wobble() + (n >= 2_000 && n < 2_003 ? 30 : 0));
  assert.deepEqual(
    events.filter(({ n }) => n >= 1_990 && n < 2_200).map(({ n }) => n),
    [2_000],
  );
  const [raised] = events.filter(({ n }) => n === 2_000);
  assert.deepEqual([raised?.why.direction, raised?.why.record], ["up", true]);
});

test("a new level is told and then learned", () => {
  const wobble = noise(3);
  const events = eventsOf(6_000, 5 * MINUTE_MS, (_, n) => (n < 2_000 ? 50 : 70) + wobble());
  assert.equal(events.filter(({ n }) => n >= 2_000 && n < 2_010).length, 1);
  assert.ok(events.filter(({ n }) => n > 2_400).length <= 3, JSON.stringify(events.map(({ n }) => n)));
});

test("a signal that begins to swing, and one that gets stuck, are told as what they are", () => {
  const wobble = noise(5);
  const wild = eventsOf(3_000, 5 * MINUTE_MS, (_, n) => 50 + wobble() * (n < 2_000 ? 1 : 2.6));
  assert.ok(wild.some(({ n, why }) => n >= 2_000 && n < 2_064 && why.type !== "flat"));
  const stuck = eventsOf(3_000, 5 * MINUTE_MS, (_, n) => (n < 2_000 ? 50 + wobble() : 50));
  assert.ok(
    stuck.some(({ n, why }) => n >= 2_010 && n < 2_070 && why.type === "flat"),
    JSON.stringify(stuck),
  );
});

test("a working day that does not come is told, although low values are seen every night", () => {
  const wobble = noise(7);
  const off = START + 12 * DAY_MS;
  const events = eventsOf(14 * 288, 5 * MINUTE_MS, (at) => {
    const works = hourOf(at) >= 8 && hourOf(at) < 18 && (at < off || at >= off + DAY_MS);
    return (works ? 60 : 10) + wobble();
  });
  const missed = events.filter(({ at }) => at >= off + 8 * HOUR_MS && at < off + 18 * HOUR_MS);
  assert.ok(missed.length >= 1);
  assert.ok((missed[0]?.at ?? 0) < off + 9 * HOUR_MS);
  assert.equal(missed[0]?.why.direction, "down");
});

test("weekends are known after two weeks, and a busy Sunday is told", () => {
  const wobble = noise(11);
  const sunday = START + 4 * 7 * DAY_MS + 6 * DAY_MS;
  const busy = (at: number) => {
    const weekday = Math.floor((at - START) / DAY_MS) % 7;
    return hourOf(at) >= 8 && hourOf(at) < 18 && (weekday < 5 || (at >= sunday && at < sunday + DAY_MS));
  };
  const events = eventsOf(35 * 1440, MINUTE_MS, (at) => (busy(at) ? 60 : 10) + wobble());
  const fourth = events.filter(({ at }) => at >= START + 3 * 7 * DAY_MS && at < sunday);
  assert.ok(fourth.length <= 6, `${fourth.length} false alarms in two quiet weeks`);
  const raised = events.filter(({ at }) => at >= sunday + 8 * HOUR_MS && at < sunday + 10 * HOUR_MS);
  assert.equal(raised.length, 1);
  assert.equal(raised[0]?.why.direction, "up");
});

test("when the working day moves by three hours it is told, and after two weeks the new hours are usual", () => {
  const wobble = noise(19);
  const moved = START + 14 * DAY_MS;
  const events = eventsOf(42 * 288, 5 * MINUTE_MS, (at) => {
    const hour = hourOf(at) - (at >= moved ? 3 : 0);
    return (hour >= 8 && hour < 18 ? 60 : 10) + wobble();
  });
  assert.ok(events.some(({ at }) => at >= moved && at < moved + DAY_MS));
  assert.ok(events.filter(({ at }) => at >= moved + 14 * DAY_MS).length <= 2);
});

test("missing samples are no anomaly, and after a long gap nothing reaches across it", () => {
  const wobble = noise(13);
  const gap = (n: number) => (n % 7 === 3 && n < 1_000) || (n > 1_500 && n < 2_300);
  const events = eventsOf(3_000, 5 * MINUTE_MS, (_, n) => (gap(n) ? undefined : 50 + wobble()));
  assert.deepEqual(
    events.filter(({ n }) => n >= 2_300 && n < 2_310),
    [],
  );
  const detector = new Detector();
  for (let n = 0; n < 200; n++) detector.observe(START + n * MINUTE_MS, n === 100 ? Number.NaN : 5);
  assert.equal(detector.observe(START + 200 * MINUTE_MS, Number.NaN).score, 0);
});

const samples = fc.array(fc.oneof(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.integer({ min: 0, max: 3 })), {
  minLength: 80,
  maxLength: 400,
});

test("a saved detector goes on as if it had never stopped, and a score never depends on what comes later", () => {
  fc.assert(
    fc.property(samples, fc.nat(79), (values, cut) => {
      const [whole, first] = [new Detector(), new Detector()];
      const all = values.map((value, n) => whole.observe(START + n * MINUTE_MS, value));
      const before = values.slice(0, cut).map((value, n) => first.observe(START + n * MINUTE_MS, value));
      const saved = first.save();
      assert.equal(saved.length, STATE_BYTES);
      const second = Detector.load(saved) as Detector;
      const after = values.slice(cut).map((value, n) => second.observe(START + (cut + n) * MINUTE_MS, value));
      assert.deepEqual([...before, ...after], all);
      assert.ok(all.every(({ score }) => score >= 0 && score < 1));
    }),
    { numRuns: 60 },
  );
});

test("a state of another version or size is not taken", () => {
  const saved = new Detector().save();
  assert.equal(Detector.load(saved.slice(1)), undefined);
  saved[6] = 99;
  assert.equal(Detector.load(saved), undefined);
});

test("a year of minutes neither loses nor grows the state, and old records fade", () => {
  const wobble = noise(17);
  const detector = new Detector();
  let raised = 0;
  for (let n = 0; n < 200_000; n++) {
    const spike = n === 30_000 || n === 199_000 ? 40 : 0;
    const { phase } = detector.observe(START + n * MINUTE_MS, 50 + wobble() + spike);
    if (phase === "onset" && spike > 0) raised++;
  }
  assert.equal(raised, 2);
  assert.equal(detector.save().length, STATE_BYTES);
});
