import { readFileSync } from "node:fs";
import { join } from "node:path";
import { percent, reading, type Sensor } from "#lib/collect/sensor.ts";
import type { Reading } from "#lib/metrics/frame.ts";

/** A sector is 512 bytes in /proc/diskstats whatever the device's own block is. */
const SECTOR_BYTES = 512;

/** Totals since boot of one whole disk; `busyMs` is the time with at least one request in flight. */
export type DiskTotals = { reads: number; readBytes: number; writes: number; writeBytes: number; busyMs: number };

const NOT_A_DISK = /^(loop|ram|zram|fd|sr|dm-|md)\d|^(sd|hd|vd|xvd)[a-z]+\d+$|^(nvme\d+n\d+|mmcblk\d+)p\d+$/;

/** The whole disks of /proc/diskstats, without partitions, loop devices and what is stacked upon disks. */
export function parseDiskstats(text: string): Map<string, DiskTotals> {
  const disks = new Map<string, DiskTotals>();
  for (const line of text.split("\n")) {
    const [, , name, reads, , readSectors, , writes, , writeSectors, , , busyMs] = line.trim().split(/\s+/);
    if (!name || NOT_A_DISK.test(name)) continue;
    disks.set(name, {
      reads: Number(reads),
      readBytes: Number(readSectors) * SECTOR_BYTES,
      writes: Number(writes),
      writeBytes: Number(writeSectors) * SECTOR_BYTES,
      busyMs: Number(busyMs),
    });
  }
  return disks;
}

/** Reads what each disk has read and written, and how long it was busy, from /proc/diskstats. */
export function diskSensor(proc = "/proc"): Sensor {
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
    read: () => [...parseDiskstats(readFileSync(join(proc, "diskstats"), "latin1"))].flatMap(readings),
  };
}
