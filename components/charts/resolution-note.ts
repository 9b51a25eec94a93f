import type { Resolution } from "#lib/contract/enums.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

const ROLLUPS: Record<Resolution, { stepMs: number; title: string }> = {
  raw: { stepMs: 0, title: "samples" },
  minute: { stepMs: MINUTE_MS, title: "1-minute means" },
  hour: { stepMs: HOUR_MS, title: "1-hour means" },
};

/** What a chart is drawn of where its own steps are not kept any more: "in part 1-hour means". Undefined where they are. */
export function resolutionNote({
  resolutions,
  stepMs,
}: {
  resolutions: Resolution[];
  stepMs: number;
}): string | undefined {
  const coarse = resolutions.filter((name) => ROLLUPS[name].stepMs > stepMs);
  if (coarse.length === 0) return undefined;
  const titles = coarse.map((name) => ROLLUPS[name].title).join(" and ");
  return `${coarse.length < resolutions.length ? "in part " : ""}${titles}: finer ones are not kept that long`;
}
