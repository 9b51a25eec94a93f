import { Interval } from "#components/experiments/interval.tsx";
import { CORRECTION_TITLE, chanceText, figure, wordTitle } from "#components/experiments/labels.ts";
import type { Comparison, Experiment, MetricResult } from "#components/experiments/queries.ts";
import { Badge } from "#components/ui/badge.tsx";
import { levelText } from "#lib/experiments/verdict.ts";
import { effectsBetween, pValueText, signedEffect } from "#lib/format/share.ts";
import { countText } from "#lib/format/value.ts";

type Plan = Experiment["plan"];

const DRAWN = "Interval, drawn";

const headsOf = ({ alpha, engine }: Plan) => [
  ...["Metric", "Variant", "Sample size", "Value", "Improvement", `${levelText(alpha)} interval`, DRAWN],
  // One engine a page: beside intervals and p-values a chance to win would be another's.
  engine === "bayes" ? "Chance to win" : "p-value",
];

const cellOf = (head: string) => (["Metric", "Variant", DRAWN].includes(head) ? "" : "pl-3 text-right");

type CellsProps = { comparison: Comparison; unit: MetricResult["unit"]; reach: number; plan: Plan };

/** What a treatment's row says of it against the control. */
function ComparisonCells({ comparison, unit, reach, plan }: CellsProps) {
  const { scale, improvement, improvementCi, method, chanceToWin, adjustedP } = comparison;
  return (
    <>
      <td className="py-1.5 pl-3 text-right">{signedEffect(improvement, { scale, unit })}</td>
      <td className="whitespace-nowrap py-1.5 pl-3 text-right">{effectsBetween(improvementCi, { scale, unit })}</td>
      <td className="py-1.5 pl-3" title={`Method: ${method}`}>
        <Interval ci={improvementCi} value={improvement} reach={scale === "relative" ? reach : ownReach(comparison)} />
      </td>
      <td className="whitespace-nowrap py-1.5 pl-3 text-right">
        {plan.engine === "bayes" ? chanceText(chanceToWin) : pValueText(adjustedP)}
      </td>
    </>
  );
}

function MetricRows({ metric, reach, plan }: { metric: MetricResult; reach: number; plan: Plan }) {
  return (
    <tbody className="border-line border-t">
      {metric.arms.map((arm, n) => {
        const comparison = metric.comparisons.find(({ variant }) => variant === arm.variant);
        return (
          <tr key={arm.variant}>
            {n === 0 && (
              <th scope="rowgroup" rowSpan={metric.arms.length} className="py-1.5 pr-3 align-top font-normal">
                <span className="font-medium">{metric.name}</span>{" "}
                {metric.role !== "secondary" && (
                  <Badge variant={metric.role === "primary" ? "accent" : "plain"}>{wordTitle(metric.role)}</Badge>
                )}
                <span className="block text-muted">{metric.better === "up" ? "Higher" : "Lower"} is better</span>
              </th>
            )}
            <td className="py-1.5">{arm.variant}</td>
            <td className="py-1.5 pl-3 text-right">{countText(arm.n)}</td>
            <td className="py-1.5 pl-3 text-right">{arm.n > 0 ? figure(arm.mean) : "–"}</td>
            {comparison ? (
              <ComparisonCells comparison={comparison} unit={metric.unit} reach={reach} plan={plan} />
            ) : (
              <td className="py-1.5 pl-3 text-right text-muted">{n === 0 ? "Control" : "No result yet"}</td>
            )}
          </tr>
        );
      })}
    </tbody>
  );
}

/** How the figures of the table are to be read. */
export function MetricTableNote({ metrics, plan }: { metrics: MetricResult[]; plan: Plan }) {
  const corrected =
    plan.engine !== "bayes" && plan.correction !== "none" && metrics.some(({ role }) => role === "secondary");
  const notRelative = metrics.some(({ comparisons }) => comparisons.some(({ scale }) => scale !== "relative"));
  return (
    <p className="mt-2 text-muted text-xs">
      Improvement on the control: above 0 is better.
      {notRelative && " Where the control may be 0, or hardly ever happens, it is the difference itself, not a share."}
      {corrected &&
        ` p-values of secondary metrics are corrected for multiple comparisons (${CORRECTION_TITLE[plan.correction]}).`}
    </p>
  );
}

/** Half the width of a drawing of a difference in its own unit, which shares no scale with others. */
const ownReach = ({ improvementCi }: Comparison): number => Math.max(...improvementCi.map(Math.abs)) || 1;

/** All metrics by variant, each with its improvement on the control and the interval of that: above 0 is better. */
export function MetricTable({ metrics, plan }: { metrics: MetricResult[]; plan: Plan }) {
  const ends = metrics.flatMap(({ comparisons }) =>
    comparisons.flatMap(({ scale, improvementCi }) => (scale === "relative" ? improvementCi : [])),
  );
  const reach = Math.max(0.01, ...ends.map(Math.abs));
  return (
    <div className="relative overflow-x-auto">
      <table className="figures w-full min-w-[52rem] text-left text-xs">
        <thead className="text-muted">
          <tr>
            {headsOf(plan).map((head) => (
              <th key={head} scope="col" className={`py-1 font-normal ${cellOf(head)}`}>
                {head === DRAWN ? <span className="sr-only">{head}</span> : head}
              </th>
            ))}
          </tr>
        </thead>
        {metrics.map((metric) => (
          <MetricRows key={metric.key} metric={metric} reach={reach} plan={plan} />
        ))}
      </table>
    </div>
  );
}
