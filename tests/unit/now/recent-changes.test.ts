import assert from "node:assert/strict";
import { test } from "node:test";
import type { Host } from "#components/hosts/queries.ts";
import type { Annotation } from "#components/insights/queries.ts";
import type { ChangedExperiment } from "#components/now/queries.ts";
import { changesOf } from "#components/now/recent-changes.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 30, 4, minute));
const NOTHING = { annotations: [], hosts: [], experiments: [], settings: [] };
const host = (id: number, name: string, firstSeenAt: Date, lastSampleAt: Date | null) =>
  ({ id, name, firstSeenAt, lastSampleAt }) as Host;
const experiment = (given: Partial<ChangedExperiment>) =>
  ({ id: 3, name: "Checkout", startedAt: at(10), stoppedAt: null, ...given }) as ChangedExperiment;

test("deploys, new hosts, experiments and settings stand together in words, the newest first", () => {
  const changes = changesOf({
    annotations: [
      { id: 1, hostId: 1, at: at(5), kind: "deploy", text: "", service: "shop", version: "1.2", url: "" } as Annotation,
    ],
    hosts: [host(1, "web-1", new Date(0), at(50)), host(2, "web-2", at(20), at(50))],
    experiments: [experiment({}), experiment({ id: 4, name: "Prices", stoppedAt: at(40) })],
    settings: [
      { setting: "collection_interval", at: at(30) },
      { setting: "smtp_url", at: at(31) },
      { setting: "not_known_yet", at: at(1) },
    ],
  });
  assert.deepEqual(
    changes.map(({ what, where, href }) => [what, where, href]),
    [
      ["Prices was stopped", "experiment", "/experiments/4"],
      ["Mail server", "setting", "/settings"],
      ["Collection interval", "setting", "/settings"],
      ["web-2 sent its first sample", "new host", "/hosts/2"],
      ["Checkout was started", "experiment", "/experiments/3"],
      ["shop 1.2", "deploy · web-1", undefined],
      ["not_known_yet", "setting", "/settings"],
    ],
  );
});

test("a fleet that joins at once is one change", () => {
  const fleet = (count: number) => Array.from({ length: count }, (_, n) => host(n, `web-${n}`, at(n), at(50)));
  assert.equal(changesOf({ ...NOTHING, hosts: fleet(3) }).length, 3);
  const many = changesOf({ ...NOTHING, hosts: fleet(40) });
  assert.deepEqual(
    many.map(({ what, href, at }) => [what, href, at.getUTCMinutes()]),
    [["40 hosts sent their first sample", "/hosts", 39]],
  );
});

test("nothing at all, a draft and a host without samples are no changes", () => {
  assert.deepEqual(changesOf(NOTHING), []);
  const hosts = [host(1, "web-1", new Date(0), null)];
  assert.deepEqual(changesOf({ ...NOTHING, hosts, experiments: [experiment({ startedAt: null })] }), []);
});
