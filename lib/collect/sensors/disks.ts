import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { percent, reading, type Sensor } from "#lib/collect/sensor.ts";
import type { Reading } from "#lib/metrics/frame.ts";

/** A sector is 512 bytes in /proc/diskstats whatever the device's own block is. */
const SECTOR_BYTES = 512;

/** Totals since boot of one whole disk; `busyMs` is the time with at least one request in flight. */
export type DiskTotals = { reads: number; readBytes: number; writes: number; writeBytes: number; busyMs: number };

/** In memory, of a file, removable, or stacked upon disks by its name. */
const NOT_A_DISK = /^(loop|ram|zram|fd|sr|dm-|md|drbd|bcache)\d/;
/** A partition and the disk it is of, by the names that the kernel gives. */
const PARTITION = /^((?:[shv]d|xvd|ubd)[a-z]+|dasd[a-z]+)\d+$|^(.*\d)p\d+$|^(mmcblk\d+)(?:boot|rpmb|gp)\d*$/;

/** Whether a device lies upon others, by /sys. */
const isStacked = (sys: string, name: string): boolean => {
  try {
    return readdirSync(join(sys, "class", "block", name, "slaves")).length > 0;
  } catch {
    return false;
  }
};

/** The disk that a device is a partition of: by /sys, where a partition's folder lies in its disk's, or else by its name. */
function diskOf(sys: string, name: string): string | undefined {
  const dir = join(sys, "class", "block", name);
  try {
    if (!existsSync(dir)) return byName(name);
    return existsSync(join(dir, "partition")) ? basename(dirname(realpathSync(dir))) : undefined;
  } catch {
    return byName(name);
  }
}

const byName = (name: string): string | undefined => PARTITION.exec(name)?.slice(1).find(Boolean);

function parseRow(row: string): [string, DiskTotals] | undefined {
  const [, , name, reads, , readSectors, , writes, , writeSectors, , , busyMs] = row.trim().split(/\s+/);
  if (!name) return undefined;
  return [
    name,
    {
      reads: Number(reads),
      readBytes: Number(readSectors) * SECTOR_BYTES,
      writes: Number(writes),
      writeBytes: Number(writeSectors) * SECTOR_BYTES,
      busyMs: Number(busyMs),
    },
  ];
}

/** The disks of /proc/diskstats, without what is stacked upon them, and without partitions: but one whose disk is not there, as some clouds have it, stands for it. */
export function parseDiskstats(text: string, sys = "/sys"): Map<string, DiskTotals> {
  const rows = new Map(
    text
      .split("\n")
      .map(parseRow)
      .filter((row) => row !== undefined),
  );
  const isOwn = (name: string) => !NOT_A_DISK.test(name) && !isStacked(sys, name) && !rows.has(diskOf(sys, name) ?? "");
  return new Map([...rows].filter(([name]) => isOwn(name)));
}

/** Reads what each disk has read and written, and how long it was busy, from /proc/diskstats. */
export function diskSensor(proc = "/proc", sys = "/sys"): Sensor {
  const busyBefore = new Map<string, { busyMs: number; atMs: number }>();

  function busy(device: string, busyMs: number): number | null {
    const before = busyBefore.get(device);
    const atMs = performance.now();
    busyBefore.set(device, { busyMs, atMs });
    if (!before || busyMs < before.busyMs) return null;
    return percent(Math.min(busyMs - before.busyMs, atMs - before.atMs), atMs - before.atMs);
  }

  function readings([device, totals]: [string, DiskTotals]): Reading[] {
    const labels = { device };
    return [
      reading("disk.read.bytes", totals.readBytes, labels),
      reading("disk.write.bytes", totals.writeBytes, labels),
      reading("disk.read.operations", totals.reads, labels),
      reading("disk.write.operations", totals.writes, labels),
      reading("disk.busy", busy(device, totals.busyMs), labels),
    ];
  }

  return {
    name: "disks",
    read: () => [...parseDiskstats(readFileSync(join(proc, "diskstats"), "latin1"), sys)].flatMap(readings),
  };
}
