import { BudgetBar, burnText, StateBadge, sliText } from "#components/slo/figures.tsx";
import type { ListedSlo } from "#components/slo/queries.ts";
import { Link } from "#components/ui/link.tsx";
import { Table } from "#components/ui/table.tsx";

const COLUMNS = ["SLO", "State", "Budget", "SLI", "Objective", "Burn rate, 1 h", "6 h"];
const FIGURES = COLUMNS.slice(3);
const CELL = "whitespace-nowrap py-2 pr-3";
const FIGURE = `${CELL} text-right`;

/** SLOs with what is left of their budgets, in the order in which they are given. */
export const SloTable = ({ slos }: { slos: ListedSlo[] }) => (
  <Table columns={COLUMNS} figures={FIGURES} className="min-w-[46rem]">
    {slos.map((slo) => (
      <tr key={slo.id}>
        <td className="max-w-md py-2 pr-3 [overflow-wrap:anywhere]">
          <Link href={`/slos/${slo.id}`} className="font-medium hover:underline">
            {slo.name}
          </Link>
          <span className="block text-2xs text-muted">
            {[slo.service, slo.owner, slo.problem && `not counted: ${slo.problem}`].filter(Boolean).join(" · ")}
          </span>
        </td>
        <td className={CELL}>
          <StateBadge state={slo.state} />
        </td>
        <td className="py-2 pr-3">
          <BudgetBar slo={slo} />
        </td>
        <td className={FIGURE}>{sliText(slo.sli)}</td>
        <td className={FIGURE}>
          {slo.objective} % in {slo.windowDays} days
        </td>
        <td className={FIGURE}>{burnText(slo.burnHour)}</td>
        <td className={FIGURE}>{burnText(slo.burnSixHours)}</td>
      </tr>
    ))}
  </Table>
);
