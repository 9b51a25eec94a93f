import type { Processes } from "#components/processes/queries.ts";
import { Notice } from "#components/ui/notice.tsx";
import { DateTime } from "#components/ui/time-format.tsx";

type Props = { processes: Processes; at?: number | undefined };

/** Says why there are no processes of a time (ms; none for now), and of which there are. */
export function WhyNone({ processes: { kept, retentionDays }, at }: Props) {
  if (!kept)
    return (
      <Notice title="No processes are kept of this host yet">
        The first are there some ten seconds after collecting began.
      </Notice>
    );
  if (at !== undefined && at < kept.from.getTime())
    return (
      <Notice title="No processes are kept of this time">
        They are kept since <DateTime at={kept.from} />, for {retentionDays} days. Settings, Retention changes that.
      </Notice>
    );
  if (at === undefined || at > kept.to.getTime())
    return (
      <Notice title="No processes of this time yet">
        The newest are of <DateTime at={kept.to} />: does the host still send?
      </Notice>
    );
  return (
    <Notice title="The host sent no processes at this time">
      Its collector was not running, or had just been started: the first sample has nothing to compare with.
    </Notice>
  );
}
