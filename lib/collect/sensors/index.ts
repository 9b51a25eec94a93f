import type { Prober } from "#lib/collect/prober.ts";
import { ProcessWatch } from "#lib/collect/processes/process-watch.ts";
import { retried, type Sensor } from "#lib/collect/sensor.ts";
import { certificateSensor } from "#lib/collect/sensors/certificates.ts";
import { cpuSensor, loadSensor } from "#lib/collect/sensors/cpu.ts";
import { diskSensor } from "#lib/collect/sensors/disks.ts";
import { filesystemSensor } from "#lib/collect/sensors/filesystems.ts";
import { memorySensor } from "#lib/collect/sensors/memory.ts";
import { networkSensor } from "#lib/collect/sensors/network.ts";
import { processSensor } from "#lib/collect/sensors/processes.ts";
import { selfSensor } from "#lib/collect/sensors/self.ts";
import { hasTemperatures, temperatureSensor } from "#lib/collect/sensors/temperature.ts";

/** Where the kernel's tables are read. */
export type KernelFolders = { proc: string; sys: string };

/** Everything that is read of the machine itself. What may hang is asked of the prober; a sensor gets `limitMs`, each file system half of it. */
export function hostSensors(
  limitMs: number,
  prober: Prober,
  { proc, sys }: KernelFolders = { proc: "/proc", sys: "/sys" },
  processes = new ProcessWatch(proc),
): Sensor[] {
  const probeMs = limitMs / 2;
  return [
    retried("cpu", () => cpuSensor(proc, sys)),
    retried("load", () => loadSensor()),
    retried("memory", () => memorySensor(proc, sys)),
    retried("filesystems", () => filesystemSensor(probeMs, prober, proc)),
    retried("disks", () => diskSensor(proc, sys)),
    retried("network", () => networkSensor(proc, sys)),
    retried("processes", () => processSensor(processes)),
    retried("temperature", () =>
      temperatureSensor(async () => (hasTemperatures(sys) ? prober.ask("temperatures", sys, probeMs) : [])),
    ),
    retried("certificates", () => certificateSensor(prober)),
    retried("self", () => selfSensor(() => prober.pid, proc)),
  ];
}
