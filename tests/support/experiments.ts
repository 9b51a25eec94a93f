import { experimentSchema } from "#lib/contract/experiment-plans.ts";
import type { Database } from "#lib/db/client.ts";
import type { EventInput } from "#lib/experiments/record-events.ts";
import { createExperiment, moveExperiment } from "#lib/experiments/write-experiments.ts";
import { seededNormal, seededRandom } from "#lib/stats/random.ts";
import { DAY_MS, HOUR_MS } from "#lib/time/durations.ts";

export const START = Date.UTC(2026, 8, 1);
export const USER = "0192b7a0-0000-7000-8000-000000000000";

/** A plan with a metric of each kind. */
export const plan = (key: string, more: object = {}) =>
  experimentSchema.parse({
    key,
    name: `The ${key}`,
    variants: [{ key: "a" }, { key: "b" }],
    metrics: [
      { key: "revenue", role: "primary", kind: "mean", event: "purchase", category: "efficiency" },
      { key: "orders", kind: "proportion", event: "purchase", category: "quality" },
      { key: "visits", kind: "count", event: "visit" },
      { key: "basket", kind: "ratio", event: "purchase", denominator: "visit" },
      { key: "errors", role: "guardrail", kind: "count", event: "error", better: "down", margin: 0.5 },
      { key: "slow", kind: "quantile", quantile: 0.9, event: "wait", better: "down" },
    ],
    ...more,
  });

/** An experiment that runs; answers its id. */
export async function startExperiment(db: Database, key: string, more: object = {}, at = START): Promise<number> {
  const id = await createExperiment(db, plan(key, more), { userId: USER, now: at });
  await moveExperiment(db, id, "start", { userId: USER, now: at });
  return id;
}

/** Subjects that did something before, saw a variant, and did more; every id and time the same at each run. */
export function people(prefix: string, count: number, lift: number) {
  const [uniform, normal] = [seededRandom(11), seededNormal(seededRandom(12))];
  const exposures: { subject: string; variant: string; at: number; dimension: string }[] = [];
  const events: EventInput[] = [];
  for (let n = 0; n < count; n++) {
    const subject = `${prefix}${n}`;
    const variant = uniform() < 0.5 ? "a" : "b";
    const at = START + Math.floor(uniform() * 5 * DAY_MS);
    const wealth = 50 + 15 * normal();
    exposures.push({ subject, variant, at, dimension: n % 3 === 0 ? "mobile" : "desktop" });
    const add = (metric: string, value: number, when: number) =>
      events.push({ id: `${subject} ${events.length}`, subject, metric, value, at: when });
    add("purchase", wealth + 5 * normal(), at - DAY_MS);
    for (let visit = 0; visit < 3; visit++) add("visit", 1, at + visit * HOUR_MS);
    if (uniform() < 0.7) add("purchase", (wealth + 5 * normal()) * (variant === "b" ? 1 + lift : 1), at + 7_200_000);
    if (uniform() < 0.1) add("error", 1, at + 1);
    add("wait", 100 + 20 * normal(), at + 2);
  }
  return { exposures, events };
}
