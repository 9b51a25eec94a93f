import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { cgroupCores } from "#lib/collect/cgroup.ts";
import { parseMounts } from "#lib/collect/mounts.ts";
import { cpuSensor } from "#lib/collect/sensors/cpu.ts";
import { parseDiskstats } from "#lib/collect/sensors/disks.ts";
import { memorySensor } from "#lib/collect/sensors/memory.ts";
import { networkSensor } from "#lib/collect/sensors/network.ts";
import type { Reading } from "#lib/metrics/frame.ts";
import { closingAfter } from "../../support/closing.ts";

// Machines of other kinds than this one, as their kernels show themselves: each byte counts once, and a container is as large as it may be.

const closing = closingAfter();

/** A folder with files by their paths; an entry that ends in / is a folder. */
function tree(files: Record<string, string>): string {
  const dir = mkdtempSync(join(tmpdir(), "sightline-kernel-"));
  closing.push(() => rmSync(dir, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    const whole = join(dir, path);
    mkdirSync(path.endsWith("/") ? whole : dirname(whole), { recursive: true });
    if (!path.endsWith("/")) writeFileSync(whole, text);
  }
  return dir;
}

type Link = { hardware?: boolean; lower?: string[]; kind?: "bridge" | "bonding" | "tun_flags"; type?: string };

/** A machine's interfaces, each with 1,000 bytes received: what its network sensor counts. */
async function counted(links: Record<string, Link>): Promise<{ names: string[]; bytes: number }> {
  const sys: Record<string, string> = {};
  for (const [name, { hardware, lower = [], kind, type = "1" }] of Object.entries(links)) {
    const at = `class/net/${name}`;
    sys[`${at}/type`] = type;
    if (hardware) sys[`${at}/device/vendor`] = "0x1af4";
    for (const below of lower) sys[`${at}/lower_${below}/`] = "";
    if (kind) sys[`${at}/${kind}${kind === "tun_flags" ? "" : "/"}`] = "0x1";
  }
  const row = (name: string) => `${name.padStart(6)}: 1000 10 1 2 0 0 0 0 2000 20 3 4 0 0 0 0`;
  const proc = tree({ "net/dev": ["head", "head", ...Object.keys(links).map(row), ""].join("\n") });
  const readings = (await networkSensor(proc, tree(sys)).read()).filter(
    ({ metric }) => metric === "network.receive.bytes",
  );
  return {
    names: readings.map(({ labels }) => labels.interface ?? ""),
    bytes: readings.reduce((sum, { value }) => sum + (value ?? 0), 0),
  };
}

test("each byte is counted once: at the hardware, whatever lies upon it", async () => {
  const machines: [string, Record<string, Link>, string[]][] = [
    ["one card", { lo: {}, eth0: { hardware: true } }, ["eth0"]],
    [
      "a bond of two",
      { eth0: { hardware: true }, eth1: { hardware: true }, bond0: { lower: ["eth0", "eth1"], kind: "bonding" } },
      ["eth0", "eth1"],
    ],
    ["a VLAN", { enp3s0: { hardware: true }, "enp3s0.100": { lower: ["enp3s0"] } }, ["enp3s0"]],
    ["a VLAN by another name", { enp3s0: { hardware: true }, office: { lower: ["enp3s0"] } }, ["enp3s0"]],
    [
      "a bridge with guests",
      {
        eno1: { hardware: true },
        vmbr0: { lower: ["eno1", "tap100i0"], kind: "bridge" },
        tap100i0: { kind: "tun_flags" },
      },
      ["eno1"],
    ],
    [
      "VPNs",
      {
        wlp2s0: { hardware: true },
        wg0: { type: "65534" },
        tun0: { type: "65534", kind: "tun_flags" },
        tailscale0: { type: "65534", kind: "tun_flags" },
      },
      ["wlp2s0"],
    ],
    [
      "containers",
      {
        eth0: { hardware: true },
        docker0: { kind: "bridge" },
        veth12ab: {},
        cali1: {},
        cni0: { kind: "bridge" },
        "flannel.1": {},
      },
      ["eth0"],
    ],
    ["a failover pair", { eth0: { hardware: true, lower: ["enP1s1"] }, enP1s1: { hardware: true } }, ["eth0"]],
    ["a container", { lo: {}, eth0: {} }, ["eth0"]],
    ["a container with a VPN", { lo: {}, eth0: {}, wg0: { type: "65534" }, tun0: { kind: "tun_flags" } }, ["eth0"]],
    ["only a loopback", { lo: {} }, []],
    ["a name of UTF-8", { réseau: { hardware: true } }, ["réseau"]],
    ["a name that says software", { br0: { hardware: true }, veth0: { hardware: true } }, ["br0", "veth0"]],
  ];
  for (const [what, links, names] of machines)
    assert.deepEqual(await counted(links), { names, bytes: 1000 * names.length }, what);
});

test("without /sys names must do", async () => {
  const row = (name: string) => `${name}: 1000 10 1 2 0 0 0 0 2000 20 3 4 0 0 0 0`;
  const proc = tree({ "net/dev": ["head", "head", ...["lo", "eth0", "docker0", "veth1"].map(row), ""].join("\n") });
  const readings = await networkSensor(proc, "/nowhere").read();
  assert.deepEqual([...new Set(readings.map(({ labels }) => labels.interface))], ["eth0"]);
});

const GIB = 1024 ** 3;
const meminfo = (total: number, available: number) =>
  `MemTotal: ${total / 1024} kB\nMemFree: ${available / 2048} kB\nMemAvailable: ${available / 1024} kB\nBuffers: 0 kB\nCached: 0 kB\nSReclaimable: 0 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n`;
const find = (readings: Reading[], metric: string) => readings.find((r) => r.metric === metric)?.value;

test("what ZFS would give back is not used, and never more than there is", async () => {
  const arc = (size: number, least: number) =>
    `13 1 0x01\nname type data\nhits 4 7\nc_min 4 ${least}\nsize 4 ${size}\n`;
  const usage = async (size: number, least: number) => {
    const proc = tree({ meminfo: meminfo(16 * GIB, 4.5 * GIB), "spl/kstat/zfs/arcstats": arc(size, least) });
    return find(await memorySensor(proc, "/nowhere").read(), "memory.usage");
  };
  assert.equal(await usage(0, 0), 71.88);
  assert.equal(await usage(8 * GIB, 0.5 * GIB), 25);
  assert.equal(await usage(8 * GIB, 16 * GIB), 71.88);
  assert.equal(await usage(64 * GIB, 0), 0);
});

test("a container has the memory and the processors of its limits, by either version of control groups; one without has the host's", async () => {
  const proc = tree({
    meminfo: meminfo(64 * GIB, 32 * GIB),
    stat: "cpu 10 0 10 100 0 0 0 0 0 0\ncpu0 10 0 10 100 0 0 0 0 0 0\n",
  });
  const second = {
    "fs/cgroup/memory.max": `${2 * GIB}`,
    "fs/cgroup/memory.current": `${1.5 * GIB}`,
    "fs/cgroup/memory.stat": `anon 5\nfile ${GIB}\ninactive_file ${0.5 * GIB}\n`,
  };
  const first = {
    "fs/cgroup/memory/memory.limit_in_bytes": `${2 * GIB}`,
    "fs/cgroup/memory/memory.usage_in_bytes": `${1.5 * GIB}`,
    "fs/cgroup/memory/memory.stat": `cache 1\ntotal_inactive_file ${0.5 * GIB}\n`,
  };
  for (const files of [second, first]) {
    const readings = await memorySensor(proc, tree(files)).read();
    assert.deepEqual(
      ["memory.total", "memory.used", "memory.usage"].map((metric) => find(readings, metric)),
      [2 * GIB, GIB, 50],
    );
  }
  for (const files of [
    { "fs/cgroup/memory.max": "max", "fs/cgroup/memory.current": "5" },
    { "fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712", "fs/cgroup/memory/memory.usage_in_bytes": "5" },
    {},
  ] as Record<string, string>[])
    assert.equal(find(await memorySensor(proc, tree(files)).read(), "memory.total"), 64 * GIB);
  assert.equal(cgroupCores(tree({ "fs/cgroup/cpu.max": "150000 100000" })), 1.5);
  assert.equal(
    cgroupCores(tree({ "fs/cgroup/cpu/cpu.cfs_quota_us": "200000", "fs/cgroup/cpu/cpu.cfs_period_us": "100000" })),
    2,
  );
  assert.equal(cgroupCores(tree({ "fs/cgroup/cpu.max": "max 100000" })), undefined);
  assert.equal(
    cgroupCores(tree({ "fs/cgroup/cpu/cpu.cfs_quota_us": "-1", "fs/cgroup/cpu/cpu.cfs_period_us": "100000" })),
    undefined,
  );
});

test("the processor of a container with a quota is used by the share of that", async () => {
  const proc = tree({ stat: "cpu 10 0 10 100 0 0 0 0 0 0\n" });
  const sys = tree({
    "fs/cgroup/cpu.max": "10000 100000",
    "fs/cgroup/cpu.stat": "usage_usec 1000\nuser_usec 500\nsystem_usec 500\n",
  });
  const sensor = cpuSensor(proc, sys);
  await new Promise((resolve) => setTimeout(resolve, 50));
  // Far more than a tenth of a processor gives in that time: all of it.
  writeFileSync(join(sys, "fs", "cgroup", "cpu.stat"), "usage_usec 90000000\nuser_usec 500\nsystem_usec 90000000\n");
  const readings = await sensor.read();
  assert.deepEqual([find(readings, "cpu.usage"), find(readings, "cpu.user")], [100, 0]);
});

test("a partition counts in its disk, and stands for a disk that is not there; what is stacked counts below", () => {
  const row = (name: string) => ` 8 0 ${name} 100 0 2000 10 50 0 400 20 0 1234 30 0 0 0 0`;
  const names = (all: string[], sys = "/nowhere") => [...parseDiskstats(all.map(row).join("\n"), sys).keys()];
  assert.deepEqual(names(["xvda1", "xvda2"]), ["xvda1", "xvda2"]);
  assert.deepEqual(names(["xvda", "xvda1"]), ["xvda"]);
  assert.deepEqual(names(["nbd0", "nbd0p1", "pmem0", "pmem0p1", "dasda", "dasda1", "ubda", "ubda1"]), [
    "nbd0",
    "pmem0",
    "dasda",
    "ubda",
  ]);
  assert.deepEqual(names(["mmcblk0", "mmcblk0p1", "mmcblk0boot0", "nvme10n1", "nvme10n1p12"]), ["mmcblk0", "nvme10n1"]);
  assert.deepEqual(names(["loop0", "ram0", "zram0", "sr0", "fd0", "dm-0", "md127", "bcache0", "vda"]), ["vda"]);
  const sys = tree({
    "devices/disk9/partition9/partition": "1",
    "class/block/": "",
    "class/block/cache0/slaves/disk9/": "",
  });
  symlinkSync(join(sys, "devices/disk9"), join(sys, "class/block/disk9"));
  symlinkSync(join(sys, "devices/disk9/partition9"), join(sys, "class/block/partition9"));
  assert.deepEqual(names(["disk9", "partition9", "cache0"], sys), ["disk9"], "whatever they are called");
});

test("images are no full disks, a part shown again is no file system, and a mount may have any name", () => {
  const mounts = parseMounts(
    Buffer.from(
      [
        "1 0 8:1 / / rw - ext4 /dev/sda1 rw",
        "2 1 7:1 / /snap/core/1 ro,nodev - squashfs /dev/loop1 ro",
        "3 1 11:0 / /media/cdrom ro - iso9660 /dev/sr0 ro",
        "4 1 7:2 / /mnt/image ro - ext4 /dev/loop2 ro",
        "5 1 7:3 / /mnt/disk.img rw - ext4 /dev/loop3 rw",
        "6 1 8:17 / /srv/very/long/data rw - xfs /dev/sdb1 rw",
        "7 1 8:17 /www /www rw - xfs /dev/sdb1 rw",
        "8 1 8:33 /only/a/part /p rw - ext4 /dev/sdc1 rw",
        "9 1 0:50 /@data /data rw - btrfs /dev/sdd rw",
        "10 1 0:50 /@data /again/data rw - btrfs /dev/sdd rw",
        "11 1 8:49 / /tab\\011and\\012line\\134 rw - ext4 /dev/sdd1 rw",
        "12 1 8:65 / /caf\u00c3\u00a9 rw - ext4 /dev/sde1 rw",
        "13 1 8:81 / /latin\u00e9 rw - ext4 /dev/sdf1 rw",
        "14 1 8:97 / /mnt/ro ro - ext4 /dev/sdg1 ro",
      ].join("\n"),
      "latin1",
    ).toString("latin1"),
  );
  assert.deepEqual(
    mounts.map(({ name }) => name),
    [
      "/",
      "/café",
      "/data",
      "/latin\\xe9",
      "/mnt/disk.img",
      "/mnt/ro",
      "/p",
      "/srv/very/long/data",
      "/tab\\x09and\\x0aline\\",
    ].sort(),
  );
  const odd = mounts.find(({ name }) => name.startsWith("/latin"));
  assert.deepEqual([...Buffer.from(odd?.path ?? "", "latin1")].at(-1), 0xe9, "asked by the bytes that it has");
});
