import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { systemInformation } from "#lib/collect/system-information.ts";
import type { HostIdentity } from "#lib/metrics/host.ts";

/** systemd's id where there is one, as an application-specific hash (machine-id(5) asks not to expose it). */
async function machineId(): Promise<string> {
  for (const path of ["/etc/machine-id", "/var/lib/dbus/machine-id"]) {
    const id = (await readFile(path, "utf8").catch(() => "")).trim();
    if (id) return createHash("sha256").update(`sightline:${id}`).digest("hex").slice(0, 32);
  }
  return createHash("sha256").update(`sightline:${hostname()}`).digest("hex").slice(0, 32);
}

/** What identifies this machine, and what it is: its operating system, kernel, processor and number of cores. */
export async function identifyHost(): Promise<HostIdentity> {
  const [id, os, cpu] = await Promise.all([machineId(), systemInformation.osInfo(), systemInformation.cpu()]);
  return {
    machineId: id,
    name: hostname(),
    system: {
      os: `${os.distro} ${os.release}`.trim(),
      kernel: os.kernel,
      arch: os.arch,
      cpu: `${cpu.manufacturer} ${cpu.brand}`.trim(),
      cores: cpu.cores,
    },
  };
}
