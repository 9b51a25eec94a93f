import assert from "node:assert/strict";
import { before, test } from "node:test";
import pg from "pg";
import type { Database } from "#lib/db/client.ts";
import { readableHosts } from "#lib/hosts/hosts.ts";
import { queryInstant, queryRange } from "#lib/promql/engine.ts";
import type { QueryError } from "#lib/promql/query/error.ts";
import { StoreReader } from "#lib/promql/store/store-reader.ts";
import { HOUR_MS } from "#lib/time/durations.ts";
import { listSeriesOfHosts } from "#lib/tsdb/catalog.ts";
import { compactDue } from "#lib/tsdb/maintenance.ts";
import { countSamplesOfHosts } from "#lib/tsdb/query.ts";
import { BORDER, COMPACTED_AT } from "../support/border.ts";
import { addHost, frame, freshDatabase } from "../support/database.ts";

let db: Database;
let url: string;
/** Across a border, so that what is read is partly compacted. */
const START = BORDER - 8 * HOUR_MS;
const STEP_MS = 60_000;
const COUNT = 600;

before(async () => {
  ({ db, url } = await freshDatabase());
  for (const [n, name] of ["web-1", "web-2"].entries()) {
    const { writer } = await addHost(db, name);
    for (let i = 0; i < COUNT; i++) {
      // The second host pauses for an hour, and its counter starts anew then.
      if (n === 1 && i >= 200 && i < 260) continue;
      await writer.append(
        frame(
          START + i * STEP_MS,
          [
            ["cpu.usage", i % 7 === 3 ? null : (i * (n + 1)) % 100],
            ["network.receive.bytes", n === 1 && i >= 260 ? i - 260 : i * 6_000, { interface: "eth0" }],
            ["node_load1", n + 0.5, { "k8s.pod": "a", host: "inner" }],
          ],
          STEP_MS,
        ),
      );
    }
  }
});

const reader = async (signal?: AbortSignal) => new StoreReader(db, await readableHosts(db), { signal });

async function vector(query: string, atMs: number): Promise<Record<string, number>> {
  const result = await queryInstant(await reader(), query, atMs);
  assert.equal(result.type, "vector", query);
  const { samples } = result as Extract<typeof result, { type: "vector" }>;
  return Object.fromEntries(samples.map(({ labels, value }) => [String(labels), value]));
}

test("a metric is found by its legal name and by its own, and bears the name of its host", async () => {
  const at = START + 10 * STEP_MS;
  const wanted = { '{__name__="cpu_usage", host="web-1"}': 9, '{__name__="cpu_usage", host="web-2"}': 18 };
  assert.deepEqual(await vector("cpu_usage", at - STEP_MS), wanted);
  assert.deepEqual(await vector('{__name__="cpu.usage"}', at - STEP_MS), wanted);
  assert.deepEqual(await vector('{__name__=~"cpu.usage|nothing", host!="web-2"}', at - STEP_MS), {
    '{__name__="cpu_usage", host="web-1"}': 9,
  });
  assert.deepEqual(await vector('{__name__!~"cpu.usage|network.+", host="web-1"}', at), {
    '{__name__="node_load1", exported_host="inner", host="web-1", k8s_pod="a"}': 0.5,
  });
  assert.deepEqual(await vector('cpuxusage or nothing{host="web-1"} or cpu_usage{host="web-3"}', at), {});
});

test("a value that is missing is no sample: the one before it stands", async () => {
  assert.deepEqual(await vector('cpu_usage{host="web-1"}', START + 10 * STEP_MS), {
    '{__name__="cpu_usage", host="web-1"}': 9,
  });
  assert.deepEqual(await vector('count_over_time(cpu_usage{host="web-1"}[6m])', START + 12 * STEP_MS), {
    '{host="web-1"}': 6,
  });
});

const everything = async () => {
  const period = { fromMs: START, toMs: START + COUNT * STEP_MS, stepMs: 7 * STEP_MS };
  const query = '{__name__=~".+"} or rate(network_receive_bytes[10m]) or sum_over_time(cpu_usage[1h])';
  return (await queryRange(await reader(), query, period)).map(({ labels, times, values }) => ({
    ...{ labels: String(labels), times: [...times], values: [...values] },
  }));
};

test("rates are of counters' totals; across a gap there is nothing, behind it the counter begins anew; compaction changes nothing", async () => {
  const rate = (at: number) => vector("rate(network_receive_bytes[10m])", START + at * STEP_MS);
  assert.deepEqual(await rate(100), {
    '{host="web-1", interface="eth0"}': 100,
    '{host="web-2", interface="eth0"}': 100,
  });
  assert.deepEqual(Object.keys(await rate(240)), ['{host="web-1", interface="eth0"}']);
  assert.ok(((await rate(300))['{host="web-2", interface="eth0"}'] as number) < 1);
  const before = await everything();
  const { samples } = await compactDue(db, COMPACTED_AT);
  assert.ok(samples > 1_000);
  assert.deepEqual(await everything(), before);
});

