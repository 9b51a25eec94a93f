import type { Experiment } from "#components/experiments/queries.ts";
import type { ExperimentPlan, VariantPlan } from "#lib/contract/experiment-plans.ts";

/** A plan as the form has it: lists as texts. */
export type Draft = Omit<ExperimentPlan, "tags" | "variants"> & {
  tags: string;
  links: string;
  targeting: string;
  exclusion: string;
  variants: { key: string; name: string; weight: number; hosts: string }[];
};

/** A variant as the form has it. */
export const variantDraft = ({ hostIds, ...rest }: VariantPlan): Draft["variants"][number] => ({
  ...rest,
  hosts: hostIds.join(", "),
});

/** A plan as the form shows it. */
export function toDraft(base: Pick<Experiment, keyof ExperimentPlan>): Draft {
  return {
    ...base,
    tags: base.tags.join(", "),
    links: base.plan.links.join(", "),
    targeting: base.plan.targeting
      .map(({ attribute, op, value }) => `${attribute} ${op} ${[value].flat().join(" ")}`)
      .join("; "),
    exclusion: base.plan.exclusion ? Object.values(base.plan.exclusion).join(" ") : "",
    variants: base.variants.map(variantDraft),
  };
}

const list = (text: string) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);

const scalar = (text: string) => (text !== "" && Number.isFinite(Number(text)) ? Number(text) : text);

/** country in DE FR; age above 17 */
const conditions = (text: string) =>
  text.split(";").flatMap((part) => {
    const [attribute, op, ...values] = part.trim().split(/\s+/);
    return attribute
      ? [{ attribute, op, value: op?.endsWith("in") ? values.map(scalar) : scalar(values.join(" ")) }]
      : [];
  });

/** checkout 0 0.5 */
function exclusionOf(text: string) {
  const [group, from, to] = text.trim().split(/\s+/);
  return group ? { group, from: Number(from), to: Number(to) } : null;
}

/** The form as the API takes it: empty texts are null. */
export function toPlan({ tags, links, targeting, exclusion, plan, variants, metrics, ...rest }: Draft): unknown {
  return {
    ...rest,
    tags: list(tags),
    plan: {
      ...plan,
      dimension: plan.dimension || null,
      links: list(links),
      targeting: conditions(targeting),
      exclusion: exclusionOf(exclusion),
    },
    variants: variants.map(({ hosts, ...variant }) => ({ ...variant, hostIds: list(hosts).map(Number) })),
    metrics: metrics.map((metric) => ({
      ...metric,
      event: (rest.kind === "ab" && metric.event) || null,
      denominator: metric.denominator || null,
      series: (rest.kind !== "ab" && metric.series) || null,
      quantile: metric.kind === "quantile" ? metric.quantile : null,
    })),
  };
}
