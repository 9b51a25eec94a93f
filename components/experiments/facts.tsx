import { KIND_TITLE } from "#components/experiments/labels.ts";
import type { Experiment } from "#components/experiments/queries.ts";
import { DateTime } from "#components/ui/time-format.tsx";

type Props = { experiment: Pick<Experiment, "kind" | "startedAt" | "owner"> };

/** What kind of experiment it is, since when, and whose. */
export const Facts = ({ experiment: { kind, startedAt, owner } }: Props) => (
  <>
    {KIND_TITLE[kind]} ·{" "}
    {startedAt ? (
      <>
        since <DateTime at={startedAt} />
      </>
    ) : (
      "Not started"
    )}
    {owner && ` · ${owner}`}
  </>
);