test("NaN and both infinities are values, with their bits", async () => {
  const { hostId, writer } = await addHost(db, "odd");
  const at = START + 300 * STEP_MS;
  await writer.append(frame(at, [["odd.value", 1]], STEP_MS));
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const [n, value] of ["NaN", "Infinity", "-Infinity", "1e-300"].entries())
    await client.query(
      `INSERT INTO frame SELECT host_id, source_id, at + $2 * interval '1 minute', frame_schema_id, ARRAY[$3::float8]
       FROM frame WHERE host_id = $1 ORDER BY at LIMIT 1`,
      [hostId, n + 1, value],
    );
  await client.end();
  const found = await queryInstant(await reader(), "odd_value[10m]", at + 5 * STEP_MS);
  assert.ok(found.type === "matrix");
  assert.deepEqual(
    [...(found.series[0]?.values ?? [])],
    [1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-300],
  );
});

test("a range of decades is refused only where it holds too many samples", async () => {
  const counted = await vector('count_over_time(cpu_usage{host=~"web.*"}[30y])', START + COUNT * STEP_MS);
  assert.deepEqual(Object.values(counted), [COUNT - 86, COUNT - 60 - 78]);
  const series = await listSeriesOfHosts(
    db,
    (await readableHosts(db)).map(({ id }) => id),
    "cpu.usage",
  );
  const count = await countSamplesOfHosts(db, series, { from: 0, to: Date.now() }, 1_000_000);
  assert.ok(count >= 1_000 && count <= 2 * COUNT, `${count} samples`);
  // Counted no further than what may be read: of 500 of them the rest does not matter.
  assert.ok((await countSamplesOfHosts(db, series, { from: 0, to: Date.now() }, 500)) > 500);
});

test("two hosts of one name are told apart by their numbers", async () => {
  const { hostId, writer } = await addHost(db, "twin");
  const other = await addHost(db, "twin-2");
  await db.host.update({ where: { id: other.hostId }, data: { name: "twin" } });
  await writer.append(frame(START, [["cpu.usage", 1]]));
  await other.writer.append(frame(START, [["cpu.usage", 2]]));
  assert.deepEqual(await vector('cpu_usage{host="twin"}', START), {
    [`{__name__="cpu_usage", host="twin", host_id="${hostId}"}`]: 1,
    [`{__name__="cpu_usage", host="twin", host_id="${other.hostId}"}`]: 2,
  });
  assert.deepEqual(Object.values(await vector(`cpu_usage{host_id="${other.hostId}"}`, START)), [2]);
});

test("labels named like the portal's own, or like JavaScript's, take nothing from it", async () => {
  const { writer } = await addHost(db, "odd-labels");
  await writer.append(frame(START, [["odd_labels", 1, { host_id: "1", constructor: "c", toString: "t" }]]));
  assert.deepEqual(await vector('odd_labels{constructor="c"}', START), {
    '{__name__="odd_labels", constructor="c", exported_host_id="1", host="odd-labels", toString="t"}': 1,
  });
  assert.deepEqual(await vector('odd_labels{host_id="1"}', START), {});
});

test("two metrics that become one name are one series, and so are two sources with the same labels", async () => {
  const { writer } = await addHost(db, "double");
  await writer.append(
    frame(START, [
      ["a.b", 1],
      ["a_b", 2],
    ]),
  );
  await writer.append({ ...frame(START + 5_000, [["a.b", 3]]), source: { kind: "other", name: "" } });
  assert.deepEqual(await vector("a_b", START + 5_000), { '{__name__="a_b", host="double"}': 3 });
  assert.deepEqual(await vector("count_over_time(a_b[1m])", START + 5_000), { '{host="double"}': 2 });
});

test("a reader who may read no host sees nothing, and who went away, or time that is up, ends the reading", async () => {
  const none = await queryInstant(new StoreReader(db, []), "cpu_usage", START);
  assert.deepEqual(none.type === "vector" && none.samples, []);
  const gone = queryInstant(await reader(AbortSignal.abort()), "cpu_usage", START);
  await assert.rejects(gone, (error: QueryError) => error.type === "cancelled");
  const late = queryInstant(new StoreReader(db, await readableHosts(db), { timeMs: 0 }), "cpu_usage", START);
  await assert.rejects(late, (error: QueryError) => error.errorType === "timeout");
});
