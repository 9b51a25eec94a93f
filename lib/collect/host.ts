import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { arch, availableParallelism, cpus, hostname, release, totalmem, type } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { cgroupCores } from "#lib/collect/cgroup.ts";
import { systemInformation } from "#lib/collect/system-information.ts";
import type { HostIdentity } from "#lib/metrics/host.ts";

const LIMIT_MS = 10_000;

/** systemd's id where there is one, as an application-specific hash (machine-id(5) asks not to expose it). */
export async function machineId(): Promise<string> {
  for (const path of ["/etc/machine-id", "/var/lib/dbus/machine-id"]) {
    const id = (await readFile(path, "utf8").catch(() => "")).trim();
    if (id) return createHash("sha256").update(`sightline:${id}`).digest("hex").slice(0, 32);
  }
  return createHash("sha256").update(`sightline:${hostname()}`).digest("hex").slice(0, 32);
}

/** What identifies this machine, and what it is: its operating system, kernel, processor and number of cores. */
export async function identifyHost(): Promise<HostIdentity> {
  const [id, system] = await Promise.all([machineId(), describeSystem()]);
  return { machineId: id, name: hostname(), system };
}

/** Of a container with a quota as many as it gets, at least one. */
const ownCores = (cores: number): number => Math.max(1, Math.min(cores, Math.ceil(cgroupCores() ?? cores)));

/** systeminformation starts shells, which may hang: then what Node knows must do. */
async function describeSystem(): Promise<HostIdentity["system"]> {
  const constant = { hostname: hostname(), memory_bytes: totalmem(), node: process.versions.node };
  const described = Promise.all([systemInformation.osInfo(), systemInformation.cpu(), systemInformation.system()]).then(
    ([os, cpu, machine]) => ({
      ...constant,
      hardware: `${machine.manufacturer} ${machine.model}`.trim(),
      virtualisation: machine.virtual ? machine.virtualHost || "yes" : "",
      os: `${os.distro} ${os.release}`.trim(),
      kernel: os.kernel,
      arch: os.arch,
      cpu: `${cpu.manufacturer} ${cpu.brand}`.trim(),
      cores: ownCores(cpu.cores),
    }),
  );
  const plain = {
    ...constant,
    os: type(),
    kernel: release(),
    arch: arch(),
    cpu: cpus()[0]?.model ?? "",
    cores: ownCores(availableParallelism()),
  };
  const limit = new AbortController();
  try {
    return await Promise.race([described.catch(() => plain), sleep(LIMIT_MS, plain, { signal: limit.signal })]);
  } finally {
    limit.abort();
  }
}
