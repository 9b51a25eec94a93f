import assert from "node:assert/strict";
import { test } from "node:test";
import { type IncidentProfile, profileOf } from "#lib/anomalies/incident-profiles.ts";
import { likenessOf, mostAlike } from "#lib/incidents/similar.ts";

const profile = (evidence: Record<string, number>, given: Partial<IncidentProfile> = {}): IncidentProfile => ({
  ...{ hostId: 1, id: 1, startedAt: new Date(0) },
  ...profileOf(Object.entries(evidence).map(([metric, each], n) => ({ metric, evidence: each, onset: new Date(n) }))),
  ...given,
});

test("incidents of the same metrics are the same, of none in common nothing like one another", () => {
  const busy = profile({ cpu: 7, load: 3 });
  assert.deepEqual(likenessOf(busy, busy), { likeness: 1, shared: 2, metrics: 2, sameFirst: true });
  assert.deepEqual(likenessOf(busy, profile({ disk: 1 })), { likeness: 0, shared: 0, metrics: 3, sameFirst: false });
  assert.equal(likenessOf(profile({}), profile({})).likeness, 0);
});

test("what contributes much counts for more than what contributes little", () => {
  const busy = profile({ cpu: 9, load: 1 });
  const [much, little] = [profile({ cpu: 9, disk: 1 }), profile({ disk: 9, load: 1 })];
  assert.ok(likenessOf(busy, much).likeness > 0.8);
  assert.ok(likenessOf(busy, little).likeness < 0.1);
  assert.deepEqual(likenessOf(busy, much), likenessOf(much, busy));
});

test("several series of a metric add up, and what has no evidence counts alike", () => {
  const parts = (evidence: number) => [
    { metric: "disk", evidence, onset: new Date(1) },
    { metric: "disk", evidence, onset: new Date(1) },
    { metric: "cpu", evidence, onset: new Date(1) },
  ];
  for (const evidence of [5, 0]) {
    const { shares, first } = profileOf(parts(evidence));
    assert.deepEqual([...shares.keys(), first], ["disk", "cpu", "disk"]);
    assert.ok(Math.abs((shares.get("disk") ?? 0) - 2 / 3) < 1e-12);
  }
});

test("the most like stand first, of those as like the same host's, then the newest; never the incident itself", () => {
  const own = profile({ cpu: 1 }, { id: 9 });
  const others = [
    profile({ cpu: 1, disk: 1 }, { id: 2 }),
    profile({ cpu: 1 }, { id: 3, hostId: 2, startedAt: new Date(9) }),
    profile({ cpu: 1 }, { id: 4, startedAt: new Date(1) }),
    profile({ cpu: 1 }, { id: 5, startedAt: new Date(2) }),
    profile({ disk: 1 }, { id: 6 }),
    own,
  ];
  const ids = (most: number) => mostAlike(own, others, most).map(({ profile: { id } }) => id);
  assert.deepEqual(ids(9), [5, 4, 3, 2]);
  assert.deepEqual(ids(2), [5, 4]);
  assert.deepEqual(mostAlike(own, [], 5), []);
});
