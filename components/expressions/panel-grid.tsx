import { ExpressionChart } from "#components/expressions/expression-chart.tsx";
import type { ExpressionPanel } from "#lib/metrics/expression-panel.ts";

type Props = { panels: readonly ExpressionPanel[]; host?: number | undefined };

/** The panels of a dashboard, as many beside one another as there is room for. */
export const PanelGrid = ({ panels, host }: Props) => (
  <div className="grid gap-3 lg:grid-cols-2 2xl:grid-cols-3">
    {panels.map((panel) => (
      <ExpressionChart key={panel.title} {...{ panel, host }} />
    ))}
  </div>
);
