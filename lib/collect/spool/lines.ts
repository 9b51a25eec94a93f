import { z } from "zod";
import { METRIC_KINDS } from "#lib/contract/enums.ts";
import type { Frame, Reading } from "#lib/metrics/frame.ts";

// The text of a spool file. The shape of frames is written once per file; each frame then names it by number.

const seriesSchema = z.tuple(
  [z.string(), z.record(z.string(), z.string())],
  z.looseObject({ unit: z.string(), kind: z.enum(METRIC_KINDS), help: z.string() }).partial(),
);
const shapeSchema = z.object({
  shape: z.int().nonnegative(),
  source: z.object({ kind: z.string(), name: z.string() }),
  intervalMs: z.number(),
  series: z.array(seriesSchema),
});
const frameSchema = z.object({
  of: z.int().nonnegative(),
  at: z.number(),
  values: z.array(z.number().nullable()),
});

type Shape = z.infer<typeof shapeSchema>;

const line = (entry: z.input<typeof shapeSchema> | z.infer<typeof frameSchema>) => `${JSON.stringify(entry)}\n`;

function seriesOf({ metric, labels, value: _, ...metadata }: Reading): z.input<typeof seriesSchema> {
  return Object.keys(metadata).length > 0 ? [metric, labels, metadata] : [metric, labels];
}

/** Writes frames as lines of one file. */
export class LineWriter {
  readonly #shapes = new Map<string, number>();

  /** A frame's lines, and what to call once they are written. */
  lines(frame: Frame): { text: string; written(): void } {
    const series = frame.readings.map(seriesOf);
    const key = JSON.stringify([frame.source, frame.intervalMs, series]);
    const earlier = this.#shapes.get(key);
    const shape = earlier ?? this.#shapes.size;
    const { source, intervalMs, at } = frame;
    const head = earlier === undefined ? line({ shape, source, intervalMs, series }) : "";
    const text = head + line({ of: shape, at, values: frame.readings.map(({ value }) => value) });
    return { text, written: () => this.#shapes.set(key, shape) };
  }
}

/** A line of a file: a frame, or why it is none. Lines without either are left out. */
export type SpooledLine = { number: number } & ({ frame: Frame } | { text: string; reason: string });

function toFrame(entry: unknown, shapes: Map<number, Shape>): Frame | string {
  const { data } = frameSchema.safeParse(entry);
  if (!data) return "it is neither a frame nor a shape";
  const shape = shapes.get(data.of);
  if (!shape) return `there is no shape ${data.of} before it`;
  if (shape.series.length !== data.values.length)
    return `it has ${data.values.length} values for ${shape.series.length} series`;
  const readings = shape.series.map(([metric, labels, metadata], n) => ({
    ...{ metric, labels, ...metadata },
    value: data.values[n] as number | null,
  }));
  return { source: shape.source, intervalMs: shape.intervalMs, at: data.at, readings } as Frame;
}

const isObject = (entry: unknown): entry is object => typeof entry === "object" && entry !== null;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads the lines of a file in order. Half a line at its end was left by a kill in the middle of a write: that frame was never acknowledged. */
export function* readLines(text: string): Generator<SpooledLine> {
  const shapes = new Map<number, Shape>();
  const lines = text.split("\n").slice(0, -1);
  for (const [number, content] of lines.entries()) {
    if (content === "") continue;
    const entry = parse(content);
    const shape = isObject(entry) && "shape" in entry ? shapeSchema.safeParse(entry).data : undefined;
    if (shape) {
      shapes.set(shape.shape, shape);
      continue;
    }
    const frame = toFrame(entry, shapes);
    yield typeof frame === "string" ? { number, text: content, reason: frame } : { number, frame };
  }
}

const [NEWLINE, SHAPE] = [10, "s".charCodeAt(0)];

/** How many lines of a file are no shapes, without reading what they say: for 64 MiB that takes some 50 ms. */
export function countFrames(bytes: Buffer): number {
  let count = 0;
  for (let start = 0, end = bytes.indexOf(NEWLINE); end >= 0; start = end + 1, end = bytes.indexOf(NEWLINE, start))
    if (end > start && bytes[start + 2] !== SHAPE) count++;
  return count;
}
