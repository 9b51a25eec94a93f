import { SEVERITY_LOOK, STATUS_LOOK, STATUS_TITLE } from "#components/anomalies/labels.ts";
import { Badge } from "#components/ui/badge.tsx";

/** How grave something is and what was decided on it, in badges. */
export function Standing({ type, severity, status }: { type?: string; severity: string; status: string }) {
  return (
    <span className="flex items-center gap-1.5">
      {type && <Badge>{type}</Badge>}
      <Badge look={SEVERITY_LOOK[severity] ?? "plain"}>{severity}</Badge>
      <Badge look={STATUS_LOOK[status] ?? "plain"}>{STATUS_TITLE[status]}</Badge>
    </span>
  );
}
