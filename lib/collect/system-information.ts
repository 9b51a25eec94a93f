import type * as si from "systeminformation";

type Part<Name extends "cpu" | "system" | "osInfo"> = { [K in Name]: (typeof si)[K] };

/**
 * The parts of systeminformation that are used, each loaded at its first call: what the machine is. What is collected is read from
 * the kernel's own tables in the sensors, since the package starts a shell at many calls.
 */
export const systemInformation = {
  cpu: async () => ((await import("systeminformation/lib/cpu.js")) as unknown as Part<"cpu">).cpu(),
  system: async () => ((await import("systeminformation/lib/system.js")) as unknown as Part<"system">).system(),
  osInfo: async () => ((await import("systeminformation/lib/osinfo.js")) as unknown as Part<"osInfo">).osInfo(),
};
