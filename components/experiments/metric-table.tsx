import { Interval } from "#components/experiments/interval.tsx";
import { figure } from "#components/experiments/labels.ts";
import { Badge } from "#components/ui/badge.tsx";
import type { MetricResult } from "#lib/experiments/results.ts";
import { pValueText, sharesBetween, signedShare } from "#lib/format/share.ts";

const HEADS = ["Metric", "Variant", "Of", "Value", "Effect", "Interval", "", "Chance to win", "p"];

/** All metrics by variant, each with its effect against the control and the interval of that. */
export function MetricTable({ metrics }: { metrics: MetricResult[] }) {
  const reach = Math.max(
    0.01,
    ...metrics.flatMap(({ comparisons }) => comparisons.flatMap(({ ci }) => ci.map(Math.abs))),
  );
  return (
    <div className="relative overflow-x-auto">
      <table className="figures w-full min-w-[52rem] text-left text-xs">
        <thead className="text-muted">
          <tr>
            {HEADS.map((head, n) => (
              <th
                key={head}
                scope="col"
                className={n > 1 && n !== 6 ? "py-1 pl-3 text-right font-normal" : "py-1 font-normal"}
              >
                {head || <span className="sr-only">Interval drawn</span>}
              </th>
            ))}
          </tr>
        </thead>
        {metrics.map((metric) => (
          <tbody key={metric.key} className="border-line border-t">
            {metric.arms.map((arm, n) => {
              const one = metric.comparisons.find(({ variant }) => variant === arm.variant);
              return (
                <tr key={arm.variant}>
                  {n === 0 && (
                    <th scope="rowgroup" rowSpan={metric.arms.length} className="py-1.5 pr-3 align-top font-normal">
                      <span className="font-medium">{metric.name}</span>{" "}
                      {metric.role !== "secondary" && (
                        <Badge variant={metric.role === "primary" ? "accent" : "plain"}>{metric.role}</Badge>
                      )}
                      <span className="block text-muted">better {metric.better}</span>
                    </th>
                  )}
                  <td className="py-1.5">{arm.variant}</td>
                  <td className="py-1.5 pl-3 text-right">{figure(arm.n)}</td>
                  <td className="py-1.5 pl-3 text-right">{figure(arm.mean)}</td>
                  <td className="py-1.5 pl-3 text-right">
                    {n === 0 ? "control" : one ? signedShare(one.effect) : "–"}
                  </td>
                  <td className="whitespace-nowrap py-1.5 pl-3 text-right">{one ? sharesBetween(one.ci) : ""}</td>
                  <td className="py-1.5 pl-3" title={one?.method}>
                    {one && <Interval ci={one.ci} effect={one.effect} reach={reach} better={metric.better} />}
                  </td>
                  <td className="py-1.5 pl-3 text-right">{one ? `${(one.chanceToWin * 100).toFixed(1)} %` : ""}</td>
                  <td className="py-1.5 pl-3 text-right">{one ? pValueText(one.adjustedP) : ""}</td>
                </tr>
              );
            })}
          </tbody>
        ))}
      </table>
    </div>
  );
}
