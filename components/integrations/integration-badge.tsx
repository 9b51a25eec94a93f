import type { IntegrationState } from "#components/integrations/queries.ts";
import { Badge } from "#components/ui/badge.tsx";
import { DateTime, useTimeFormat } from "#components/ui/time-format.tsx";
import { plural } from "#lib/format/plural.ts";
import { countText, formatText } from "#lib/format/value.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

/** An integration that sends nothing for so long does not send. */
const SILENT_MS = 5 * MINUTE_MS;

/** How old a sample is, the instant on hover. */
export function Age({ at }: { at: Date }) {
  const time = useTimeFormat();
  const age = Math.max(0, Math.floor((Date.now() - at.getTime()) / SECOND_MS));
  return <time title={time.instant(at.getTime())}>{formatText(age, "seconds")} ago</time>;
}

/** Whether something is received, how much, and since when no more. */
export function IntegrationBadge({ state: { series, hosts, lastSeenAt } }: { state: IntegrationState }) {
  if (series === 0 || !lastSeenAt) return <Badge>Not set up</Badge>;
  if (Date.now() - lastSeenAt.getTime() > SILENT_MS)
    return (
      <span className="figures text-xs">
        <Badge variant="warn">No data</Badge> since <DateTime at={lastSeenAt} />
      </span>
    );
  return (
    <span className="figures text-xs">
      <Badge variant="good">Connected</Badge> {countText(series)} series
      {hosts.length > 1 && ` of ${plural(hosts.length, "input")}`}, data <Age at={lastSeenAt} />
    </span>
  );
}
