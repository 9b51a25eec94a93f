import { usePageTime } from "#components/time/page-time.tsx";
import { useTimeFormat } from "#components/ui/time-format.tsx";
import { rangeText } from "#lib/format/range-text.ts";

/** The range of the page in words. */
export function useRangeText(): string {
  const { shown, now } = usePageTime();
  return rangeText(shown, useTimeFormat(), now());
}
