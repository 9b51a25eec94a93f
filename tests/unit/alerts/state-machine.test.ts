import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Observation } from "#lib/alerts/conditions/observation.ts";
import { type AlertMemory, INACTIVE, isFlapping, judge, type Timing } from "#lib/alerts/state-machine.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

const START = Date.UTC(2026, 10, 28, 3);
const TIMING: Timing = { forMs: 0, keepFiringMs: 0, noData: "state", onError: "state" };

const high: Observation = { kind: "value", value: 95, breached: true, recovered: false };
const between: Observation = { kind: "value", value: 85, breached: false, recovered: false };
const low: Observation = { kind: "value", value: 20, breached: false, recovered: true };
const nothing: Observation = { kind: "no_data" };
const broken: Observation = { kind: "error", message: "the query failed" };

/** Judges observations a minute apart; answers the states they led to. */
function run(observations: Observation[], timing: Partial<Timing> = {}, memory: AlertMemory = INACTIVE) {
  let last = memory;
  const states = observations.map((observation, n) => {
    last = judge(last, observation, { ...TIMING, ...timing }, START + n * MINUTE_MS);
    return last.state;
  });
  return { states, last };
}

test("without a wait a condition fires at once, and ends at once", () => {
  assert.deepEqual(run([low, high, high, low]).states, ["inactive", "firing", "firing", "inactive"]);
});

test("a condition fires once it has held for so long, and what ends before tells nobody", () => {
  const forMs = 2 * MINUTE_MS;
  assert.deepEqual(run([high, high, high, high], { forMs }).states, ["pending", "pending", "firing", "firing"]);
  assert.deepEqual(run([high, high, low, high, high, high], { forMs }).states, [
    ...["pending", "pending", "inactive", "pending", "pending", "firing"],
  ]);
});

test("between both levels what fires goes on, and nothing begins", () => {
  assert.deepEqual(run([between, high, between, between, low, between]).states, [
    ...["inactive", "firing", "firing", "firing", "inactive", "inactive"],
  ]);
  assert.deepEqual(run([high, between, high], { forMs: MINUTE_MS }).states, ["pending", "inactive", "pending"]);
});

test("what is kept firing outlasts a short recovery", () => {
  assert.deepEqual(run([high, low, low, high, low, low, low, low], { keepFiringMs: 3 * MINUTE_MS }).states, [
    ...["firing", "firing", "firing", "firing", "firing", "firing", "inactive", "inactive"],
  ]);
});

test("the third time within an hour it flaps, and is over only after ten calm minutes", () => {
  const times = [high, low, high, low, high];
  const { last } = run(times);
  assert.ok(isFlapping(last, START + 5 * MINUTE_MS));
  let memory = last;
  const calm = (minute: number) => {
    memory = judge(memory, low, TIMING, START + minute * MINUTE_MS);
    return memory.state;
  };
  assert.deepEqual([5, 9, 13].map(calm), ["firing", "firing", "firing"]);
  assert.equal(calm(14), "inactive");
  assert.equal(isFlapping(memory, START + 2 * HOUR_MS), false);
});

test("no data and an error are states of their own, but do not end what fires", () => {
  assert.deepEqual(run([low, nothing, broken, low]).states, ["inactive", "no_data", "error", "inactive"]);
  assert.deepEqual(run([high, nothing, broken, low]).states, ["firing", "firing", "firing", "inactive"]);
  assert.deepEqual(run([nothing, high]).states, ["no_data", "firing"]);
});

test("no data means what the rule says: it fires, all is well, or nothing changes", () => {
  assert.deepEqual(run([nothing], { noData: "firing" }).states, ["firing"]);
  assert.deepEqual(run([nothing, nothing], { noData: "firing", forMs: MINUTE_MS }).states, ["pending", "firing"]);
  assert.deepEqual(run([high, nothing], { noData: "ok" }).states, ["firing", "inactive"]);
  assert.deepEqual(run([high, nothing, high], { noData: "keep", forMs: 2 * MINUTE_MS }).states, [
    ...["pending", "pending", "firing"],
  ]);
});

test("after a long pause of the evaluation a wait begins anew, and what fires goes on", () => {
  const forMs = 5 * MINUTE_MS;
  const { last: waiting } = run([high, high], { forMs });
  const after = judge(waiting, high, { ...TIMING, forMs }, START + HOUR_MS);
  assert.deepEqual([after.state, after.since], ["pending", START + HOUR_MS]);
  const short = judge(waiting, high, { ...TIMING, forMs }, START + 9 * MINUTE_MS);
  assert.equal(short.state, "firing", "a restart loses no time that was waited");
  const { last: firing } = run([high]);
  assert.equal(judge(firing, high, TIMING, START + HOUR_MS).state, "firing");
});

test("a clock that is set back lengthens a wait and ends nothing", () => {
  const forMs = 5 * MINUTE_MS;
  const { last } = run([high, high], { forMs });
  const back = judge(last, high, { ...TIMING, forMs }, START - HOUR_MS);
  assert.deepEqual([back.state, back.activeAt], ["pending", START - HOUR_MS]);
  assert.equal(judge(back, high, { ...TIMING, forMs }, START - HOUR_MS + forMs).state, "firing");
  const { last: firing } = run([high]);
  assert.equal(judge(firing, high, TIMING, START - HOUR_MS).state, "firing");
  assert.equal(judge(firing, low, TIMING, START - HOUR_MS).state, "inactive");
});

const observations = fc.array(fc.constantFrom(high, between, low, nothing, broken), { maxLength: 60 });
const timings = fc.record({
  forMs: fc.constantFrom(0, MINUTE_MS, 5 * MINUTE_MS),
  keepFiringMs: fc.constantFrom(0, 3 * MINUTE_MS),
  noData: fc.constantFrom("state", "keep", "firing", "ok"),
  onError: fc.constantFrom("state", "keep", "firing", "ok"),
}) as fc.Arbitrary<Timing>;

test("nothing fires that was not met for as long as it must be, whatever comes", () => {
  fc.assert(
    fc.property(observations, timings, (seen, timing) => {
      let memory = INACTIVE;
      for (const [n, observation] of seen.entries()) {
        const [at, before] = [START + n * MINUTE_MS, memory.state];
        memory = judge(memory, observation, timing, at);
        if (memory.state !== "firing" || before === "firing") continue;
        assert.ok(at - memory.activeAt >= timing.forMs);
        assert.ok(memory.holds);
      }
    }),
  );
});

test("judging twice at one instant is the same as once", () => {
  fc.assert(
    fc.property(observations, timings, fc.constantFrom(high, between, low, nothing), (seen, timing, newest) => {
      const { last } = run(seen, timing);
      const at = START + 100 * MINUTE_MS + 30 * SECOND_MS;
      const once = judge(last, newest, timing, at);
      assert.deepEqual(judge(once, newest, timing, at), once);
    }),
  );
});
