import { createRequire } from "node:module";
import type * as si from "systeminformation";

const require = createRequire(import.meta.url);

/**
 * The parts of systeminformation that are used, each loaded at its first call: the package as a whole would cost the
 * collecting process some 8 MB. What it does by starting a shell at every call is read from /proc in the sensors.
 */
export const systemInformation = {
  mem: (): Promise<si.Systeminformation.MemData> => require("systeminformation/lib/memory.js").mem(),
  fsSize: (): Promise<si.Systeminformation.FsSizeData[]> => require("systeminformation/lib/filesystem.js").fsSize(),
  cpuTemperature: (): Promise<si.Systeminformation.CpuTemperatureData> =>
    require("systeminformation/lib/cpu.js").cpuTemperature(),
  cpu: (): Promise<si.Systeminformation.CpuData> => require("systeminformation/lib/cpu.js").cpu(),
  osInfo: (): Promise<si.Systeminformation.OsData> => require("systeminformation/lib/osinfo.js").osInfo(),
};
