import assert from "node:assert/strict";
import { test } from "node:test";
import { listUpcoming, refreshUpcoming } from "#lib/insights/upcoming.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { addHost, frame, freshDatabase } from "../support/database.ts";

const NOW = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;

type Reading = Parameters<typeof frame>[1][number];

/** Three days by the hour, up to `until`. */
async function past(
  { writer }: Pick<Awaited<ReturnType<typeof addHost>>, "writer">,
  readings: (hoursLeft: number) => Reading[],
  until = NOW,
): Promise<void> {
  for (let left = 72; left >= 1; left--) await writer.append(frame(until - left * HOUR_MS, readings(left), HOUR_MS));
}

test("disks that fill and certificates that expire stand with their hosts, the soonest first; what is calm, long ago, far off or retired does not", async () => {
  const { db } = await freshDatabase();
  const [full, calm, retired] = [await addHost(db), await addHost(db, "web-2"), await addHost(db, "web-3")];
  await past(full, (left) => [
    ["disk.usage", 90 - left / 24, { mount: "/var" }],
    ["disk.usage", 20 + (left % 3), { mount: "/" }],
    ["check.certificate.expires", (5 * DAY_MS + left * HOUR_MS) / 1000, { check: "Shop" }],
    ["certificate.expires", (300 * DAY_MS) / 1000, { certificate: "far.example" }],
  ]);
  await past(calm, (left) => [["disk.usage", 90 - left / 24, { mount: "/gone" }]], NOW - 2 * DAY_MS);
  await past(retired, (left) => [["disk.usage", 90 - left / 24, { mount: "/old" }]]);
  assert.deepEqual(await listUpcoming(db), []);
  await refreshUpcoming(db, { now: NOW });
  await db.host.update({ where: { id: retired.hostId }, data: { retiredAt: new Date() } });
  const found = await listUpcoming(db);
  assert.deepEqual(
    found.map(({ hostId, kind, subject, severity }) => [hostId, kind, subject, severity]),
    [
      [full.hostId, "certificate", "Shop", "critical"],
      [full.hostId, "disk", "/var", "warning"],
    ],
  );
  const days = ((found[1]?.at ?? 0) - NOW) / DAY_MS;
  assert.ok(Math.abs(days - 10) < 1, String(days));
});

test("a host is looked at once an hour, also after the clock was set back, and one that cannot be read keeps no other waiting", async () => {
  const { db } = await freshDatabase();
  const [broken, well] = [await addHost(db), await addHost(db, "web-2")];
  const expiring = (days: number) => (): Reading[] => [
    ["certificate.expires", (days * DAY_MS) / 1000, { certificate: "a.example" }],
  ];
  await past(broken, expiring(3));
  await past(well, expiring(3));
  await db.$executeRaw`
    INSERT INTO chunk (host_id, series_id, resolution, start, count, min, max, sum, last, data)
    SELECT host_id, id, 2, ${new Date(NOW - DAY_MS)}, 1, 0, 0, 0, 0, ${Buffer.from("no chunk")} FROM series WHERE host_id = ${broken.hostId}`;
  const hosts = async () => (await listUpcoming(db)).map(({ hostId }) => hostId);
  const marks = async () =>
    (await db.hostSignal.findMany({ orderBy: { hostId: "asc" } })).map((row) => row.foundAt.getTime());
  await refreshUpcoming(db, { now: NOW });
  assert.deepEqual(await hosts(), [well.hostId]);
  assert.deepEqual(await marks(), [NOW, NOW]);
  await refreshUpcoming(db, { now: NOW + 30 * MINUTE_MS });
  assert.deepEqual(await marks(), [NOW, NOW], "fresh ones stay");
  await refreshUpcoming(db, { now: NOW - DAY_MS });
  assert.deepEqual(await marks(), [NOW - DAY_MS, NOW - DAY_MS], "of a time that is not yet they are done again");
});
