import { METRIC_KINDS } from "#lib/contract/enums.ts";
import { log } from "#lib/log.ts";
import { type Frame, type Reading, seriesName } from "#lib/metrics/frame.ts";

const MAX_NAME = 300;
const MAX_LABELS = 64;
const MAX_HELP = 1_000;

/** Text that PostgreSQL takes: neither U+0000 nor half of a surrogate pair in it. */
const isText = (text: unknown, max: number): boolean =>
  typeof text === "string" && text.length <= max && !text.includes("\u0000") && text.isWellFormed();

/** Why a reading cannot be stored; undefined where it can. */
function problemOf({ metric, labels, unit = "", kind = "gauge", help = "" }: Reading): string | undefined {
  const entries = Object.entries(labels);
  if (metric === "" || !isText(metric, MAX_NAME)) return `its name is empty, over ${MAX_NAME} characters or no text`;
  if (entries.length > MAX_LABELS) return `it has ${entries.length} labels: at most ${MAX_LABELS} are stored`;
  if (entries.some((entry) => entry.some((part) => !isText(part, MAX_NAME))))
    return `a label is over ${MAX_NAME} characters or no text`;
  if (!isText(unit, MAX_NAME) || !isText(help, MAX_HELP)) return "its unit or help is too long or no text";
  return METRIC_KINDS.includes(kind) ? undefined : `"${kind}" is no kind of metric: ${METRIC_KINDS.join(", ")}`;
}

const printable = (text: string): string => JSON.stringify(text.slice(0, 80));

/**
 * A frame without what cannot be stored, so that one bad reading does not take the others with it: names that PostgreSQL refuses and a
 * second reading of one series go, with a line in the log; a number that is not finite is a missing value.
 */
export function cleanFrame(frame: Frame): Frame {
  const seen = new Set<string>();
  const readings = frame.readings.flatMap((reading) => {
    const name = seriesName(reading.metric, reading.labels);
    const problem = problemOf(reading) ?? (seen.has(name) ? "it is there twice" : undefined);
    seen.add(name);
    if (problem) {
      log.warn({ source: frame.source.kind, metric: printable(reading.metric) }, `a reading was left out: ${problem}`);
      return [];
    }
    const { value } = reading;
    return [value === null || Number.isFinite(value) ? reading : { ...reading, value: null }];
  });
  return { ...frame, readings };
}
