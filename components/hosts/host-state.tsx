import { Badge, type BadgeVariant } from "#components/ui/badge.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import type { Severity } from "#lib/contract/enums.ts";
import type { HostState } from "#lib/contract/hosts.ts";

export const STATE_TITLE: Record<HostState, string> = {
  ok: "ok",
  warning: "warning",
  critical: "critical",
  no_data: "no data",
};

const VARIANT: Record<HostState, BadgeVariant> = { ok: "good", warning: "warn", critical: "bad", no_data: "plain" };

type Props = {
  host: { state: HostState; worst: Severity | null; lastSampleAt: Date | null };
  /** Where the time of the newest sample stands beside it. */
  brief?: boolean;
};

/** How a host is, apart from how this page is connected: grey while it is silent, red once that is an incident. */
export function HostStateBadge({ host: { state, worst, lastSampleAt }, brief = false }: Props) {
  if (state !== "no_data") return <Badge variant={VARIANT[state]}>{STATE_TITLE[state]}</Badge>;
  return (
    <Badge variant={worst === "critical" ? "bad" : "plain"}>
      {brief ? (
        STATE_TITLE.no_data
      ) : lastSampleAt ? (
        <span>
          no data since <DateTime at={lastSampleAt} />
        </span>
      ) : (
        "no sample yet"
      )}
    </Badge>
  );
}
