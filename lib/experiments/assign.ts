import type { AssignmentReason } from "#lib/contract/experiment-names.ts";
import type { Plan, VariantPlan } from "#lib/contract/experiment-plans.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

export type Attributes = Record<string, string | number | boolean>;

/** Which variant a subject gets, or why none. */
export type Assignment = { variant: string | null; reason: AssignmentReason };

/** FNV-1a of 32 bits over the text's bytes. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash ^= byte;
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

/** A number in [0, 1) for a subject that is the same everywhere and for ever, and independent between seeds (GrowthBook's hash, version 2). */
export const hashToUnit = (seed: string, subject: string): number =>
  (fnv1a(`${fnv1a(seed + subject)}`) % 10_000) / 10_000;

function matchesCondition({ attribute, op, value }: Plan["targeting"][number], attributes: Attributes): boolean {
  const own = attributes[attribute];
  const list = Array.isArray(value) ? value : [value];
  const among = own !== undefined && list.some((candidate) => String(candidate) === String(own));
  switch (op) {
    case "is":
    case "in":
      return among;
    case "is_not":
    case "not_in":
      return !among;
    case "above":
      return own !== undefined && Number(own) > Number(value);
    case "below":
      return own !== undefined && Number(own) < Number(value);
  }
}

/** The variant in whose stretch of [0, 1) a number lies; stretches are as long as the weights. */
export function variantAt(variants: Pick<VariantPlan, "key" | "weight">[], at: number): string | null {
  const whole = variants.reduce((sum, { weight }) => sum + weight, 0);
  let end = 0;
  for (const { key, weight } of variants) {
    end += weight / whole;
    if (at < end) return key;
  }
  return variants.findLast(({ weight }) => weight > 0)?.key ?? null;
}

/** Assigns a subject: the same one always gets the same, and a larger traffic allocation moves nobody who had a variant. */
export function assign(
  experiment: { key: string; plan: Plan; variants: Pick<VariantPlan, "key" | "weight">[] },
  subject: string,
  attributes: Attributes = {},
): Assignment {
  const { plan, variants } = experiment;
  const seed = plan.seed || experiment.key;
  if (!plan.targeting.every((condition) => matchesCondition(condition, attributes)))
    return { variant: null, reason: "targeting" };
  if (plan.exclusion) {
    const at = hashToUnit(`__${plan.exclusion.group}`, subject);
    if (at < plan.exclusion.from || at >= plan.exclusion.to) return { variant: null, reason: "exclusion" };
  }
  // The salt keeps the word that the setting had when subjects were first assigned: another would move them.
  if (hashToUnit(`${seed} coverage`, subject) >= plan.trafficAllocation)
    return { variant: null, reason: "traffic_allocation" };
  return { variant: variantAt(variants, hashToUnit(seed, subject)), reason: "assigned" };
}

/** The variant that a switchback is in at an instant (ms): pairs of periods, in an order that the seed decides. */
export function switchedTo(
  experiment: { key: string; plan: Plan; variants: Pick<VariantPlan, "key">[] },
  startedAt: number,
  at: number,
): string | null {
  const period = Math.floor((at - startedAt) / (experiment.plan.periodMinutes * MINUTE_MS));
  const [control, treatment] = experiment.variants;
  if (period < 0 || !control || !treatment) return null;
  const seed = experiment.plan.seed || experiment.key;
  const first = hashToUnit(seed, `pair ${Math.floor(period / 2)}`) < 0.5;
  return (period % 2 === 0) === first ? control.key : treatment.key;
}
