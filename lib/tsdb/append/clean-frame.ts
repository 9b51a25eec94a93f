import { METRIC_KINDS } from "#lib/contract/enums.ts";
import { isStorable } from "#lib/contract/storable.ts";
import { DomainError, invalidField, isDomainError } from "#lib/errors.ts";
import { log, reasonOf } from "#lib/log.ts";
import { type Frame, type Reading, seriesName } from "#lib/metrics/frame.ts";

const MAX_NAME = 300;
const MAX_LABELS = 64;
const MAX_HELP = 1_000;
const MAX_READINGS = 100_000;

const isText = (text: unknown, max: number): boolean =>
  typeof text === "string" && text.length <= max && isStorable(text);

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

const INT4 = 2 ** 31 - 1;

function checkFrame(frame: Frame, latest: number): void {
  const { source, at, intervalMs, readings } = frame;
  const refuse = (field: string, message: string): never => {
    throw invalidField(field, message);
  };
  if (!Number.isInteger(at) || at < 0) refuse("at", "its time is no whole number of ms since 1970");
  if (at > latest) refuse("at", "it is from the future: is the clock right?");
  if (!Number.isInteger(intervalMs) || intervalMs < 1 || intervalMs > INT4)
    refuse("interval_ms", "its interval is out of range");
  if (!isText(source.name, MAX_NAME)) refuse("source.name", "the name of its source is too long or no text");
  if (readings.length > MAX_READINGS) refuse("readings", `it has over ${MAX_READINGS} readings`);
}

const printable = (text: string): string => JSON.stringify(text.slice(0, 80));

const warned = new Set<string>();
const MAX_WARNED = 1_000;

/** A frame comes every few seconds with the same problem. */
function warnOnce(source: string, metric: string, problem: string): void {
  const key = `${source} ${metric} ${problem}`;
  if (warned.has(key) || warned.size >= MAX_WARNED) return;
  warned.add(key);
  log.warn({ source, metric }, `a reading was left out, and will be without another word: ${problem}`);
}

/** Hears of each reading that is left out of a frame: a text that names it and says why. */
export type LeftOutListener = (reason: string) => void;

/**
 * A frame without what cannot be stored, so that one bad reading does not take the others with it: names that PostgreSQL refuses and a
 * second reading of one series go, with a line in the log; a number that is not finite is a missing value.
 */
function cleanFrame(frame: Frame, onLeftOut: LeftOutListener): Frame {
  const seen = new Set<string>();
  const readings = frame.readings.flatMap((reading) => {
    const name = seriesName(reading.metric, reading.labels);
    const problem = problemOf(reading) ?? (seen.has(name) ? "it is there twice" : undefined);
    seen.add(name);
    if (problem) {
      warnOnce(frame.source.kind, printable(reading.metric), problem);
      onLeftOut(`The reading ${printable(reading.metric)}: ${problem}`);
      return [];
    }
    const { value } = reading;
    return [value === null || Number.isFinite(value) ? reading : { ...reading, value: null }];
  });
  return { ...frame, readings };
}

/**
 * A frame as it is stored. One after `latest` (ms) is refused, since it would stay the newest for as long; `onLeftOut` hears of readings that are left out.
 * @throws DomainError validation for what is no frame, or has times or a source that cannot be stored
 */
export function prepareFrame(frame: Frame, latest: number, onLeftOut: LeftOutListener = () => undefined): Frame {
  try {
    checkFrame(frame, latest);
    return cleanFrame(frame, onLeftOut);
  } catch (error) {
    if (isDomainError(error)) throw error;
    throw new DomainError("validation", `It is no frame: ${reasonOf(error)}`);
  }
}
