import type { Recommendation } from "#components/insights/queries.ts";
import { formatText } from "#lib/format/value.ts";
import { seriesTitle } from "#lib/metrics/titles.ts";

/** The figures that a finding is based on. */
export function EvidenceList({ evidence }: Pick<Recommendation, "evidence">) {
  return (
    <ul className="figures flex flex-wrap gap-x-4 gap-y-1 text-xs">
      {evidence.map(({ label, value, unit, rate = false, series }) => (
        <li key={`${label} ${series}`}>
          <span className="text-muted">{label}</span> {formatText(value, unit, rate)}
          {series && (
            <span className="text-muted" title={series}>
              {" "}
              · {seriesTitle(series)}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
