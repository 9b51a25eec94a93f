import type { DropReason } from "#lib/contract/input-names.ts";
import { isStorable, storable } from "#lib/contract/storable.ts";
import { labelsKey, seriesName } from "#lib/metrics/frame.ts";
import type { IncomingSeries } from "#lib/metrics/incoming.ts";
import { isReserved, RESERVED_REASON } from "#lib/metrics/reserved.ts";

const MAX_LABELS = 64;
const MAX_METRIC = 300;
/** A name or a value of a label, characters. */
export const MAX_LABEL = 1_000;
/** Metric and labels together, bytes: an entry of an index holds 2,704. */
const MAX_KEY_BYTES = 2_400;
const MAX_HELP = 1_000;

const isText = (text: unknown): boolean => typeof text === "string" && isStorable(text);

export type Refusal = { reason: DropReason; why: string };

/** Why a series cannot be stored; undefined where it can. */
export function refusalOf({ metric, labels }: Pick<IncomingSeries, "metric" | "labels">): Refusal | undefined {
  const entries = Object.entries(labels);
  if (metric === "") return { reason: "invalid_name", why: "it has no name" };
  if (!isText(metric) || metric.length > MAX_METRIC)
    return { reason: "invalid_name", why: `its name is over ${MAX_METRIC} characters or holds U+0000 or a broken one` };
  if (isReserved(metric)) return { reason: "invalid_name", why: RESERVED_REASON };
  if (entries.some(([name, value]) => name === "" || !isText(name) || !isText(value)))
    return { reason: "invalid_name", why: "a label has no name, or holds U+0000 or a broken character" };
  if (entries.length > MAX_LABELS)
    return { reason: "too_many_labels", why: `it has ${entries.length} labels: at most ${MAX_LABELS} are stored` };
  if (entries.some(([name, value]) => name.length > MAX_LABEL || value.length > MAX_LABEL))
    return { reason: "labels_too_long", why: `a label is over ${MAX_LABEL} characters` };
  if (Buffer.byteLength(metric) + Buffer.byteLength(labelsKey(labels)) > MAX_KEY_BYTES)
    return { reason: "labels_too_long", why: `its labels are over ${MAX_KEY_BYTES} bytes together` };
  return undefined;
}

/** A series' name for a reader, whatever is in it. */
export const printable = ({ metric, labels }: Pick<IncomingSeries, "metric" | "labels">): string =>
  seriesName(metric, labels).replaceAll("\u0000", "\\u0000").toWellFormed().slice(0, 300);

/** A text about a series as it is stored. */
export const storableHelp = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : storable(text, MAX_HELP);
