import { SEVERITY_VARIANT, STATUS_TITLE, STATUS_VARIANT, TYPE_TITLE } from "#components/anomalies/labels.ts";
import { Badge } from "#components/ui/badge.tsx";
import type { AnomalyStatus, AnomalyType, Severity } from "#lib/contract/enums.ts";

type Props = { type?: AnomalyType; severity: Severity; status: AnomalyStatus; reviewed: boolean };

/** How grave something is and what was decided on it, in badges. */
export function StatusBadges({ type, severity, status, reviewed }: Props) {
  return (
    <span className="flex flex-wrap items-center gap-1.5">
      {type && <Badge>{TYPE_TITLE[type]}</Badge>}
      <Badge variant={SEVERITY_VARIANT[severity]}>{severity}</Badge>
      <Badge variant={STATUS_VARIANT[status]}>{STATUS_TITLE[status]}</Badge>
      {status === "resolved" && !reviewed && <Badge>not yet reviewed</Badge>}
    </span>
  );
}
