import { SEVERITY_VARIANT, STATUS_TITLE, STATUS_VARIANT } from "#components/anomalies/labels.ts";
import { Badge } from "#components/ui/badge.tsx";

/** How grave something is and what was decided on it, in badges. */
export function StatusBadges({ type, severity, status }: { type?: string; severity: string; status: string }) {
  return (
    <span className="flex items-center gap-1.5">
      {type && <Badge>{type}</Badge>}
      <Badge variant={SEVERITY_VARIANT[severity] ?? "plain"}>{severity}</Badge>
      <Badge variant={STATUS_VARIANT[status] ?? "plain"}>{STATUS_TITLE[status]}</Badge>
    </span>
  );
}
