import { execFile } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type AgentProgram, agentAt } from "#lib/collect/agent/self.ts";

const run = promisify(execFile);

const FOLDER = "/usr/local/lib/sightline-agent";
const UNIT = "/etc/systemd/system/sightline-agent.service";

const quote = (text: string): string => `"${text.replace(/["\\]/g, "\\$&").replaceAll("%", "%%")}"`;

/** The unit of the agent: root, but for what it does not need. The token is not in it: the agent is enrolled by then. */
export function serviceUnit(command: string[], environment: Record<string, string>, dataDir: string): string {
  const variables = Object.entries(environment).map(([name, value]) => `Environment=${quote(`${name}=${value}`)}\n`);
  return `[Unit]
Description=Sightline agent
Documentation=man:systemd.service(5)
Wants=network-online.target
After=network-online.target

[Service]
${variables.join("")}ExecStart=${command.map(quote).join(" ")}
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
  agent: AgentProgram,
  { dataDir, ca }: { dataDir: string; ca?: string | undefined },
): Promise<Installed> {
  const target = agentAt(join(FOLDER, agent.executable ? "sightline-agent" : "sightline-agent.mjs"), agent.executable);
  mkdirSync(FOLDER, { recursive: true });
  // Beside it and then in its place: one that runs cannot be written over.
  copyFileSync(agent.file, `${target.file}.new`);
  chmodSync(`${target.file}.new`, 0o755);
  renameSync(`${target.file}.new`, target.file);
  const command = target.command(["run", "--data", dataDir, ...(ca === undefined ? [] : ["--ca", ca])]);
  if (!existsSync("/run/systemd/system"))
    return { started: false, message: `There is no systemd here: have your init system run\n  ${command.join(" ")}` };
  writeFileSync(UNIT, serviceUnit(command, target.environment(), dataDir));
  await run("systemctl", ["daemon-reload"]);
  await run("systemctl", ["enable", "sightline-agent"]);
  await run("systemctl", ["restart", "sightline-agent"]);
  return { started: true, message: "The service sightline-agent runs: journalctl -u sightline-agent shows its log" };
}

/** Stops and removes the service and its program. What waits to be sent, and the credential, stay. */
export async function uninstallService(): Promise<string> {
  if (existsSync(UNIT)) {
    await run("systemctl", ["disable", "--now", "sightline-agent"]).catch(() => undefined);
    rmSync(UNIT, { force: true });
    await run("systemctl", ["daemon-reload"]).catch(() => undefined);
  }
  rmSync(FOLDER, { recursive: true, force: true });
  return "The service is removed. Retire the host on its page of the portal, and delete the data folder where it is of no more use";
}
