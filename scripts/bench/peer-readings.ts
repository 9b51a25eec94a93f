import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { SECOND_MS } from "#lib/time/durations.ts";

/** What is compared over a window: means of the first two, growth of the others. */
export type Counters = {
  cpuPercent: number;
  memoryUsedBytes: number;
  diskReadBytes: number;
  diskWriteBytes: number;
  networkReceiveBytes: number;
  networkTransmitBytes: number;
};

const SECTOR = 512;
const KIB = 1024;

type Totals = Omit<Counters, "cpuPercent"> & { busy: number; all: number };

/** The kernel's counters at this moment, and their growth since an earlier moment. */
export function kernelCounters(device: string, network: string): Totals & { since(before: Totals): Counters } {
  const cpu = readFileSync("/proc/stat", "latin1").split("\n")[0]?.trim().split(/\s+/).slice(1, 9).map(Number) ?? [];
  const all = cpu.reduce((sum, ticks) => sum + ticks, 0);
  const meminfo = readFileSync("/proc/meminfo", "latin1");
  const kib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(meminfo)?.[1]) * KIB;
  const disk =
    new RegExp(`\\s${device}\\s+(.*)`).exec(readFileSync("/proc/diskstats", "latin1"))?.[1]?.split(/\s+/) ?? [];
  const net =
    new RegExp(`^\\s*${network}:\\s*(.*)`, "m").exec(readFileSync("/proc/net/dev", "latin1"))?.[1]?.split(/\s+/) ?? [];
  const totals: Totals = {
    ...{ all, busy: all - (cpu[3] ?? 0) - (cpu[4] ?? 0) },
    memoryUsedBytes: kib("MemTotal") - kib("MemAvailable"),
    diskReadBytes: Number(disk[2]) * SECTOR,
    diskWriteBytes: Number(disk[6]) * SECTOR,
    networkReceiveBytes: Number(net[0]),
    networkTransmitBytes: Number(net[8]),
  };
  return {
    ...totals,
    since: (before) => ({
      cpuPercent: (100 * (totals.busy - before.busy)) / (totals.all - before.all),
      memoryUsedBytes: totals.memoryUsedBytes,
      diskReadBytes: totals.diskReadBytes - before.diskReadBytes,
      diskWriteBytes: totals.diskWriteBytes - before.diskWriteBytes,
      networkReceiveBytes: totals.networkReceiveBytes - before.networkReceiveBytes,
      networkTransmitBytes: totals.networkTransmitBytes - before.networkTransmitBytes,
    }),
  };
}

type Window = { from: number; to: number };
type Peer = {
  name: string;
  start(): ChildProcess;
  /** Takes what it needs at the beginning of a window; `end` answers what the peer says of it. */
  begin(device: string, network: string): Promise<{ end(window: Window): Promise<Counters> }>;
};

const EXPORTER = "127.0.0.1:9191";
const NETDATA = "127.0.0.1:19999";

/** The sum of an exporter's samples of a metric, of those whose labels fit. */
function sumOf(page: string, metric: string, labels: RegExp): number {
  return page
    .split("\n")
    .filter((line) => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `))
    .filter((line) => labels.test(line))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}

const scrape = async () => (await fetch(`http://${EXPORTER}/metrics`)).text();

const nodeExporter: Peer = {
  name: "node_exporter",
  start: () => spawn("prometheus-node-exporter", [`--web.listen-address=${EXPORTER}`], { stdio: "ignore" }),
  async begin(device, network) {
    const used: number[] = [];
    const memory = (page: string) =>
      sumOf(page, "node_memory_MemTotal_bytes", /./) - sumOf(page, "node_memory_MemAvailable_bytes", /./);
    const timer = setInterval(() => void scrape().then((page) => used.push(memory(page))), 5 * SECOND_MS);
    const first = await scrape();
    return {
      async end() {
        clearInterval(timer);
        const last = await scrape();
        const growth = (metric: string, labels: RegExp) => sumOf(last, metric, labels) - sumOf(first, metric, labels);
        const all = growth("node_cpu_seconds_total", /./);
        const idle = growth("node_cpu_seconds_total", /mode="(idle|iowait)"/);
        const [disk, net] = [new RegExp(`device="${device}"`), new RegExp(`device="${network}"`)];
        return {
          cpuPercent: (100 * (all - idle)) / all,
          memoryUsedBytes: used.reduce((sum, value) => sum + value, 0) / used.length,
          diskReadBytes: growth("node_disk_read_bytes_total", disk),
          diskWriteBytes: growth("node_disk_written_bytes_total", disk),
          networkReceiveBytes: growth("node_network_receive_bytes_total", net),
          networkTransmitBytes: growth("node_network_transmit_bytes_total", net),
        };
      },
    };
  },
};

/** The means of a netdata chart's dimensions over a window. */
async function chartMeans(chart: string, { from, to }: Window): Promise<Record<string, number>> {
  const query = `chart=${chart}&after=${from / SECOND_MS}&before=${to / SECOND_MS}&points=1&group=average&format=json`;
  const answer = await fetch(`http://${NETDATA}/api/v1/data?${query}`);
  const { labels, data } = (await answer.json()) as { labels: string[]; data: number[][] };
  return Object.fromEntries(labels.map((label, n) => [label, data[0]?.[n] ?? Number.NaN]));
}

const netdata: Peer = {
  name: "netdata",
  start: () => spawn("netdata", ["-D"], { stdio: "ignore" }),
  async begin(device, network) {
    return {
      async end(window) {
        const seconds = (window.to - window.from) / SECOND_MS;
        const [cpu, ram, disk, net] = await Promise.all([
          chartMeans("system.cpu", window),
          chartMeans("mem.available", window),
          chartMeans(`disk.${device}`, window),
          chartMeans(`net.${network}`, window),
        ]);
        const { iowait: _, time: __, ...busy } = cpu;
        const total = Number(/MemTotal:\s+(\d+)/.exec(readFileSync("/proc/meminfo", "latin1"))?.[1]) * KIB;
        const bytes = (perSecond: number | undefined, unit: number) =>
          Math.abs(perSecond ?? Number.NaN) * unit * seconds;
        return {
          cpuPercent: Object.values(busy).reduce((sum, value) => sum + value, 0),
          memoryUsedBytes: total - (ram.MemAvailable ?? ram.avail ?? Number.NaN) * KIB ** 2,
          diskReadBytes: bytes(disk.reads, KIB),
          diskWriteBytes: bytes(disk.writes, KIB),
          // Kilobits.
          networkReceiveBytes: bytes(net.received, 125),
          networkTransmitBytes: bytes(net.sent, 125),
        };
      },
    };
  },
};

/** Debian's packages: apt-get install prometheus-node-exporter netdata stress-ng */
export const PEERS: Peer[] = [nodeExporter, netdata];
