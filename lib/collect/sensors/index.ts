import type { Sensor } from "#lib/collect/sensor.ts";
import { certificateSensor } from "#lib/collect/sensors/certificates.ts";
import { cpuSensor, loadSensor } from "#lib/collect/sensors/cpu.ts";
import { diskSensor } from "#lib/collect/sensors/disks.ts";
import { filesystemSensor } from "#lib/collect/sensors/filesystems.ts";
import { memorySensor } from "#lib/collect/sensors/memory.ts";
import { networkSensor } from "#lib/collect/sensors/network.ts";
import { processSensor } from "#lib/collect/sensors/processes.ts";
import { selfSensor } from "#lib/collect/sensors/self.ts";
import { temperatureSensor } from "#lib/collect/sensors/temperature.ts";

/** Everything that is read of the machine itself. */
export function hostSensors(limitMs: number): Sensor[] {
  return [
    cpuSensor(),
    loadSensor(),
    memorySensor(),
    filesystemSensor(limitMs / 2),
    diskSensor(),
    networkSensor(),
    processSensor(),
    temperatureSensor(),
    certificateSensor(),
    selfSensor(),
  ];
}
