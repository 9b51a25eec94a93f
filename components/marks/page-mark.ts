import { plural } from "#lib/format/plural.ts";

const MARK_KINDS = ["incident", "alert", "deploy", "experiment", "change", "note"] as const;
type MarkKind = (typeof MARK_KINDS)[number];

/** Something that happened on a host, or on all: at an instant (ms), or from one to another. */
export type PageMark = {
  key: string;
  kind: MarkKind;
  from: number;
  /** The same as `from` of an instant. */
  to: number;
  text: string;
  /** Where more is said. */
  href?: string | undefined;
  /** How it stands out, as `var(--token)`. */
  colour: string;
};

/** Whether anything of a mark lies in [from, to), ms. */
export const isWithin = (mark: PageMark, { from, to }: { from: number; to: number }): boolean =>
  mark.from < to && mark.to >= from;

/** How many there are of each kind: "1 incident, 12 alerts". */
export const countMarks = (marks: readonly PageMark[]): string =>
  MARK_KINDS.map((kind) => ({ kind, count: marks.filter((mark) => mark.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => plural(count, kind))
    .join(", ");

/** A stretch of a chart, pixels. */
export type Stretch = { left: number; right: number; colour: string };

/**
 * Marks as stretches of whole pixels: those that touch are drawn as a single stretch in the colour of the gravest, which comes first in the list,
 * so that a thousand marks are no more to draw than the chart is wide.
 */
export function stretchesOf(
  marks: readonly PageMark[],
  x: (at: number) => number,
  colours: readonly string[],
): Stretch[] {
  const rank = (colour: string) => colours.indexOf(colour);
  const sorted = marks
    .map(({ from, to, colour }) => ({ left: Math.floor(x(from)), right: Math.ceil(x(to)) + 1, colour }))
    .sort((a, b) => a.left - b.left);
  const merged: Stretch[] = [];
  for (const next of sorted) {
    const last = merged.at(-1);
    if (!last || next.left > last.right) merged.push(next);
    else
      merged[merged.length - 1] = {
        left: last.left,
        right: Math.max(last.right, next.right),
        colour: rank(next.colour) < rank(last.colour) ? next.colour : last.colour,
      };
  }
  return merged;
}
