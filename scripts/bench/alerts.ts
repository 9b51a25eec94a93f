import { evaluateAlerts } from "#lib/alerts/evaluate.ts";
import { createRule } from "#lib/alerts/rules.ts";
import { ruleSchema } from "#lib/contract/alerts.ts";
import { openDatabase } from "#lib/db/client.ts";
import { quantile } from "#lib/stats/quantile.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { addHistory } from "../../tests/support/history.ts";
import type { BenchResult } from "../bench.ts";
import { onCluster } from "./cluster.ts";
import { round } from "./statistics.ts";

const [HOSTS, SERIES, RULES, REPEATS] = [20, 50, 10, 9];
const START = Date.UTC(2026, 0, 5);

/** How long 10,000 instances (20 hosts, 50 series, 10 rules) are judged: where nothing is wrong, where all fire, and where they begin to. */
export async function run(): Promise<BenchResult> {
  return onCluster(async ({ url }) => {
    const db = openDatabase(url, { maxConnections: 3 });
    for (let host = 0; host < HOSTS; host++)
      await addHistory(url, `host-${host}`, {
        series: Array.from({ length: SERIES }, (_, n) => ["bench.value", { n: String(n) }]),
        ...{ from: START, to: START + 20 * MINUTE_MS, stepMs: 5 * SECOND_MS },
        valuesAt: (at) => Array.from({ length: SERIES }, () => (at < START + 10 * MINUTE_MS ? 1 : 100)),
      });
    for (let n = 0; n < RULES; n++) {
      const condition = { kind: "threshold", operator: ">", level: 50 + n };
      await createRule(db, ruleSchema.parse({ name: `Rule ${n}`, series: "bench.value", condition }), null);
    }
    const judge = async (minute: number) => {
      const times: number[] = [];
      let instances = 0;
      for (let repeat = 0; repeat < REPEATS; repeat++) {
        const done = await evaluateAlerts(db, START + minute * MINUTE_MS + repeat * 5 * SECOND_MS);
        times.push(done.ms);
        instances = done.instances;
      }
      return { ms: quantile(times, 0.5), instances };
    };
    const quiet = await judge(5);
    const began = await evaluateAlerts(db, START + 15 * MINUTE_MS);
    const firing = await judge(16);
    await db.$disconnect();
    return {
      instances: quiet.instances,
      quietMsMedian: round(quiet.ms),
      firingMsMedian: round(firing.ms),
      transitionsAtOnce: began.transitions.length,
      transitionsMs: round(began.ms),
    };
  });
}
