import { statfs } from "node:fs/promises";
import { percent, reading, type Sensor } from "#lib/collect/sensor.ts";
import { systemInformation } from "#lib/collect/system-information.ts";
import type { Reading } from "#lib/metrics/frame.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

/** Mounts come and go rarely, and finding them starts `df`. */
const DISCOVERY_MS = MINUTE_MS;

async function mountReadings(mount: string): Promise<Reading[]> {
  const fs = await statfs(mount);
  const used = (fs.blocks - fs.bfree) * fs.bsize;
  const available = fs.bavail * fs.bsize;
  const labels = { mount };
  return [
    reading("disk.usage", percent(used, used + available), labels),
    reading("disk.total", fs.blocks * fs.bsize, labels),
    reading("disk.used", used, labels),
    reading("disk.available", available, labels),
    // File systems without a fixed inode table (btrfs) report none.
    reading("disk.inodes.usage", percent(fs.files - fs.ffree, fs.files), labels),
  ];
}

/** A mount that fails or hangs (a dead NFS server) loses its own series only: each is asked at most once at a time. */
export function filesystemSensor(limitMs: number): Sensor {
  let mounts: string[] = [];
  let discoveredAt = Number.NEGATIVE_INFINITY;
  const pending = new Map<string, Promise<Reading[]>>();

  async function discover(): Promise<void> {
    const found = await systemInformation.fsSize();
    mounts = [...new Set(found.filter((fs) => fs.size > 0).map((fs) => fs.mount))].sort();
    discoveredAt = performance.now();
  }

  async function ask(mount: string): Promise<Reading[]> {
    if (pending.has(mount)) return [];
    const answer = mountReadings(mount).finally(() => pending.delete(mount));
    pending.set(mount, answer);
    const timeout = new Promise<Reading[]>((resolve) => setTimeout(resolve, limitMs, []).unref());
    return Promise.race([answer, timeout]).catch(() => []);
  }

  return {
    name: "filesystems",
    async read() {
      if (performance.now() - discoveredAt >= DISCOVERY_MS) await discover();
      return (await Promise.all(mounts.map(ask))).flat();
    },
  };
}
