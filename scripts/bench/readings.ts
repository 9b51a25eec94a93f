import { type ChildProcess, fork, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Frame } from "#lib/metrics/frame.ts";
import { mean } from "#lib/stats/quantile.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import type { BenchOptions, BenchResult } from "../bench.ts";
import { buildPortal } from "../steps/build.ts";
import { ROOT } from "../steps/paths.ts";
import { type Counters, kernelCounters, PEERS } from "./peer-readings.ts";
import { round } from "./statistics.ts";

/** The address of the default gateway, of /proc/net/route: hexadecimal, the last byte first. */
function gateway(): string | undefined {
  const route = /^\S+\t00000000\t([0-9A-F]{8})/m.exec(readFileSync("/proc/net/route", "latin1"))?.[1];
  return route && [...Buffer.from(route, "hex")].toReversed().join(".");
}

/** Runs until it is stopped: processors, memory and disk by stress-ng, the network by a download again and again and datagrams to the gateway. */
function startLoad(seconds: number): { stop(): void } {
  const spec = `--cpu 1 --cpu-load 60 --vm 1 --vm-bytes 2g --vm-keep --hdd 1 --hdd-bytes 256m --hdd-opts direct,wr-seq,rd-seq --timeout ${seconds}s`;
  const stress = spawn("stress-ng", spec.split(" "), { stdio: "ignore", cwd: join(ROOT, "test-results") });
  const lock = readFileSync(join(ROOT, "package-lock.json"), "utf8");
  const version = /"@next\/swc-linux-x64-gnu": "([^"]+)"/.exec(lock)?.[1] ?? "";
  const tarball = `https://registry.npmjs.org/@next/swc-linux-x64-gnu/-/swc-linux-x64-gnu-${version}.tgz`;
  const stopped = new AbortController();
  const download = async () => {
    while (!stopped.signal.aborted)
      await fetch(tarball, { signal: stopped.signal })
        .then((answer) => answer.arrayBuffer())
        .catch(() => sleep(SECOND_MS));
  };
  void download();
  const socket = createSocket("udp4").unref();
  const target = gateway();
  const timer = target ? setInterval(() => socket.send(Buffer.alloc(1_400), 9, target), 2) : undefined;
  return {
    stop() {
      stopped.abort();
      clearInterval(timer);
      stress.kill();
    },
  };
}

/** The collecting process as it is shipped, at a second; its frames as they come. */
function startCollector(frames: Frame[]): ChildProcess {
  const child = fork(join(ROOT, "dist", "collector.js"), {
    env: { ...process.env, SIGHTLINE_INTERVAL_MS: String(SECOND_MS) },
  });
  child.on("message", ({ frame }: { frame: Frame }) => frame.source.kind === "host" && frames.push(frame));
  return child;
}

/** What the collector's frames say of a window: counters by their growth, gauges by their mean. */
function collected(
  frames: Frame[],
  { from, to }: { from: number; to: number },
  device: string,
  network: string,
): Counters {
  const within = frames.filter(({ at }) => at >= from && at <= to);
  const values = (metric: string, label = "") =>
    within.flatMap(({ readings }) =>
      readings
        .filter(
          (reading) =>
            reading.metric === metric && (label === "" || Object.values(reading.labels ?? {}).includes(label)),
        )
        .map(({ value }) => value ?? Number.NaN),
    );
  const growth = (metric: string, label: string) => {
    const all = values(metric, label);
    return (all.at(-1) ?? Number.NaN) - (all[0] ?? Number.NaN);
  };
  return {
    cpuPercent: mean(values("cpu.usage").slice(1)),
    memoryUsedBytes: mean(values("memory.used")),
    diskReadBytes: growth("disk.read.bytes", device),
    diskWriteBytes: growth("disk.write.bytes", device),
    networkReceiveBytes: growth("network.receive.bytes", network),
    networkTransmitBytes: growth("network.transmit.bytes", network),
  };
}

const nextSecond = async () => {
  await sleep(SECOND_MS - (Date.now() % SECOND_MS));
  return Math.floor(Date.now() / SECOND_MS) * SECOND_MS;
};

/**
 * What the collector says of this machine under load, beside the kernel's own counters, Debian's prometheus-node-exporter and netdata over the
 * same window: growth of counters, means of gauges, and how far each lies from the kernel in percent.
 */
export async function run({ minutes }: BenchOptions): Promise<BenchResult> {
  await buildPortal();
  const [device, network] = [process.env.BENCH_DISK ?? "vda", process.env.BENCH_NETWORK ?? "eth0"];
  const frames: Frame[] = [];
  const children = [startCollector(frames), ...PEERS.map(({ start }) => start())];
  const load = startLoad(minutes * 60 + 30);
  try {
    await sleep(15 * SECOND_MS);
    const from = await nextSecond();
    const peers = await Promise.all(PEERS.map(({ begin }) => begin(device, network)));
    const kernel = kernelCounters(device, network);
    const memory: number[] = [];
    while (Date.now() < from + minutes * MINUTE_MS - SECOND_MS) {
      memory.push(kernelCounters(device, network).memoryUsedBytes);
      await nextSecond();
    }
    const to = await nextSecond();
    const end = kernelCounters(device, network);
    const others = await Promise.all(peers.map((peer) => peer.end({ from, to })));
    await sleep(2 * SECOND_MS);
    const truth: Counters = { ...end.since(kernel), memoryUsedBytes: mean(memory) };
    const rows: [string, Counters][] = [
      ["kernel", truth],
      ["sightline", collected(frames, { from, to }, device, network)],
      ...others.map((counters, n): [string, Counters] => [PEERS[n]?.name ?? "", counters]),
    ];
    return Object.fromEntries(
      rows.flatMap(([name, counters]) =>
        (Object.keys(truth) as (keyof Counters)[]).flatMap((figure) => [
          [`${figure} ${name}`, round(counters[figure])],
          ...(name === "kernel"
            ? []
            : [[`${figure} ${name} off %`, round((100 * (counters[figure] - truth[figure])) / truth[figure])]]),
        ]),
      ),
    );
  } finally {
    load.stop();
    for (const child of children) child.kill();
  }
}
