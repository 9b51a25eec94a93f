import { execFile } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Where the service keeps its program and its unit. */
export type ServicePaths = { program: string; unit: string };
const SERVICE_PATHS: ServicePaths = {
  program: "/usr/local/lib/sightline-agent/sightline-agent.mjs",
  unit: "/etc/systemd/system/sightline-agent.service",
};

/** Flags that keep the process small: the young generation is collected more often. */
export const LEAN_FLAGS = ["--max-semi-space-size=1", "--max-old-space-size=96"];

const quote = (text: string): string => `"${text.replace(/["\\]/g, "\\$&").replaceAll("%", "%%")}"`;

/** The unit of the agent: root, but for what it does not need. The token is not in it: the agent is enrolled by then. */
export function serviceUnit(command: string[], dataDir: string): string {
  return `[Unit]
Description=Sightline agent
Documentation=man:systemd.service(5)
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=${command.map(quote).join(" ")}
Restart=always
RestartSec=5
UMask=0077
Nice=5
MemoryHigh=160M
TasksMax=64
NoNewPrivileges=yes
CapabilityBoundingSet=CAP_DAC_READ_SEARCH CAP_SYS_PTRACE CAP_NET_RAW
ProtectSystem=strict
ReadWritePaths=${quote(dataDir)}
ProtectHome=read-only
ProtectKernelTunables=yes
ProtectKernelModules=yes
RestrictSUIDSGID=yes
LockPersonality=yes

[Install]
WantedBy=multi-user.target
`;
}

type Installed = { started: boolean; message: string };

/** Copies the program to where it stays, and has systemd run it from now on. @throws what the file system or systemd says */
export async function installService(
  program: string,
  { dataDir, ca, paths = SERVICE_PATHS }: { dataDir: string; ca?: string | undefined; paths?: ServicePaths },
): Promise<Installed> {
  mkdirSync(dirname(paths.program), { recursive: true });
  if (program !== paths.program) copyFileSync(program, paths.program);
  chmodSync(paths.program, 0o755);
  const trust = ca === undefined ? [] : ["--ca", ca];
  const command = [process.execPath, ...LEAN_FLAGS, paths.program, "run", "--data", dataDir, ...trust];
  if (!existsSync("/run/systemd/system"))
    return { started: false, message: `There is no systemd here: have your init system run\n  ${command.join(" ")}` };
  writeFileSync(paths.unit, serviceUnit(command, dataDir));
  await run("systemctl", ["daemon-reload"]);
  await run("systemctl", ["enable", "--now", "sightline-agent"]);
  await run("systemctl", ["restart", "sightline-agent"]);
  return { started: true, message: "The service sightline-agent runs: journalctl -u sightline-agent shows its log" };
}

/** Stops and removes the service and its program. What waits to be sent, and the credential, stay. */
export async function uninstallService(paths: ServicePaths = SERVICE_PATHS): Promise<string> {
  if (existsSync(paths.unit)) {
    await run("systemctl", ["disable", "--now", "sightline-agent"]).catch(() => undefined);
    rmSync(paths.unit, { force: true });
    await run("systemctl", ["daemon-reload"]).catch(() => undefined);
  }
  rmSync(dirname(paths.program), { recursive: true, force: true });
  return "The service is removed. Retire the host on its page of the portal, and delete the data folder where it is of no more use";
}
