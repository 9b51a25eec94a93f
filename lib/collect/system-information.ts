import { createRequire } from "node:module";
import type * as si from "systeminformation";

const require = createRequire(import.meta.url);

/**
 * The parts of systeminformation that are used, each loaded at its first call: what the machine is. What is collected is read from
 * the kernel's own tables in the sensors, since the package starts a shell at many calls.
 */
export const systemInformation = {
  cpu: (): Promise<si.Systeminformation.CpuData> => require("systeminformation/lib/cpu.js").cpu(),
  osInfo: (): Promise<si.Systeminformation.OsData> => require("systeminformation/lib/osinfo.js").osInfo(),
};
