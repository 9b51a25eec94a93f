import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { Database } from "#lib/db/client.ts";
import { readableHosts } from "#lib/hosts/hosts.ts";
import { queryRange } from "#lib/promql/engine.ts";
import { StoreReader } from "#lib/promql/store/store-reader.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { applyRetention, compactDue } from "#lib/tsdb/maintenance.ts";
import { freshDatabase } from "../support/database.ts";
import { addHistory } from "../support/history.ts";

const EVERY_MS = 30_000;
/** Whole days, so that what each resolution keeps ends where it is said to. */
const END = Math.floor(Date.now() / DAY_MS) * DAY_MS - 2 * DAY_MS;
const START = END - 3 * DAY_MS;
/** The second host sends nothing in these hours. */
const PAUSE = { from: END - 18 * HOUR_MS, to: END - 16 * HOUR_MS };
/** Not at whole hours: there a single sample on the edge makes the difference. */
const PERIOD = { fromMs: START + HOUR_MS + 7 * MINUTE_MS, toMs: END - MINUTE_MS, stepMs: HOUR_MS };

let db: Database;
const query = async (expression: string, period = PERIOD) =>
  queryRange(new StoreReader(db, await readableHosts(db)), expression, period);

/** Expressions, and by how much (as a share of the largest value) what rollups give may differ from what samples do. */
const EXPRESSIONS: [string, number][] = [
  ["sum by (host) (rate(network_receive_bytes[1h]))", 0.03],
  ["sum by (host) (increase(network_receive_bytes[6h]))", 0.01],
  ["avg_over_time(cpu_usage[1h])", 0.02],
  ["max by (host) (network_receive_bytes)", 0.05],
  ["avg by (host) (cpu_usage)", 0.2],
  ["histogram_quantile(0.9, sum by (le) (rate(lat_bucket[2h])))", 0.02],
];

before(async () => {
  const fresh = await freshDatabase();
  ({ db } = fresh);
  for (const name of ["a", "b"])
    await addHistory(fresh.url, name, {
      series: [
        ["cpu.usage"],
        ["network.receive.bytes", { interface: "eth0" }],
        ["lat_bucket", { le: "0.1" }],
        ["lat_bucket", { le: "0.5" }],
        ["lat_bucket", { le: "+Inf" }],
      ],
      ...{ from: START, to: END, stepMs: EVERY_MS },
      valuesAt(at, n) {
        if (name === "b" && at >= PAUSE.from && at < PAUSE.to) return [null, null, null, null, null];
        // The counter of the second host is reset each 33 hours.
        const bytes = name === "a" ? n * 1_000 : (n % 4_000) * 700;
        return [50 + 20 * Math.sin(n / 500) + (n % 3), bytes, n * 3, n * 8 + Math.floor(n / 2), n * 10];
      },
    });
  await db.$executeRaw`UPDATE series SET kind = 'counter' WHERE metric = 'lat_bucket'`;
});

type Answer = Awaited<ReturnType<typeof query>>;

/** The largest difference of two answers as a share of the largest value, over instants that both have; these must be nearly all. */
function difference(before: Answer, now: Answer): number {
  assert.deepEqual(
    now.map(({ labels }) => String(labels)),
    before.map(({ labels }) => String(labels)),
  );
  let worst = 0;
  for (const [n, own] of before.entries()) {
    const found = new Map([...(now[n]?.times ?? [])].map((at, i) => [at, now[n]?.values[i] as number]));
    const shared = [...own.times].flatMap((at, i) => {
      const value = found.get(at);
      return value === undefined ? [] : [[own.values[i] as number, value] as const];
    });
    assert.ok(shared.length >= 0.95 * own.times.length, `${shared.length} of ${own.times.length} instants are left`);
    const largest = Math.max(...shared.map(([a]) => Math.abs(a)));
    for (const [a, b] of shared) worst = Math.max(worst, Math.abs(a - b) / largest);
  }
  return worst;
}

test("where raw samples are gone an expression is answered from what is kept of them, minutes or hours, nearly as before", async (context) => {
  await compactDue(db, END + DAY_MS);
  const answers = new Map(
    await Promise.all(EXPRESSIONS.map(async ([expression]) => [expression, await query(expression)] as const)),
  );
  const kept = { retention_raw_days: 1, retention_minute_days: 1, retention_hour_days: 400 };
  for (const [at, what] of [
    [END, "minutes"],
    [END + 12 * HOUR_MS, "hours and minutes"],
    [END + 2 * DAY_MS, "hours"],
  ] as const) {
    await applyRetention(db, kept, at, what === "minutes" ? ["raw"] : undefined);
    for (const [expression, most] of EXPRESSIONS) {
      const share = difference(answers.get(expression) ?? [], await query(expression));
      context.diagnostic(`${what}: ${expression} differs by at most ${(100 * share).toPrecision(2)} %`);
      assert.ok(share <= most, `${what}: ${expression} differs by ${share}`);
    }
  }
});

test("where a host sent nothing for hours there is nothing, in rollups too", async () => {
  const within = { fromMs: PAUSE.from + 10 * MINUTE_MS, toMs: PAUSE.to - 1, stepMs: 5 * MINUTE_MS };
  assert.deepEqual(
    (await query("cpu_usage", within)).map(({ labels }) => labels.get("host")),
    ["a"],
  );
});

test("fine steps over what is kept by the hour have no holes, and the newest is not older than its hour", async () => {
  const fine = { fromMs: START + 2 * HOUR_MS, toMs: START + 8 * HOUR_MS, stepMs: MINUTE_MS };
  for (const expression of ['cpu_usage{host="a"}', 'rate(network_receive_bytes{host="a"}[5m])']) {
    const [series] = await query(expression, fine);
    assert.equal(series?.times.length, 361, expression);
  }
});
