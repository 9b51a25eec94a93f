import type { VariantPlan } from "#lib/contract/experiment-plans.ts";
import type { Connection } from "#lib/db/client.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import type { VariantTotals } from "#lib/experiments/effects.ts";
import { EXPOSED } from "#lib/experiments/totals.ts";

/** Decimals that lose no digit of the sums: those have 120 at most, and products of them twice as many. */
const Exact = Prisma.Decimal.clone({ precision: 300 });
type Exact = InstanceType<typeof Exact>;

const ZERO = new Exact(0);

/** Sums of a metric, variant, dimension and day, as they are stored. */
export type TotalRow = Awaited<ReturnType<typeof readTotals>>[number];

/** All sums of an experiment. */
export const readTotals = (db: Connection, experimentId: number) =>
  db.experimentTotal.findMany({ where: { experimentId }, omit: { experimentId: true } });

const FIELDS = [
  ...(["sum", "sumSquares", "denominatorSum", "denominatorSquares", "denominatorProduct"] as const),
  ...(["preSum", "preSquares", "preProduct"] as const),
];
type Sums = Record<(typeof FIELDS)[number], Exact> & { n: number };

/** How many the rows of a total count. */
export const countOf = (rows: TotalRow[]): number => rows.reduce((sum, { n }) => sum + n, 0);

function sumsOf(rows: TotalRow[], n: number): Sums {
  const entries = FIELDS.map((field) => [field, rows.reduce((sum, row) => sum.plus(row[field].toFixed()), ZERO)]);
  return { ...(Object.fromEntries(entries) as Record<(typeof FIELDS)[number], Exact>), n };
}

/** A mean over all arms as a double, which values of all of them are then counted from. */
function centreOf(arms: Sums[], pick: (sums: Sums) => Exact): Exact {
  const n = arms.reduce((sum, arm) => sum + arm.n, 0);
  return n > 0
    ? new Exact(
        arms
          .reduce((sum, arm) => sum.plus(pick(arm)), ZERO)
          .div(n)
          .toNumber(),
      )
    : ZERO;
}

type Centre = { value: Exact; denominator: Exact; pre: Exact };

/** Sums of values less their centre, as doubles: so of 1.7e12 ± 1e3 the thousand is left. */
function centred(sums: Sums, centre: Centre): VariantTotals {
  const n = new Exact(sums.n);
  const moment = (product: Exact, a: Exact, b: Exact, ca: Exact, cb: Exact) =>
    product.minus(ca.times(b)).minus(cb.times(a)).plus(n.times(ca).times(cb)).toNumber();
  const first = (sum: Exact, c: Exact) => sum.minus(n.times(c)).toNumber();
  const { value: v, denominator: d, pre: p } = centre;
  return {
    n: sums.n,
    sum: first(sums.sum, v),
    sumSquares: moment(sums.sumSquares, sums.sum, sums.sum, v, v),
    denominatorSum: first(sums.denominatorSum, d),
    denominatorSquares: moment(sums.denominatorSquares, sums.denominatorSum, sums.denominatorSum, d, d),
    denominatorProduct: moment(sums.denominatorProduct, sums.sum, sums.denominatorSum, v, d),
    preSum: first(sums.preSum, p),
    preSquares: moment(sums.preSquares, sums.preSum, sums.preSum, p, p),
    preProduct: moment(sums.preProduct, sums.sum, sums.preSum, v, p),
    shift: v.toNumber(),
    denominatorShift: d.toNumber(),
  };
}

/** How many subjects each variant has. */
export const subjectsByVariant = (rows: TotalRow[], variants: VariantPlan[]) =>
  variants.map(({ key }) => ({
    variant: key,
    n: countOf(rows.filter(({ variant, metric }) => variant === key && metric === EXPOSED)),
  }));

/** Totals of a metric by variant; all who were exposed count, also those that did nothing. Those of a proportion are counts, and stay such. */
export function totalsByVariant(
  rows: TotalRow[],
  variants: VariantPlan[],
  metric: { key: string; kind: string },
): { key: string; totals: VariantTotals }[] {
  const counts = subjectsByVariant(rows, variants);
  const sums = counts.map(({ variant, n }) =>
    sumsOf(
      rows.filter((row) => row.variant === variant && row.metric === metric.key),
      n,
    ),
  );
  const centre: Centre =
    metric.kind === "proportion"
      ? { value: ZERO, denominator: ZERO, pre: ZERO }
      : {
          value: centreOf(sums, ({ sum }) => sum),
          denominator: centreOf(sums, ({ denominatorSum }) => denominatorSum),
          pre: centreOf(sums, ({ preSum }) => preSum),
        };
  return variants.map(({ key }, n) => ({ key, totals: centred(sums[n] as Sums, centre) }));
}
