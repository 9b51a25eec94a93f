import assert from "node:assert/strict";
import { test } from "node:test";
import type { IncidentInfo } from "#lib/anomalies/list-incidents.ts";
import { likenessOf, mostAlike } from "#lib/incidents/similar.ts";

const incident = (shares: Record<string, number>, given: Partial<IncidentInfo> = {}): IncidentInfo =>
  ({
    ...{ hostId: 1, id: 1, startedAt: new Date(0) },
    anomalies: Object.entries(shares).map(([metric, contribution], n) => ({ metric, contribution, order: n + 1 })),
    ...given,
  }) as IncidentInfo;

test("incidents of the same metrics are the same, of none in common nothing like one another", () => {
  const busy = incident({ cpu: 0.7, load: 0.3 });
  assert.deepEqual(likenessOf(busy, busy), { likeness: 1, shared: 2, metrics: 2, sameFirst: true });
  assert.deepEqual(likenessOf(busy, incident({ disk: 1 })), { likeness: 0, shared: 0, metrics: 3, sameFirst: false });
  assert.equal(likenessOf(incident({}), incident({})).likeness, 0);
});

test("what contributes much counts for more than what contributes little", () => {
  const busy = incident({ cpu: 0.9, load: 0.1 });
  const [much, little] = [incident({ cpu: 0.9, disk: 0.1 }), incident({ disk: 0.9, load: 0.1 })];
  assert.ok(likenessOf(busy, much).likeness > 0.8);
  assert.ok(likenessOf(busy, little).likeness < 0.1);
  const [there, back] = [likenessOf(busy, much), likenessOf(much, busy)];
  assert.deepEqual(there, back);
});

test("the most like stand first, of those as like the same host's, then the newest; never the incident itself", () => {
  const own = incident({ cpu: 1 }, { id: 9 });
  const others = [
    incident({ cpu: 0.5, disk: 0.5 }, { id: 2 }),
    incident({ cpu: 1 }, { id: 3, hostId: 2, startedAt: new Date(9) }),
    incident({ cpu: 1 }, { id: 4, startedAt: new Date(1) }),
    incident({ cpu: 1 }, { id: 5, startedAt: new Date(2) }),
    incident({ disk: 1 }, { id: 6 }),
    own,
  ];
  const ids = (most: number) => mostAlike(own, others, most).map(({ incident: { id } }) => id);
  assert.deepEqual(ids(9), [5, 4, 3, 2]);
  assert.deepEqual(ids(2), [5, 4]);
  assert.deepEqual(mostAlike(own, [], 5), []);
});
