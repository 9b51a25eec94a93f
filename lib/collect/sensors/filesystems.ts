import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Mount, parseMounts } from "#lib/collect/mounts.ts";
import type { Prober } from "#lib/collect/prober.ts";
import { type FileSystem, readFileSystem } from "#lib/collect/probes/filesystem.ts";
import { percent, reading, type Sensor } from "#lib/collect/sensor.ts";
import type { MetricName } from "#lib/metrics/catalogue.ts";
import type { Reading } from "#lib/metrics/frame.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";
import { LATE, within } from "#lib/time/within.ts";

/** Mounts come and go rarely. */
const DISCOVERY_MS = MINUTE_MS;

const usedBytes = ({ blocks, bfree, bsize }: FileSystem) => (blocks - bfree) * bsize;
const availableBytes = ({ bavail, bsize }: FileSystem) => bavail * bsize;

const FIGURES: [MetricName, (fs: FileSystem) => number | null][] = [
  ["disk.usage", (fs) => percent(usedBytes(fs), usedBytes(fs) + availableBytes(fs))],
  ["disk.total", ({ blocks, bsize }) => blocks * bsize],
  ["disk.used", usedBytes],
  ["disk.available", availableBytes],
  // File systems without a fixed inode table (btrfs) report none.
  ["disk.inodes.usage", ({ files, ffree }) => percent(files - ffree, files)],
];

/** Without `fs`, which could not be had, the series of a mount have no values. */
const mountReadings = (mount: string, fs: FileSystem | null): Reading[] =>
  FIGURES.map(([metric, figure]) => reading(metric, fs && figure(fs), { mount }));

/** So many of this process' four threads may hang. */
const MOST_HANGING = 2;

/** Asks file systems that answer from memory without the prober, which is a process more; one that hangs all the same is asked no second time. */
function promptReader(limitMs: number) {
  const hanging = new Set<string>();
  return {
    takes: ({ path, prompt }: Mount) => prompt && !hanging.has(path) && hanging.size < MOST_HANGING,
    async read(path: string): Promise<FileSystem> {
      const answer = readFileSystem(path);
      const fs = await within(answer, limitMs);
      if (fs !== LATE) return fs;
      hanging.add(path);
      void answer.catch(() => undefined).finally(() => hanging.delete(path));
      throw new Error(`${path} takes longer than ${limitMs} ms`);
    },
  };
}

/** Reads the room on each mounted file system. One that fails or hangs (a dead NFS server) loses its own values only; `limitMs` is for each. */
export function filesystemSensor(limitMs: number, prober: Prober, proc = "/proc"): Sensor {
  const prompt = promptReader(limitMs);
  let mounts: Mount[] = [];
  let discoveredAt = Number.NEGATIVE_INFINITY;
  /** Has a mount blocks? Those that never answered are not in it. */
  const hasBlocks = new Map<string, boolean>();

  function discover(): void {
    mounts = parseMounts(readFileSync(join(proc, "self", "mountinfo"), "latin1"));
    const names = new Set(mounts.map(({ name }) => name));
    for (const name of hasBlocks.keys()) if (!names.has(name) || !hasBlocks.get(name)) hasBlocks.delete(name);
    discoveredAt = performance.now();
  }

  async function read(mount: Mount): Promise<Reading[]> {
    const { name, path } = mount;
    if (hasBlocks.get(name) === false) return [];
    try {
      const fs = await (prompt.takes(mount) ? prompt.read(path) : prober.ask("filesystem", path, limitMs));
      hasBlocks.set(name, fs.blocks > 0);
      return fs.blocks > 0 ? mountReadings(name, fs) : [];
    } catch {
      return hasBlocks.has(name) ? mountReadings(name, null) : [];
    }
  }

  return {
    name: "filesystems",
    async read() {
      if (performance.now() - discoveredAt >= DISCOVERY_MS) discover();
      return (await Promise.all(mounts.map(read))).flat();
    },
  };
}
