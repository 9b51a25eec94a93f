import { formatText } from "#lib/format/value.ts";
import type { Evidence } from "#lib/insights/evidence.ts";

/** The figures that something rests on. */
export function EvidenceList({ evidence }: { evidence: Evidence[] }) {
  return (
    <ul className="figures flex flex-wrap gap-x-4 gap-y-1 text-xs">
      {evidence.map(({ label, value, unit, rate = false, series }) => (
        <li key={`${label} ${series}`}>
          <span className="text-muted">{label}</span> {formatText(value, unit, rate)}
          {series && <span className="text-muted"> · {series}</span>}
        </li>
      ))}
    </ul>
  );
}
