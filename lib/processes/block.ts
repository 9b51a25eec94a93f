import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { ProcessGroup, ProcessTop } from "#lib/contract/processes.ts";

/** The top of one instant, ms since the epoch. */
export type ProcessSample = ProcessTop & { at: number };

/** Figures are kept as finely as they are shown: 0.1 % of a core, 64 KiB of memory, three significant digits of a rate. */
const CPU_STEPS = 10;
const MEMORY_STEP = 65_536;

type Figure = number | null;

/**
 * What a block's JSON says. Texts stand once each; `samples` are time and span, and of each group there are columns over the samples that have it. Columns but
 * for those of rates hold differences, so that what stays the same is zeros, which take next to nothing once compressed.
 */
type Content = {
  v: 1;
  at: number[];
  span: number[];
  texts: string[];
  groups: {
    /** Name, container and unit, by their numbers in `texts`. */
    key: [number, number, number];
    sample: number[];
    count: number[];
    cpu: number[];
    memory: number[];
    read: Figure[];
    write: Figure[];
    pid: number[];
    command: number[];
  }[];
};

const significant = (value: Figure): Figure => (value === null ? null : Number(value.toPrecision(3)));

/** What a group is once it has been stored: it stays so however often it is stored again. */
export const rounded = (group: ProcessGroup): ProcessGroup => ({
  ...group,
  cpu: Math.round(group.cpu * CPU_STEPS) / CPU_STEPS,
  memory: Math.round(group.memory / MEMORY_STEP) * MEMORY_STEP,
  read: significant(group.read),
  write: significant(group.write),
});

const differences = (values: number[]): number[] => values.map((value, n) => value - (values[n - 1] ?? 0));

function sums(values: number[]): number[] {
  let sum = 0;
  return values.map((value) => (sum += value));
}

/** The bytes of samples of one host, in order of time; zstd of JSON. `level` is zstd's. */
export function encodeBlock(samples: readonly ProcessSample[], level = 3): Uint8Array<ArrayBuffer> {
  const texts = new Map<string, number>();
  const numberOf = (text: string): number => {
    const number = texts.get(text) ?? texts.size;
    texts.set(text, number);
    return number;
  };
  const byKey = new Map<string, [number, ProcessGroup][]>();
  for (const [n, { groups }] of samples.entries())
    for (const group of groups) {
      const key = JSON.stringify([group.name, group.container, group.unit]);
      const entries = byKey.get(key);
      if (entries) entries.push([n, group]);
      else byKey.set(key, [[n, group]]);
    }
  const groups = [...byKey].map(([key, entries]): Content["groups"][number] => {
    const column = (value: (group: ProcessGroup) => number) => differences(entries.map(([, group]) => value(group)));
    return {
      key: (JSON.parse(key) as string[]).map(numberOf) as [number, number, number],
      sample: differences(entries.map(([n]) => n)),
      count: column(({ count }) => count),
      cpu: column(({ cpu }) => Math.round(cpu * CPU_STEPS)),
      memory: column(({ memory }) => Math.round(memory / MEMORY_STEP)),
      read: entries.map(([, { read }]) => significant(read)),
      write: entries.map(([, { write }]) => significant(write)),
      pid: column(({ pid }) => pid),
      command: column(({ command }) => numberOf(command)),
    };
  });
  const content: Content = {
    v: 1,
    at: differences(samples.map(({ at }) => at)),
    span: differences(samples.map(({ spanMs }) => spanMs)),
    texts: [...texts.keys()],
    groups,
  };
  const bytes = zstdCompressSync(JSON.stringify(content), { params: { [constants.ZSTD_c_compressionLevel]: level } });
  return new Uint8Array(bytes);
}

/** The samples of a block in [from, to] (ms), in order of time, each with its groups in the order of the block. */
export function decodeBlock(bytes: Uint8Array, from = 0, to = Number.POSITIVE_INFINITY): ProcessSample[] {
  const { at, span, texts, groups } = JSON.parse(zstdDecompressSync(bytes).toString()) as Content;
  const spans = sums(span);
  const samples = sums(at).map((time, n): ProcessSample => ({ at: time, spanMs: spans[n] ?? 0, groups: [] }));
  for (const { key, read, write, ...rest } of groups) {
    const [name = "", container = "", unit = ""] = key.map((number) => texts[number] ?? "");
    const [count, cpu, memory] = [sums(rest.count), sums(rest.cpu), sums(rest.memory)];
    const [pid, command] = [sums(rest.pid), sums(rest.command)];
    for (const [n, index] of sums(rest.sample).entries()) {
      const sample = samples[index];
      if (!sample || sample.at < from || sample.at > to) continue;
      sample.groups.push({
        ...{ name, container, unit },
        count: count[n] ?? 0,
        cpu: (cpu[n] ?? 0) / CPU_STEPS,
        memory: (memory[n] ?? 0) * MEMORY_STEP,
        read: read[n] ?? null,
        write: write[n] ?? null,
        pid: pid[n] ?? 0,
        command: texts[command[n] ?? -1] ?? "",
      });
    }
  }
  return samples.filter(({ at: time }) => time >= from && time <= to);
}
