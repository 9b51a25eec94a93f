import type { Processes } from "#components/processes/queries.ts";
import { useTimeFormat } from "#components/ui/time-format.tsx";

/** Says over which time the figures count: "Sat 28 Nov, 16:05:00 to 16:05:05". */
export function useSpanText(): (processes: Pick<Processes, "from" | "to" | "samples">) => string | undefined {
  const time = useTimeFormat();
  return ({ from, to, samples }) => {
    if (!from || !to) return undefined;
    const span = `${time.instant(from.getTime())} to ${time.clock(to.getTime(), true)}`;
    return samples > 1 ? `Mean of ${span}, ${samples} samples` : `Mean of ${span}`;
  };
}
