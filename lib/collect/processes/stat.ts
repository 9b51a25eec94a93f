const STATES: Record<string, string> = {
  R: "running",
  S: "sleeping",
  D: "blocked",
  T: "stopped",
  t: "stopped",
  Z: "zombie",
  I: "idle",
};
export const STATE_NAMES = [...new Set(Object.values(STATES))];

/** Linux counts in hundredths of a second wherever Node runs. */
export const TICK_MS = 10;

const KERNEL_THREAD = 0x00200000;

/** A process by its /proc/PID/stat. Times in ticks of 10 ms; `childTicks` are of children that ended and were waited for. */
export type Stat = {
  name: string;
  state: string;
  parent: number;
  kernel: boolean;
  ticks: number;
  childTicks: number;
  /** When it started, ticks since the machine did: with its PID it is its identity. */
  start: number;
  pages: number;
};

/** What a line of /proc/PID/stat says; undefined for what is none. The name stands in brackets and may hold brackets itself. */
export function parseStat(line: string): Stat | undefined {
  const [open, close] = [line.indexOf("("), line.lastIndexOf(")")];
  if (open < 0 || close < open) return undefined;
  const fields = line.slice(close + 2).split(" ");
  const state = STATES[fields[0] ?? ""];
  if (state === undefined) return undefined;
  const numberAt = (n: number) => Number(fields[n] ?? 0);
  return {
    name: line.slice(open + 1, close),
    state,
    parent: numberAt(1),
    kernel: (numberAt(6) & KERNEL_THREAD) !== 0,
    ticks: numberAt(11) + numberAt(12),
    childTicks: numberAt(13) + numberAt(14),
    start: numberAt(19),
    pages: Math.max(0, numberAt(21)),
  };
}

/** Bytes read from and written to storage, by /proc/PID/io. */
export function parseIo(text: string): { read: number; write: number } {
  const bytes = (field: string) => Number(new RegExp(`^${field}: (\\d+)`, "m").exec(text)?.[1] ?? 0);
  return { read: bytes("read_bytes"), write: bytes("write_bytes") };
}
