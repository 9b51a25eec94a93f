import * as z from "zod";
import { METRIC_KINDS } from "#lib/contract/enums.ts";
import { type ProcessGroup, type ProcessTop, processTopSchema } from "#lib/contract/processes.ts";
import { type Frame, frameShape, type Reading } from "#lib/metrics/frame.ts";

// The text of a spool file. The shape of frames is written once per file; each frame then names it by number. So are the texts of groups of processes,
// in the frame that first has them.

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
const figuresSchema = z.tuple([z.int(), z.int(), z.number(), z.number(), z.number().nullable(), z.number().nullable()]);
const topSchema = z.object({
  spanMs: z.number(),
  /** New ones by number: name, container, unit, PID, command line. */
  texts: z.array(z.tuple([z.int(), z.string(), z.string(), z.string(), z.int(), z.string()])),
  /** The number of its texts, then count, CPU, memory, read and written. */
  groups: z.array(figuresSchema),
});
const frameSchema = z.object({
  of: z.int().nonnegative(),
  at: z.number(),
  values: z.array(z.number().nullable()),
  // Files of before have none, and what is wrong with it does not take the frame along.
  top: topSchema.optional().catch(undefined),
});

type Shape = z.infer<typeof shapeSchema>;
type Texts = Pick<ProcessGroup, "name" | "container" | "unit" | "pid" | "command">;

const line = (entry: z.input<typeof shapeSchema> | z.infer<typeof frameSchema>) => `${JSON.stringify(entry)}\n`;

function seriesOf({ metric, labels, value: _, ...metadata }: Reading): z.input<typeof seriesSchema> {
  return Object.keys(metadata).length > 0 ? [metric, labels, metadata] : [metric, labels];
}

/** Writes frames as lines of one file. */
export class LineWriter {
  readonly #shapes = new Map<string, number>();
  readonly #texts = new Map<string, number>();

  /** A frame's lines, and what to call once they are written. */
  lines(frame: Frame): { text: string; written(): void } {
    const key = frameShape(frame);
    const earlier = this.#shapes.get(key);
    const shape = earlier ?? this.#shapes.size;
    const { source, intervalMs, at } = frame;
    const head = earlier === undefined ? line({ shape, source, intervalMs, series: frame.readings.map(seriesOf) }) : "";
    const values = frame.readings.map(({ value }) => value);
    const { top, texts } = frame.processes ? this.#top(frame.processes) : { texts: new Map<string, number>() };
    const text = head + line({ of: shape, at, values, ...(top && { top }) });
    const written = () => {
      this.#shapes.set(key, shape);
      for (const [entry, number] of texts) this.#texts.set(entry, number);
    };
    return { text, written };
  }

  /** A top as it is written, and the texts that are known once it is. */
  #top({ spanMs, groups }: ProcessTop): { top: z.infer<typeof topSchema>; texts: Map<string, number> } {
    const texts = new Map<string, number>();
    const figures = groups.map(({ name, container, unit, pid, command, ...figures }) => {
      const entry = JSON.stringify([name, container, unit, pid, command]);
      const number = this.#texts.get(entry) ?? texts.get(entry) ?? this.#texts.size + texts.size;
      if (!this.#texts.has(entry)) texts.set(entry, number);
      const { count, cpu, memory, read, write } = figures;
      return [number, count, cpu, memory, read, write] as z.infer<typeof figuresSchema>;
    });
    const entries = [...texts].map(([entry, number]) => [number, ...(JSON.parse(entry) as [])]);
    return { top: { spanMs, texts: entries as never, groups: figures }, texts };
  }
}

/** A line of a file: a frame, or why it is none. Lines without either are left out. */
export type SpooledLine = { number: number } & ({ frame: Frame } | { text: string; reason: string });

function toTop({ spanMs, groups }: z.infer<typeof topSchema>, texts: Map<number, Texts>): ProcessTop | undefined {
  const whole = groups.flatMap(([number, count, cpu, memory, read, write]) => {
    const own = texts.get(number);
    return own ? [{ ...own, count, cpu, memory, read, write }] : [];
  });
  return processTopSchema.safeParse({ spanMs, groups: whole }).data;
}

function toFrame(entry: unknown, shapes: Map<number, Shape>, texts: Map<number, Texts>): Frame | string {
  const { data } = frameSchema.safeParse(entry);
  if (!data) return "it is neither a frame nor a shape";
  for (const [number, name, container, unit, pid, command] of data.top?.texts ?? [])
    texts.set(number, { name, container, unit, pid, command });
  const shape = shapes.get(data.of);
  if (!shape) return `there is no shape ${data.of} before it`;
  if (shape.series.length !== data.values.length)
    return `it has ${data.values.length} values for ${shape.series.length} series`;
  const readings = shape.series.map(([metric, labels, metadata], n) => ({
    ...{ metric, labels, ...metadata },
    value: data.values[n] as number | null,
  }));
  const processes = data.top && toTop(data.top, texts);
  const { source, intervalMs } = shape;
  return { source, intervalMs, at: data.at, readings, ...(processes && { processes }) } as Frame;
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
  const texts = new Map<number, Texts>();
  const lines = text.split("\n").slice(0, -1);
  for (const [number, content] of lines.entries()) {
    if (content === "") continue;
    const entry = parse(content);
    const shape = isObject(entry) && "shape" in entry ? shapeSchema.safeParse(entry).data : undefined;
    if (shape) {
      shapes.set(shape.shape, shape);
      continue;
    }
    const frame = toFrame(entry, shapes, texts);
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
