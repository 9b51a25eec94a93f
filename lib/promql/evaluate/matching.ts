import type { QueryBudget } from "#lib/promql/evaluate/budget.ts";
import { COMPUTE, dropsName, type NumberOperator } from "#lib/promql/evaluate/operators.ts";
import {
  emptySeries,
  type StepSeries,
  sameLabels,
  uniteEqual,
  type Vector,
  vectorOf,
} from "#lib/promql/evaluate/steps.ts";
import { executionError } from "#lib/promql/query/error.ts";
import { type LabelSet, METRIC_NAME } from "#lib/promql/series/labels.ts";
import { isComparison, type Matching, type SetOperator } from "#lib/promql/syntax/expression.ts";

/** The part of labels by which series of two vectors match. */
const matchedPart = (labels: LabelSet, { on, labels: names }: Matching): LabelSet =>
  on ? labels.only(names) : labels.without([...names, METRIC_NAME]);

const bySignature = (series: StepSeries[], matching: Matching): Map<string, StepSeries[]> =>
  Map.groupBy(series, ({ labels }) => matchedPart(labels, matching).key);

/** The steps at which any of some series has a value. */
function anyPresent(series: StepSeries[], count: number): Uint8Array {
  const any = new Uint8Array(count);
  for (const { present } of series) for (let step = 0; step < count; step++) if (present[step]) any[step] = 1;
  return any;
}

/** The values of a series at the steps where a mask has a value, or where it has none. */
function masked({ labels, values, present }: StepSeries, mask: Uint8Array | undefined, keeps: boolean): StepSeries {
  return { labels, values, present: present.map((is, step) => (is && Boolean(mask?.[step]) === keeps ? 1 : 0)) };
}

/** `and`, `or` and `unless`. */
export function combineSets(operator: SetOperator, left: Vector, right: Vector, matching: Matching): Vector {
  const count = (left.series[0] ?? right.series[0])?.values.length ?? 0;
  const [kept, other] = operator === "or" ? [right, left] : [left, right];
  const groups = [...bySignature(other.series, matching)];
  const masks = new Map(groups.map(([key, members]) => [key, anyPresent(members, count)]));
  const mask = (series: StepSeries) => masks.get(matchedPart(series.labels, matching).key);
  const rest = kept.series.map((series) => masked(series, mask(series), operator === "and"));
  return vectorOf(uniteEqual(operator === "or" ? [...left.series, ...rest] : rest, { apart: true }));
}

/** The labels of what comes out of two series that match; `many` is on the side where several may match. */
function resultLabels(many: LabelSet, single: LabelSet, operator: NumberOperator, bool: boolean, matching: Matching) {
  let labels = dropsName(operator) || bool ? many.withoutName() : many;
  if (matching.card === "one-to-one")
    labels = matching.on ? labels.only(matching.labels) : labels.without(matching.labels);
  for (const name of matching.include) labels = labels.with(name, single.get(name));
  return bool ? labels.withoutName() : labels;
}

/** Joins two vectors by an operator that computes or compares. */
export class VectorJoin {
  readonly #operator: NumberOperator;
  readonly #bool: boolean;
  readonly #matching: Matching;
  readonly #count: number;
  readonly #budget: QueryBudget;
  readonly #results = new Map<string, StepSeries>();

  constructor(
    { operator, bool, matching }: { operator: NumberOperator; bool: boolean; matching: Matching },
    count: number,
    budget: QueryBudget,
  ) {
    [this.#operator, this.#bool, this.#matching] = [operator, bool, matching];
    [this.#count, this.#budget] = [count, budget];
  }

  get #isSwapped(): boolean {
    return this.#matching.card === "one-to-many";
  }

  /** @throws QueryError execution where series match more than one of the other side */
  async join(left: Vector, right: Vector): Promise<Vector> {
    const [many, single] = this.#isSwapped ? [right.series, left.series] : [left.series, right.series];
    const [anyMany, anySingle] = [anyPresent(many, this.#count), anyPresent(single, this.#count)];
    const partners = bySignature(single, this.#matching);
    for (const [step, is] of anyMany.entries()) anyMany[step] = is & (anySingle[step] as number);
    // Also where nothing matches them, duplicates are refused, as long as both sides have anything.
    const lone = new Map([...partners].map(([key, series]) => [key, this.#loneAt(series, anyMany)]));
    for (const [key, members] of bySignature(many, this.#matching)) {
      const found = partners.get(key);
      if (!found) continue;
      await this.#joinGroup(members, found, lone.get(key));
    }
    return vectorOf([...this.#results.values()]);
  }

  /** Which of the series of the side "one" has the value at each step; undefined where there is only one. @throws QueryError for two at a step */
  #loneAt(series: StepSeries[], bothAt: Uint8Array): Int32Array | undefined {
    if (series.length === 1) return undefined;
    const lone = new Int32Array(this.#count).fill(-1);
    for (const [index, { present }] of series.entries())
      for (let step = 0; step < this.#count; step++) {
        if (!present[step]) continue;
        const before = lone[step] as number;
        if (before >= 0 && bothAt[step])
          throw this.#duplicates(series[index] as StepSeries, series[before] as StepSeries);
        lone[step] = index;
      }
    return lone;
  }

  #duplicates({ labels }: StepSeries, before: StepSeries) {
    const side = this.#isSwapped ? "left" : "right";
    const group = matchedPart(labels, this.#matching);
    return executionError(
      `found duplicate series for the match group ${group} on the ${side} hand-side of the operation: [${labels}, ${before.labels}];many-to-many matching not allowed: matching labels must be unique on one side`,
    );
  }

  async #joinGroup(members: StepSeries[], partners: StepSeries[], lone: Int32Array | undefined): Promise<void> {
    const matched = new Uint8Array(this.#count);
    for (const member of members)
      for (const [index, partner] of partners.entries()) {
        await this.#budget.pause();
        const result = this.#resultOf(member, partner);
        for (let step = 0; step < this.#count; step++) {
          if (!member.present[step] || !partner.present[step] || (lone && lone[step] !== index)) continue;
          const value = this.#compute(member.values[step] as number, partner.values[step] as number);
          if (value === undefined) continue;
          if (this.#matching.card === "one-to-one" && matched[step])
            throw executionError(
              "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)",
            );
          if (result.present[step]) throw this.#matchedTwice();
          matched[step] = 1;
          result.values[step] = value;
          result.present[step] = 1;
        }
      }
  }

  #matchedTwice() {
    if (this.#matching.card === "one-to-one") return sameLabels();
    return executionError("multiple matches for labels: grouping labels must ensure unique matches");
  }

  #resultOf(member: StepSeries, partner: StepSeries): StepSeries {
    const labels = resultLabels(member.labels, partner.labels, this.#operator, this.#bool, this.#matching);
    let result = this.#results.get(labels.key);
    if (!result) {
      this.#budget.take(this.#count);
      result = emptySeries(labels, this.#count);
      this.#results.set(labels.key, result);
    }
    return result;
  }

  /** The value of a pair; undefined where a comparison does not hold. */
  #compute(many: number, single: number): number | undefined {
    const [left, right] = this.#isSwapped ? [single, many] : [many, single];
    const value = COMPUTE[this.#operator](left, right);
    if (!isComparison(this.#operator) || this.#bool) return value;
    return value === 0 ? undefined : left;
  }
}
